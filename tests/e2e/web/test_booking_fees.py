"""The money of bookings on the screen: prices in the rules, a fee that is kept, its entry, a refund."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.async_api import expect

from tests.e2e.api.charger import eventually
from tests.e2e.running import Api
from tests.e2e.web.browsing import BrowserTab

TARIFF = {"strategy": "perKwh", "price": "0.50"}


def _mark() -> str:
    return f"FEE-{secrets.token_hex(4).upper()}"


def _bookable(api: Api, box: str, **rules: Any) -> str:
    """A location with a charger whose plugs can be booked."""
    location = api.location(TARIFF, name=f"Yard {box}")
    api.charger(location, box)
    api.client.put(f"/locations/{location}/booking", json={"enabled": True, **rules}).raise_for_status()
    return location


async def _looks_well(tab: BrowserTab) -> None:
    assert await tab.too_wide() <= 0
    assert await tab.violations() == []


async def test_an_operator_sets_prices_and_the_mistakes_are_said_at_once(tab: BrowserTab) -> None:
    tab.expects("422")
    api, box = tab.system.api(), _mark()
    location = _bookable(api, box)
    page = await tab.go(f"/locations/{location}/booking")
    await page.get_by_label("Fee of a slot booked on its own day").fill("two")
    await page.get_by_label("Own price", exact=True).fill("0.40")
    await page.get_by_role("button", name="Save").click()
    assert await tab.wrong_fields()
    await page.get_by_label("Fee of a slot booked on its own day").fill("2,50")
    await page.get_by_label("Fee of a slot booked for a later day").fill("1")
    await page.get_by_label("Price of booked sessions").select_option(label="Own price per kWh")
    await page.get_by_label("Own prices by time of day").fill("22:00-06:00 0.25")
    await page.get_by_label("Free energy of a booking in kWh").fill("5,5")
    await page.get_by_label("Blocking fee", exact=True).fill("3")
    await page.get_by_label("Grace in minutes").fill("10")
    await _looks_well(tab)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Rules for bookings saved.")).to_be_visible()
    rules = api.get(f"/locations/{location}/booking")
    assert rules["fee"] == {"sameDay": "2.50", "future": "1"}
    assert rules["pricing"]["windows"] == [{"from": "22:00", "to": "06:00", "price": "0.25"}]
    assert (rules["freeKwh"], rules["graceMinutes"]) == ("5.5", 10)
    assert (rules["blockingFee"]["amount"], rules["blockingFee"]["intervalMinutes"]) == ("3", 15)


async def test_a_fee_that_is_kept_is_in_finance_and_can_be_refunded(tab: BrowserTab) -> None:
    api, box = tab.system.api(), _mark()
    location = _bookable(api, box, fee={"sameDay": "2.50", "future": "2.50"})
    token = _mark()
    api.token(token)
    # By each clock it is far enough away to book a plug that is not connected.
    day = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    slots = api.get(f"/locations/{location}/slots", date=day)["items"]
    assert {slot["fee"]["amount"] for slot in slots} == {"2.50"}
    page = await tab.go(f"/bookings/new?location={location}&date={day}")
    await expect(page.locator(".slot-choice")).to_contain_text("€2.50")
    wanted = {
        "locationId": location,
        "start": slots[0]["start"],
        "token": token,
        "chargeBoxId": box,
        "plug": 1,
    }
    booking = api.post("/bookings", wanted)["id"]
    page = await tab.go(f"/bookings/{booking}")
    await expect(page.locator("#fee")).to_contain_text("€2.50 owed when the booking is over")
    await page.get_by_role("link", name="Cancel booking").click()
    await page.get_by_label("Keep the fee of €2.50").check()
    await _looks_well(tab)
    await page.get_by_role("button", name="Cancel booking").click()
    await expect(page.get_by_text("Booking cancelled.")).to_be_visible()
    await expect(page.locator("#story")).to_contain_text("The booking fee of €2.50 is owed.")
    # A job issues the receipt by itself.
    eventually(lambda: "R-" in api.client.get(f"/bookings/{booking}/receipt").headers["content-disposition"])

    page = await tab.go(f"/finance?location={location}")
    row = page.locator("#list tbody tr")
    await expect(row).to_have_count(1)
    await expect(row).to_contain_text("Booking fee")
    await _looks_well(tab)
    await row.get_by_role("link", name="Booking").click()
    await page.get_by_role("link", name="Refund the fee").click()
    await page.get_by_label("Amount in EUR").fill("1.00")
    await page.get_by_label("Reason").fill("Goodwill")
    await _looks_well(tab)
    await page.get_by_role("button", name="Refund").click()
    await expect(page.get_by_text("Booking fee refunded: credit note")).to_be_visible()
    await expect(page.locator("#fee")).to_contain_text("given back €1.00")
    await _looks_well(tab)
    async with page.expect_download() as download:
        await page.locator("#facts").get_by_role("link", name="Credit note").click()
    assert (await download.value).suggested_filename.startswith("credit-note-")
    page = await tab.go(f"/finance?location={location}")
    await expect(page.locator("#list tbody tr")).to_have_count(2)
