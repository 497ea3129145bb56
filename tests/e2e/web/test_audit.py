"""The pages of an auditor: events with every filter, both ways and as files."""

import csv
import io
import re
import secrets
from typing import Any

import msgspec
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.cars import Car, known, plugged
from tests.e2e.web.conftest import OpenWindow


def _box() -> str:
    return f"AUD-{secrets.token_hex(3).upper()}"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def charged(open_window: OpenWindow) -> tuple[BrowserTab, str, int]:
    """A tab of the owner, and a charger with a whole session."""
    box, tab = _box(), await open_window()
    await tab.sign_in()
    api = tab.system.api()
    api.charger(api.location({"strategy": "perKwh", "price": "0.50"}, name=f"Yard {box}"), box)
    api.token(f"A{box[4:]}")
    async with plugged(tab.system, box) as car:
        number = await _session(tab, car, f"A{box[4:]}")
    return tab, box, number


async def _session(tab: BrowserTab, car: Car, token: str) -> int:
    await car.boot()
    number = await car.begin(token)
    await car.end(number, 3000)
    await car.status("Available")
    await known(tab.system, number)
    return number


async def _types(page: Page) -> list[str | None]:
    return [await each.get_attribute("data-event") for each in await page.locator(".events > li").all()]


def _all(tab: BrowserTab, **wanted: object) -> list[dict[str, Any]]:
    """Every event of the API's list, through all of its pages."""
    found: list[dict[str, Any]] = []
    while True:
        page = tab.system.api().get("/events", limit=200, **wanted)
        found += page["items"]
        if "cursor" not in page:
            return found
        wanted["cursor"] = page["cursor"]


async def test_events_are_filtered_read_both_ways_and_opened(
    charged: tuple[BrowserTab, str, int],
) -> None:
    tab, box, number = charged
    page = await tab.go("/audit/events")
    await page.get_by_label("Session number").fill(str(number))
    await page.get_by_role("button", name="Show", exact=True).click()
    await page.wait_for_url(re.compile(f"session={number}"))
    events = _all(tab, session=number)
    assert await _types(page) == [each["type"] for each in reversed(events)]

    await page.locator(".events > li", has_text="session-started").locator("summary").first.click()
    opened = page.locator(".events > li", has_text="session-started")
    await expect(opened).to_contain_text(f"charger {box}")
    await expect(opened).to_contain_text(f"session:{number}")
    await expect(opened.get_by_role("link", name="Open")).to_have_attribute("href", f"/sessions/{number}")
    started = next(each for each in events if each["type"] == "session-started")
    await expect(opened).to_contain_text(started["frame"])
    await opened.get_by_text("As JSON").click()
    assert msgspec.json.decode(await opened.locator("pre").inner_text()) == started

    everything = _all(tab, charger=box)
    assert {each["stream"].partition(":")[0] for each in everything} >= {"charge-point", "session"}
    await tab.go(f"/audit/events?charger={box}&type=session-started&by=charger%3A{box}")
    assert await _types(page) == ["session-started"]

    newest = [each["type"] for each in reversed(_all(tab))]
    await tab.go("/audit/events")
    assert await _types(page) == newest[:50]
    middle = everything[len(everything) // 2]["position"]
    await tab.go(f"/audit/events?charger={box}&before={middle}")
    assert await _types(page) == [e["type"] for e in reversed(everything) if e["position"] < middle][:50]
    await page.get_by_role("link", name="Later events").click()
    await page.wait_for_url(re.compile("after="))
    assert await _types(page) == [e["type"] for e in reversed(everything) if e["position"] >= middle][-50:]
    await page.get_by_role("link", name="Earlier events").click()
    await page.wait_for_url(re.compile("before="))
    assert await _types(page) == [e["type"] for e in reversed(everything) if e["position"] < middle][:50]


async def test_the_files_hold_the_events_of_the_filter(charged: tuple[BrowserTab, str, int]) -> None:
    tab, box, _ = charged
    events = _all(tab, charger=box)
    page = await tab.go(f"/audit/events?charger={box}")
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="Download as JSON lines").click()
    text = (await (await coming.value).path()).read_text("utf-8")
    assert [msgspec.json.decode(line) for line in text.splitlines()] == events
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="Download as CSV").click()
    text = (await (await coming.value).path()).read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [int(row["position"]) for row in rows] == [each["position"] for each in events]
    assert [msgspec.json.decode(row["data"]) for row in rows] == [each["data"] for each in events]


async def test_no_digest_of_a_secret_is_shown(charged: tuple[BrowserTab, str, int]) -> None:
    tab, *_ = charged
    issued = _all(tab, type="api-key-issued")
    assert issued
    assert all("digest" not in each["data"] for each in issued)
    page = await tab.go("/audit/events?type=api-key-issued")
    await expect(page.locator(".events")).to_contain_text("api-key-issued")
    await expect(page.locator(".events")).not_to_contain_text("digest")
