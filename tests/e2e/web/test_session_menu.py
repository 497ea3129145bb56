"""The menu of a session's row: all that it offers works, for the owner and for a support person."""

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.async_api import Locator, Page, expect
from pypdf import PdfReader

from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.cars import Car, known, plugged
from tests.e2e.web.conftest import OpenWindow
from tests.e2e.web.people import invited, joined
from tests.eventually import until

OF_A_RUNNING_ONE = ["View details", "Download log", "Copy link", "Stop…"]
OF_A_FINISHED_ONE = ["View details", "Download log", "Download receipt", "Copy link"]
# The owner has the right to refund as well.
OF_A_FINISHED_ONE_FOR_THE_OWNER = [*OF_A_FINISHED_ONE[:3], "Refund…", "Copy link"]


def _site(tab: BrowserTab, name: str) -> tuple[str, str]:
    """A location and its charger, whose id is a token as well."""
    api, box = tab.system.api(), f"{name}-{secrets.token_hex(3).upper()}"
    location = api.location({"strategy": "perKwh", "price": "0.50"}, name=f"Yard {box}")
    api.charger(location, box)
    api.token(box)
    return location, box


async def _finished_and_running(tab: BrowserTab, car: Car, token: str) -> tuple[int, int]:
    start = datetime.now(UTC) - timedelta(hours=1)
    await car.boot()
    finished = await car.begin(token, start)
    await car.end(finished, 3000, start + timedelta(minutes=20))
    await car.status("Available", start + timedelta(minutes=21))
    running = await car.begin(token)
    await known(tab.system, running)
    return finished, running


async def _menu(page: Page, session: int) -> Locator:
    """The open menu of a session's row."""
    row = page.locator(f"#session-{session}")
    await row.get_by_label(f"Actions of session {session}").click()
    return row.locator(".menu-body")


async def _file(page: Page, menu: Locator, name: str) -> Path:
    async with page.expect_download() as coming:
        await menu.get_by_text(name, exact=True).click()
    return await (await coming.value).path()


async def test_every_entry_works_for_the_owner_and_at_their_locations_for_a_support_person(
    tab: BrowserTab, window: OpenWindow
) -> None:
    (hers, box), (_, other_box) = _site(tab, "MENU"), _site(tab, "ELSE")
    nina = await window()
    page = await joined(nina, await invited(tab, hers, f"{box.lower()}@cpo.example"))
    async with plugged(tab.system, box) as car, plugged(tab.system, other_box) as other:
        finished, running = await _finished_and_running(tab, car, box)
        elsewhere, _ = await _finished_and_running(tab, other, other_box)
        for each, offered in ((tab, OF_A_FINISHED_ONE_FOR_THE_OWNER), (nina, OF_A_FINISHED_ONE)):
            await _finished_one_s(each, finished, box, offered)
            menu = await _menu(await each.go("/sessions"), running)
            assert await menu.locator(".menu-item").all_inner_texts() == OF_A_RUNNING_ONE
            log = await _file(each.page, menu, "Download log")
            assert "StartTransaction" in log.read_text()
        await nina.go("/sessions")
        await expect(page.locator(f"#session-{elsewhere}")).to_have_count(0)
        for path in ("", "/stop", "/receipt"):
            answer = await page.request.get(f"{tab.system.base_url}/sessions/{elsewhere}{path}")
            assert answer.status == 404, path
        answer = await page.request.get(f"{tab.system.base_url}/api/v1/sessions/{elsewhere}/log")
        assert answer.status == 404

        await (await _menu(page, running)).get_by_text("Stop…").click()
        await page.get_by_role("button", name=f"Stop session {running}").click()
        await expect(page.get_by_role("heading", name=f"Session {running}")).to_be_visible()
        await until(lambda: car.resets == [str(running)], 30)


async def _finished_one_s(tab: BrowserTab, session: int, box: str, offered: list[str]) -> None:
    """The menu of a finished session: its page, log and receipt."""
    page = await tab.go("/sessions")
    menu = await _menu(page, session)
    assert await menu.locator(".menu-item").all_inner_texts() == offered
    log = (await _file(page, menu, "Download log")).read_text()
    assert "StartTransaction" in log
    assert "StopTransaction" in log
    menu = await _menu(await tab.go("/sessions"), session)
    receipt = PdfReader(await _file(page, menu, "Download receipt"))
    assert box in receipt.pages[0].extract_text()
    menu = await _menu(await tab.go("/sessions"), session)
    await menu.get_by_text("View details").click()
    await expect(page.get_by_role("heading", name=f"Session {session}")).to_be_visible()
