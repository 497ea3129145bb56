"""Failed jobs on a page: seen on a phone, retried, dismissed; those of the installation are shown only."""

import secrets
from datetime import UTC, datetime, timedelta

from playwright.async_api import expect

from tests.e2e.running import RunningSystem
from tests.e2e.web.conftest import OpenWindow

PAGE = "/settings/failed-jobs"


async def test_a_job_is_retried_and_another_dismissed(window: OpenWindow, system: RunningSystem) -> None:
    mark = secrets.token_hex(4)
    system.sql(
        "INSERT INTO failed_jobs (job, subject, company, attempts, first_failed_at, last_failed_at, error)"
        " SELECT 'background', name || %s, company, 9, now(), now(), 'ValueError: ' || %s"
        " FROM (VALUES ('again-', %s), ('never-', %s), ('system-', 0)) AS t (name, company)",
        mark,
        "no number " * 20,
        system.company,
        system.company,
    )
    charger = f"{system.company}/{mark}"
    lost = "INSERT INTO ocpp_frames_lost VALUES (current_date, %s, %s, 'budget', 5, 500)"
    system.sql(lost, system.company, charger)
    tab = await window(viewport={"width": 360, "height": 800})
    page = await tab.sign_in()
    await tab.go(PAGE)
    assert await tab.violations() == []
    assert await tab.too_wide() <= 0
    await expect(page.get_by_text("Given up").first).to_be_visible()
    await expect(page.get_by_role("cell", name=mark, exact=True)).to_be_visible()
    await expect(page.get_by_role("button", name=f"Retry system-{mark}")).to_have_count(0)
    await page.get_by_role("button", name=f"Dismiss never-{mark}").click()
    await expect(page.get_by_text("The job is dismissed and not tried again.")).to_be_visible()
    await expect(page.get_by_text(f"never-{mark}")).to_have_count(0)
    await page.get_by_role("button", name=f"Retry again-{mark}").click()
    await expect(page.get_by_text("The job is tried again now.")).to_be_visible()
    system.sql("DELETE FROM failed_jobs WHERE subject LIKE %s", f"%{mark}")


async def test_the_size_of_the_message_log_and_its_next_cut_are_shown(
    window: OpenWindow, system: RunningSystem
) -> None:
    day = datetime.now(UTC).date() - timedelta(days=60)
    name, until = f"ocpp_frames_{day:%Y%m%d}", day + timedelta(days=1)
    system.sql(f"CREATE TABLE {name} PARTITION OF ocpp_frames FOR VALUES FROM ('{day} Z') TO ('{until} Z')")
    drops_on = day + timedelta(days=91)
    log = system.api().get("/message-log")
    page = await (await window()).sign_in()
    await page.goto(f"{system.base_url}{PAGE}")
    system.sql(f"DROP TABLE {name}")
    assert (log["since"], log["dropsOn"]) == (str(day), str(drops_on))
    assert log["bytes"] > 0
    await expect(page.get_by_text(f"those of that day are dropped on {drops_on} (UTC)")).to_be_visible()
    await expect(page.get_by_text("The log of all companies takes")).to_be_visible()
