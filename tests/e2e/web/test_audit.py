"""The pages of an auditor: events with every filter, both ways and as files."""

import asyncio
import csv
import io
import re
import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.cars import Car, known, plugged
from tests.e2e.web.conftest import OpenWindow
from tests.eventually import until


def _box() -> str:
    return f"AUD-{secrets.token_hex(3).upper()}"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def charged(open_window: OpenWindow) -> tuple[BrowserTab, str, int]:
    """A tab of the owner, and a charger with a whole session, whose receipt is its last event."""
    box, tab = _box(), await open_window()
    await tab.sign_in()
    api = tab.system.api()
    api.charger(api.location({"strategy": "perKwh", "price": "0.50"}, name=f"Yard {box}"), box)
    api.token(f"A{box[4:]}")
    async with plugged(tab.system, box) as car:
        number = await _session(tab, car, f"A{box[4:]}")
    await until(lambda: "receiptNumber" in tab.system.api().get(f"/sessions/{number}"), 60)
    return tab, box, number


async def _session(tab: BrowserTab, car: Car, token: str) -> int:
    start = datetime.now(UTC) - timedelta(hours=1)
    await car.boot()
    number = await car.begin(token, start)
    await car.end(number, 3000, start + timedelta(minutes=20))
    await car.status("Available")
    await known(tab.system, number)
    return number


async def _types(page: Page) -> list[str | None]:
    return [await each.get_attribute("data-event") for each in await page.locator(".events > li").all()]


def _all(tab: BrowserTab, **wanted: object) -> list[dict[str, Any]]:
    """Every event of the API's list."""
    return tab.system.api().every("/events", **wanted)


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


async def test_what_happens_to_a_command_says_which_command_of_which_charger(
    charged: tuple[BrowserTab, str, int],
) -> None:
    tab, box, _ = charged
    async with plugged(tab.system, box) as car:
        await car.boot()
        body = {"type": "reset", "kind": "hard"}
        asked = await asyncio.to_thread(tab.system.api().post, f"/chargers/{box}/commands", body, 202)
        await until(lambda: bool(_all(tab, type="command-answered", stream=f"command:{asked['id']}")), 30)
    page = await tab.go(f"/audit/events?stream=command%3A{asked['id']}")
    said = await page.locator(".event-what").all_inner_texts()
    command = f"Charger {box}: Reset (hard)"
    assert said == [
        f"{command} accepted. command-answered",
        f"{command} sent. command-sent",
        f"{command} requested. command-requested",
    ]
    await page.locator(".events summary").first.click()
    await expect(page.locator(".events").get_by_role("link", name="Open")).to_have_attribute(
        "href", f"/chargers/{box}"
    )


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


async def test_a_line_of_a_bill_is_proved_down_to_the_frame_and_its_seal(
    charged: tuple[BrowserTab, str, int],
) -> None:
    tab, _, number = charged
    last = _all(tab, session=number)[-1]["position"]
    await until(lambda: tab.system.api().get("/history")["head"]["position"] >= last, 60)
    (line,) = tab.system.api().get(f"/sessions/{number}/proof")["items"]
    assert line["line"]["gross"] == tab.system.api().get(f"/sessions/{number}")["lines"][0]["gross"]
    assert all(each["seal"]["unchanged"] for each in line["events"])
    for each in line["events"]:
        digest = each["event"].get("frame", "")
        assert not digest or sha256(each["frame"]["text"].encode()).hexdigest() == digest

    page = await tab.go(f"/sessions/{number}")
    await page.get_by_role("link", name="Prove").click()
    await expect(page.get_by_role("heading", name=f"Proof of session {number}")).to_be_visible()
    assert await _types(page) == [each["event"]["type"] for each in line["events"]]
    ended = page.locator(".events > li", has_text="charging-ended")
    await ended.locator("summary").click()
    await expect(ended).to_contain_text("StopTransaction")
    await expect(ended).to_contain_text("unchanged")


async def test_a_head_noted_earlier_is_confirmed_or_not(charged: tuple[BrowserTab, str, int]) -> None:
    tab, *_ = charged
    await until(lambda: "head" in tab.system.api().get("/history"), 60)
    head = tab.system.api().get("/history")["head"]
    assert tab.system.api().get("/history", expect=head["digest"])["expected"] == head
    assert "expected" not in tab.system.api().get("/history", expect="0" * 16)
    page = await tab.go("/audit/proof")
    await page.get_by_label("A digest noted earlier").fill(head["digest"][:20].upper())
    await page.get_by_role("button", name="Check").click()
    await expect(page.locator("#expected")).to_contain_text("Confirmed")
    await page.get_by_label("A digest noted earlier").fill("0" * 64)
    await page.get_by_role("button", name="Check").click()
    await expect(page.locator("#expected")).to_contain_text("Not confirmed")
    await expect(page.get_by_role("heading", name="Verifications")).to_be_visible()


async def test_a_draft_tariff_is_applied_to_past_sessions_and_changes_none(
    charged: tuple[BrowserTab, str, int],
) -> None:
    tab, _, number = charged
    before = tab.system.api().get(f"/sessions/{number}")
    page = await tab.go("/audit/what-if")
    await page.get_by_label("Price, VAT included").fill("1.00")
    await page.get_by_role("button", name="Calculate").click()
    # 2 kWh at 0.50, and at 1.00.
    total = page.get_by_role("region", name="Total")
    await expect(total).to_contain_text("€1.00")
    await expect(total).to_contain_text("+€1.00")
    await expect(page.get_by_role("region", name="By location")).to_contain_text("Yard AUD-")
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="Download as CSV").click()
    text = (await (await coming.value).path()).read_text("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert (row["session"], row["did cost"], row["would cost"]) == (str(number), "1.00", "2.00")
    assert row["difference"] == "1.00"

    await page.get_by_label("Price, VAT included").fill("a lot")
    await page.get_by_role("button", name="Calculate").click()
    await expect(page.get_by_role("alert")).to_contain_text("Enter a number, for example 0.50.")
    assert tab.system.api().get(f"/sessions/{number}") == before


async def test_every_bill_comes_out_the_same_again(charged: tuple[BrowserTab, str, int]) -> None:
    tab, *_ = charged
    page = await tab.go("/audit/re-rating")
    await expect(page.get_by_text("Every bill is the same")).to_be_visible()
    await expect(page.get_by_text("1 session rated again.")).to_be_visible()
