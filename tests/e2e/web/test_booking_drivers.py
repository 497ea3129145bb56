"""A driver books on a phone: holds a slot, books it, charges, changes and cancels it."""

from datetime import UTC, datetime, timedelta

import httpx2
from ocpp.v16 import call
from playwright.async_api import expect

from tests.e2e.api.charger import eventually
from tests.e2e.one_of_each import driver_token
from tests.e2e.running import Api
from tests.e2e.web.booking_places import (
    PHONE,
    book,
    bookable,
    choose,
    customer,
    looks_well,
    mark,
    slots_of,
)
from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.cars import plugged
from tests.e2e.web.conftest import OpenWindow
from tests.e2e.web.test_driving import CarOfADriver
from tests.e2e.web.test_driving import _sign_in as sign_in


async def test_a_driver_books_on_a_phone_and_charges_while_another_is_refused(
    tab: BrowserTab, window: OpenWindow
) -> None:
    phone = await window(**PHONE)
    api, box = tab.system.api(), mark()
    other = mark()
    location, email = bookable(api, box, mixMode=False), customer(api)
    api.token(other)
    company = tab.system.company
    # The calendar is open meanwhile.
    calendar = await tab.go(f"/bookings?location={location}")
    await expect(calendar.get_by_text("No bookings in this week.")).to_be_hidden()
    await tab.live()
    async with plugged(tab.system, box, CarOfADriver) as car:
        await car.boot()
        await car.status("Available")
        page = await phone.go(f"/drive/locations/{company}/{location}")
        await page.get_by_role("link", name="Book a slot").click()
        await expect(page.get_by_role("heading", name="Book a slot")).to_be_visible()
        await looks_well(phone)
        await page.get_by_role("main").get_by_role("link", name="Sign in").click()
        await sign_in(phone, email)
        await page.locator("select[name=plug]").select_option(value=f"{box}/1")
        await page.wait_for_url("**plug=**")
        slot = page.locator("input[name=start]:not([disabled])").first
        await choose(slot)
        await page.get_by_role("button", name="Continue").click()
        await expect(page.get_by_role("heading", name="Book this slot?")).to_be_visible()
        await looks_well(phone)
        booking = page.url.rpartition("/")[2]
        await page.get_by_role("button", name="Book", exact=True).click()
        await expect(page.get_by_text("Booked.")).to_be_visible()
        row = api.get(f"/bookings/{booking}")
        assert (row["state"], row["chargeBoxId"], row["plug"]) == ("booked", box, 1)
        # It shows in the calendar by itself, with the name of the customer.
        block = calendar.locator(f"[id^=slot-{booking}]").first
        await expect(block).to_contain_text("Ana Blum")
        await expect(block).to_contain_text(f"{box} · 1")

        # Whoever has not booked is refused, and the operator sees why; the booker begins before the slot.
        refused = await car.tell(call.Authorize(id_tag=other))
        assert refused.id_tag_info["status"] == "Invalid"
        operator = await tab.context.new_page()
        await operator.goto(f"{tab.system.base_url}/locations/{location}")
        attempt = operator.locator("#refused").get_by_role("row").filter(has_text=other)
        await expect(attempt).to_contain_text("Bookings only at this time")
        await page.get_by_role("link", name="To the plug").click()
        await car.status("Preparing")
        await page.get_by_role("button", name="Start charging").click()
        await expect(page.get_by_role("heading", name="Charging")).to_be_visible()
        found = eventually(lambda: [api.get(f"/bookings/{booking}")] * (_state(api, booking) == "active"))
        session = api.get(f"/sessions/{found[0]['sessionId']}")
        assert session["plug"] == 1
        await expect(block).to_contain_text("Active")
        page = await phone.go(f"/drive/bookings/{booking}")
        await expect(page.get_by_role("link", name="To your session")).to_be_visible()
        await looks_well(phone)


def _state(api: Api, booking: str) -> str:
    return str(api.get(f"/bookings/{booking}")["state"])


