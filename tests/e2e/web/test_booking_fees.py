"""The money of bookings on the screen: prices in the rules, a fee that is kept, its entry, a refund."""

from datetime import UTC, datetime, timedelta

from playwright.async_api import expect

from tests.e2e.api.charger import eventually
from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.test_bookings import _book, _bookable, _looks_well, _mark, _slots


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
    await page.get_by_label("Price of booked sessions").select_option(label="own price per kWh")
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
    slot = _slots(api, location)[0]
    assert slot["fee"]["amount"] == "2.50"
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    page = await tab.go(f"/bookings/new?location={location}&date={tomorrow}")
    await expect(page.locator(".slot-choice")).to_contain_text("€2.50")
    booking = _book(api, location, token, slot["start"], box)["id"]
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
