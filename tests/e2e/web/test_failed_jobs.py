"""Failed jobs on a page: seen on a phone, retried, dismissed; those of the installation are shown only."""

import secrets

from playwright.async_api import expect

from tests.e2e.running import RunningSystem
from tests.e2e.web.conftest import OpenWindow
from tests.e2e.web.test_every_page import _barriers

PAGE = "/settings/failed-jobs"


async def test_a_job_is_retried_and_another_dismissed(window: OpenWindow, system: RunningSystem) -> None:
    mark = secrets.token_hex(4)
    system.sql(
        "INSERT INTO failed_jobs (job, subject, company, attempts, first_failed_at, last_failed_at, error)"
        " SELECT 'background', name || %s, company, 9, now(), now(), 'ValueError: ' || %s"
        " FROM (VALUES ('again-', 242), ('never-', 242), ('system-', 0)) AS t (name, company)",
        mark,
        "no number " * 20,
    )
    system.sql("INSERT INTO ocpp_frames_lost VALUES (current_date, 242, %s, 'budget', 5, 500)", f"242/{mark}")
    visitor = await window(viewport={"width": 360, "height": 800})
    page = await visitor.sign_in()
    assert await _barriers(visitor, [PAGE]) == {}
    assert await visitor.too_wide() <= 0
    await expect(page.get_by_text("Given up").first).to_be_visible()
    await expect(page.get_by_role("cell", name=mark, exact=True)).to_be_visible()
    await expect(page.get_by_role("button", name=f"Retry system-{mark}")).to_have_count(0)
    log = system.api().get("/message-log")
    assert log["bytes"] > 0
    assert f"those of that day are dropped on {log['dropsOn']} (UTC)" in await page.inner_text("main")
    await expect(page.get_by_text("The log of all companies takes")).to_be_visible()
    await page.get_by_role("button", name=f"Dismiss never-{mark}").click()
    await expect(page.get_by_text("The job is dismissed and not tried again.")).to_be_visible()
    await expect(page.get_by_text(f"never-{mark}")).to_have_count(0)
    await page.get_by_role("button", name=f"Retry again-{mark}").click()
    await expect(page.get_by_text("The job is tried again now.")).to_be_visible()
    system.sql("DELETE FROM failed_jobs WHERE subject LIKE %s", f"%{mark}")