async def test_two_who_choose_the_same_slot_get_one_booking_and_a_sentence(window: OpenWindow) -> None:
    phone = await window(**PHONE)
    phone.expects("409")
    api, box = phone.system.api(), mark()
    location, email, card = bookable(api, box), customer(api), mark()
    api.token(card)
    company = phone.system.company
    day = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    page = await phone.go("/drive/sign-in")
    await sign_in(phone, email)
    await phone.go(f"/drive/locations/{company}/{location}/book?date={day}&plug={box}%2F1")
    start = await page.locator("input[name=start]:not([disabled])").first.get_attribute("value")
    assert start is not None
    book(api, location, card, start, box)
    await choose(page.locator(f"input[name=start][value='{start}']"))
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("alert")).to_contain_text("taken")
    # The fresh list does not offer it any more.
    await expect(page.locator(f"input[name=start][value='{start}']")).to_be_disabled()


async def test_a_driver_changes_extends_and_cancels_on_a_phone(window: OpenWindow) -> None:
    phone = await window(**PHONE)
    api, box = phone.system.api(), mark()
    location, email = bookable(api, box), customer(api)
    headers = {"Authorization": f"Bearer {driver_token(phone.system, email)}"}
    start = slots_of(api, location)[4]["start"]
    wanted = {"company": phone.system.company, "locationId": location, "start": start}
    with httpx2.Client(base_url=f"{phone.system.base_url}/api/v1", headers=headers) as driver:
        made = driver.post("/driver/bookings", json=wanted).raise_for_status().json()
    page = await phone.go("/drive/sign-in")
    await sign_in(phone, email)
    await page.get_by_role("link", name="Bookings").click()
    await looks_well(phone)
    await page.get_by_role("link", name=f"Yard {box}").click()
    await page.get_by_role("link", name="Choose another slot").click()
    await looks_well(phone)
    await choose(page.locator("input[name=start]:not([disabled])").last)
    await page.get_by_role("button", name="Take this slot").click()
    await expect(page.get_by_text("Changed.")).to_be_visible()
    moved = api.get(f"/bookings/{made['id']}")
    assert moved["start"] != made["start"]
    await page.get_by_text("Cancel booking…").click()
    await page.get_by_role("button", name="Cancel it now").click()
    await expect(page.get_by_text("Cancelled.", exact=True)).to_be_visible()
    gone = api.get(f"/bookings/{made['id']}")
    assert (gone["state"], gone["reason"]) == ("cancelled", "byDriver")


async def test_a_driver_who_cancels_late_pays_the_fee_and_reads_it_before(window: OpenWindow) -> None:
    phone = await window(**PHONE)
    api, box = phone.system.api(), mark()
    fee = {"sameDay": "2.50", "future": "2.50"}
    # Each slot of the next days is within the week in which nothing is changed or cancelled for nothing.
    week = 7 * 24 * 60
    location, email = bookable(api, box, changeMinutes=week, cancelMinutes=week, fee=fee), customer(api)
    headers = {"Authorization": f"Bearer {driver_token(phone.system, email)}"}
    wanted = {
        "company": phone.system.company,
        "locationId": location,
        "start": slots_of(api, location)[4]["start"],
    }
    with httpx2.Client(base_url=f"{phone.system.base_url}/api/v1", headers=headers) as driver:
        made = driver.post("/driver/bookings", json=wanted).raise_for_status().json()
    page = await phone.go("/drive/sign-in")
    await sign_in(phone, email)
    await phone.go(f"/drive/bookings/{made['id']}")
    await expect(page.get_by_text("It is charged as well if you cancel.")).to_be_visible()
    await expect(page.get_by_text("By now you can only cancel it.")).to_be_visible()
    await expect(page.get_by_role("link", name="Choose another slot")).to_have_count(0)
    await page.get_by_text("Cancel booking…").click()
    await expect(page.get_by_text("The fee of €2.50 is charged all the same.")).to_be_visible()
    await looks_well(phone)
    await page.get_by_role("button", name="Cancel it and pay the fee").click()
    await expect(page.get_by_text("Cancelled.", exact=True)).to_be_visible()
    await expect(page.get_by_text("It is charged.")).to_be_visible()
    await looks_well(phone)
    gone = api.get(f"/bookings/{made['id']}")
    assert (gone["state"], gone["reason"], gone["fee"]["amount"]) == ("cancelled", "byDriver", "2.50")
    assert gone["feeOwedAt"]
