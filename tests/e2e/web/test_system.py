"""The page System: the whole installation in plain words, for everybody, renewed by itself."""

import secrets
from datetime import datetime
from typing import Any

import pytest
from playwright.async_api import expect

from eosvolt import __version__
from tests.e2e.running import RunningSystem
from tests.e2e.test_system import reported
from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.conftest import OpenWindow

PAGE = "/settings/system"


def job(found: dict[str, Any], name: str) -> dict[str, Any]:
    """The job of this name as the API tells it; empty where no process has reported it yet."""
    return next((each for each in found["jobs"] if each["job"] == name), {})


def shown(instant: str) -> str:
    """An instant of the API as a page writes it."""
    return datetime.fromisoformat(instant).isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def test_the_page_is_found_and_tells_what_runs(tab: BrowserTab, system: RunningSystem) -> None:
    tidied = job(reported(system, lambda found: "lastRunAt" in job(found, "tidy sign-ins")), "tidy sign-ins")
    page = await tab.go("/settings")
    await page.get_by_role("link", name="System status", exact=True).click()
    await expect(page.get_by_role("heading", name="System", exact=True)).to_be_visible()
    await expect(page.get_by_text(f"EOSVOLT {__version__}")).to_be_visible()
    jobs = page.get_by_role("group", name="Jobs")
    await expect(jobs.get_by_role("row").filter(has_text="deadlines").first).to_contain_text("all the time")
    last_run = jobs.get_by_role("row").filter(has_text="tidy sign-ins").locator("td").nth(2).locator("time")
    await expect(last_run).to_have_attribute("datetime", shown(tidied["lastRunAt"]))
    behind = page.get_by_role("group", name="Behind the history")
    await expect(behind.get_by_role("row").filter(has_text="seals of the history")).to_be_visible()
    await expect(page.get_by_text("None recorded. Let the script")).to_be_visible()
    await expect(page.get_by_text("This process has no certificate of its own.")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_the_page_is_accessible_on_a_phone(
    window: OpenWindow, system: RunningSystem, theme: str
) -> None:
    mark = secrets.token_hex(4)
    system.sql(
        "INSERT INTO running_jobs SELECT 'worker-' || %s, job, now() - age, now(), 5, now(), now(), 3, NULL"
        " FROM (VALUES ('silent', interval '1 minute'), ('failing', interval '0')) AS t (job, age)",
        mark,
    )
    tab = await window(color_scheme=theme, viewport={"width": 390, "height": 844})
    page = await tab.sign_in()
    await tab.go(PAGE)
    assert await tab.violations() == []
    assert await tab.too_wide() <= 0
    await expect(page.locator(f"#job-worker-{mark}-silent")).to_contain_text("no report")
    await expect(page.locator(f"#job-worker-{mark}-failing")).to_contain_text("failing, tried again")
    system.sql("DELETE FROM running_jobs WHERE process = %s", f"worker-{mark}")


async def test_given_up_jobs_are_counted_without_a_reload_and_lead_to_their_list(
    tab: BrowserTab, system: RunningSystem
) -> None:
    page = await tab.go(PAGE)
    mark = secrets.token_hex(4)
    system.sql(
        "INSERT INTO failed_jobs (job, subject, company, attempts, first_failed_at, last_failed_at, error)"
        " VALUES ('background', %s, %s, 9, now(), now(), 'ValueError')",
        mark,
        system.company,
    )
    link = page.locator("#figures").get_by_role("link", name="given up")
    await expect(link).to_contain_text("1 given up", timeout=45_000)
    await link.click()
    await expect(page.get_by_text(mark)).to_be_visible()
    system.sql("DELETE FROM failed_jobs WHERE subject = %s", mark)
