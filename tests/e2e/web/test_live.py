"""What changes in the world changes on the screen, at once and without disturbing anybody."""

import asyncio
import json
import re
import secrets
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from playwright.async_api import Browser, Locator, expect

from tests.e2e.running import OWNER_PASSWORD, RunningSystem
from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.cars import plugged


def _charger(tab: BrowserTab) -> str:
    box = f"LIVE-{secrets.token_hex(3).upper()}"
    api = tab.system.api()
    api.charger(api.location({"strategy": "perKwh", "price": "0.50"}, name=f"Yard {box}"), box, plugs=1)
    return box


def _cell(tab: BrowserTab, box: str) -> Locator:
    return tab.page.locator(f"[id='plug-{tab.system.company}%2F{box}%2F1']")


async def test_a_plug_changes_on_the_dashboard_without_a_reload(tab: BrowserTab) -> None:
    box = _charger(tab)
    page = await tab.go("/")
    await tab.live()
    tile = _cell(tab, box)
    await expect(tile).to_have_attribute("data-state", "Offline")
    await page.evaluate("window.sameDocument = true")
    async with plugged(tab.system, box) as car:
        await car.boot()
        await car.status("Available")
        await expect(tile).to_have_attribute("data-state", "Available")
        await car.status("Charging")
        await expect(tile).to_have_attribute("data-state", "Charging")
    await expect(tile).to_have_attribute("data-state", "Offline")
    assert await page.evaluate("window.sameDocument") is True


async def test_a_menu_and_the_focus_stay_while_rows_are_renewed(tab: BrowserTab) -> None:
    box = _charger(tab)
    token = f"L{box[5:]}"
    tab.system.api().token(token)
    async with plugged(tab.system, box) as car:
        await car.boot()
        start = datetime.now(UTC) - timedelta(minutes=30)
        await car.status("Charging", start)
        number = await car.begin(token, start)
        page = await tab.go("/sessions")
        await tab.live()
        row = page.locator(f"#session-{number}")
        menu = row.locator("details.menu")
        await row.get_by_label(f"Actions of session {number}").click()
        await expect(menu).to_have_attribute("open", "")
        await car.meter(number, 4000)
        await expect(row).to_contain_text("3.00")
        await expect(menu).to_have_attribute("open", "")
        focused = await page.evaluate("document.activeElement.tagName")
        assert focused == "SUMMARY"


async def test_a_page_asks_for_its_parts_again_only_when_something_happened(tab: BrowserTab) -> None:
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.headers.get("x-part", "")))
    page = await tab.go("/locations")
    await tab.live()
    await page.evaluate("new Promise((done) => setTimeout(done, 500))")
    assert [part for part in asked if part] == []
    name = f"Yard {secrets.token_hex(3)}"
    tab.system.api().location({"strategy": "perKwh", "price": "0.50"}, name=name)
    await expect(page.get_by_text(name)).to_be_visible()
    assert [part for part in asked if part] != []


@pytest.mark.parametrize(
    ("after", "topics"),
    [("{position}", ["location:{location}", "locations"]), ("", ["*"]), ("999999999", ["*"])],
    ids=["position of the page", "no position", "position that is not there yet"],
)
def test_a_stream_begins_with_what_its_page_does_not_show(
    system: RunningSystem, after: str, topics: list[str]
) -> None:
    api = system.api()
    with httpx2.Client(base_url=system.base_url, headers={"Origin": system.base_url}) as browser:
        browser.post("/sign-in", data={"email": system.owner(), "password": OWNER_PASSWORD})
        found = re.search(r'data-after="(\d+)"', browser.get("/locations").text)
        assert found is not None
        location = api.location({"strategy": "perKwh", "price": "0.50"}, name="Yard beside the page")
        with browser.stream("GET", "/live", params={"after": after.format(position=found[1])}) as stream:
            lines = stream.iter_lines()
            assert next(line for line in lines if line.startswith("event:")) == "event: hello"
            assert next(line for line in lines if line.startswith("event:")) == "event: changed"
            changed = json.loads(next(line for line in lines if line.startswith("data:"))[5:])
    assert changed == [topic.format(location=location) for topic in topics]


async def test_the_badge_says_when_the_connection_is_lost_and_found_again(
    browser: Browser, own_system: RunningSystem
) -> None:
    own_system.start()
    own_system.create_company(own_system.company, "Volt Harbour")
    context = await browser.new_context()
    tab = BrowserTab(own_system, context, await context.new_page())
    await tab.sign_in()
    page = await tab.go("/")
    await tab.live()
    badge = page.locator("[data-live-badge]")
    own_system.kill()
    await expect(badge).to_have_attribute("data-live-state", "reconnecting")
    await expect(badge).to_have_text("Reconnecting")
    own_system.start()
    await tab.live()
    await context.close()


async def test_a_page_as_of_an_instant_shows_what_was_known_then_and_stands_still(tab: BrowserTab) -> None:
    box = _charger(tab)
    async with plugged(tab.system, box) as car:
        await car.boot()
        await car.status("Available")
        await asyncio.sleep(1.2)
        then = str(
            tab.system.sql("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")[0][0]
        )
        await asyncio.sleep(1.2)
        await car.status("Charging")
        page = await tab.go("/")
        tile = _cell(tab, box)
        await expect(tile).to_have_attribute("data-state", "Charging")
        await tab.go(f"/?asOf={then}")
        await expect(page.get_by_role("note")).to_contain_text("Viewed as of")
        await expect(tile).to_have_attribute("data-state", "Available")
        await page.get_by_role("link", name="Back to now").click()
        await expect(tile).to_have_attribute("data-state", "Charging")
