"""Bookings on the screen of an operator: rules, calendar, dragging, calendar programs, other companies."""

import csv
import io
from datetime import UTC, datetime, timedelta

import httpx2
from icalendar import Calendar
from playwright.async_api import Page, expect

from tests.e2e.web.booking_places import (
    PHONE,
    RULES,
    TARIFF,
    book,
    bookable,
    choose,
    customer,
    looks_well,
    mark,
    slots_of,
)
from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.conftest import OpenWindow


async def test_an_operator_sets_the_rules_and_the_mistakes_are_said_at_once(tab: BrowserTab) -> None:
    tab.expects("422")
    api, box = tab.system.api(), mark()
    location = api.location(TARIFF, name=f"Yard {box}")
    page = await tab.go(f"/locations/{location}")
    card = page.get_by_role("region", name="Bookings", exact=True)
    await expect(card).to_contain_text("cannot be booked")
    await card.get_by_role("link", name="Rules").click()
    await page.get_by_label("Drivers can book plugs of this location").check()
    await page.get_by_label("Bookable from").fill("8 o'clock")
    await page.get_by_label("Minutes kept free after each booking").fill("ten")
    await page.get_by_role("button", name="Save").click()
    assert set(await tab.wrong_fields()) == {"field-from", "field-bufferMinutes"}
    await page.get_by_label("Bookable from").fill("08:00")
    await page.get_by_label("Bookable until").fill("20:00")
    await page.get_by_label("Minutes kept free after each booking").fill("10")
    await page.get_by_label("Length of a slot").select_option(label="1 h 30 min")
    await looks_well(tab)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Rules for bookings saved.")).to_be_visible()
    rules = api.get(f"/locations/{location}/booking")
    assert (rules["enabled"], rules["from"], rules["to"]) == (True, "08:00", "20:00")
    assert (rules["slotMinutes"], rules["bufferMinutes"]) == (90, 10)
    await tab.go(f"/locations/{location}")
    await expect(card).to_contain_text("08:00–20:00")


async def test_rules_that_somebody_else_changed_meanwhile_are_merged(tab: BrowserTab) -> None:
    tab.expects("409")
    api, box = tab.system.api(), mark()
    location = bookable(api, box)
    page = await tab.go(f"/locations/{location}/booking")
    await page.get_by_label("Minutes kept free after each booking").fill("10")
    api.client.put(f"/locations/{location}/booking", json=RULES | {"aheadDays": 7}).raise_for_status()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("changed this while you were editing")).to_be_visible()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Rules for bookings saved.")).to_be_visible()
    rules = api.get(f"/locations/{location}/booking")
    assert (rules["bufferMinutes"], rules["aheadDays"]) == (10, 7)


async def test_an_operator_books_for_a_customer_moves_extends_and_cancels_with_a_reason(
    tab: BrowserTab,
) -> None:
    tab.expects("422")
    api, box = tab.system.api(), mark()
    location, email = bookable(api, box), customer(api, "Bo Lind")
    day = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    page = await tab.go(f"/bookings/new?location={location}&date={day}")
    await page.get_by_role("button", name="Book", exact=True).click()
    assert set(await tab.wrong_fields()) == {"field-start", "field-email"}
    await choose(page.locator("input[name=start]:not([disabled])").nth(2))
    await page.get_by_label("E-mail of the customer").fill(email)
    await looks_well(tab)
    await page.get_by_role("button", name="Book", exact=True).click()
    await expect(page.get_by_text("Booking made.")).to_be_visible()
    await expect(page.locator("#facts")).to_contain_text("Bo Lind")
    await looks_well(tab)
    booking = page.url.rpartition("/")[2]
    before = api.get(f"/bookings/{booking}")

    await page.get_by_role("link", name="Reschedule").click()
    await choose(page.locator("input[name=start]:not([disabled])").nth(5))
    await looks_well(tab)
    await page.get_by_role("button", name="Reschedule").click()
    await expect(page.get_by_text("Booking rescheduled.")).to_be_visible()
    assert api.get(f"/bookings/{booking}")["start"] > before["start"]

    await page.get_by_role("link", name="Extend").click()
    await page.get_by_role("button", name="Extend").click()
    await expect(page.get_by_text("Booking extended.")).to_be_visible()
    assert api.get(f"/bookings/{booking}")["slots"] == 2

    await tab.go(f"/bookings?view=list&location={location}")
    row = page.get_by_role("row").filter(has_text="Bo Lind")
    await looks_well(tab)
    await row.locator("summary").click()
    await row.get_by_role("link", name="Cancel booking").click()
    await page.get_by_label("Why (the driver can read it)").fill("The yard is closed")
    await page.get_by_role("button", name="Cancel booking").click()
    await expect(page.get_by_text("Booking cancelled.")).to_be_visible()
    await expect(page.locator("#facts")).to_contain_text("The yard is closed")
    await expect(page.locator("#story")).to_contain_text("Cancelled: by the operator.")
    gone = api.get(f"/bookings/{booking}")
    assert (gone["state"], gone["reason"], gone["note"]) == ("cancelled", "byOperator", "The yard is closed")


async def test_a_booking_is_dragged_to_a_slot_that_is_free(tab: BrowserTab) -> None:
    api, box, card = tab.system.api(), mark(), mark()
    location = bookable(api, box, **{"from": "08:00", "to": "12:00", "slotMinutes": 60})
    api.token(card)
    # Next week has all of its days to come.
    monday = datetime.now(UTC).date()
    monday += timedelta(days=7 - monday.weekday())
    slots = api.get(f"/locations/{location}/slots", date=monday.isoformat())["items"]
    made = book(api, location, card, slots[0]["start"], box)
    page = await tab.go(f"/bookings?location={location}&week={monday}")
    block = page.locator(f"[data-booking='{made['id']}']")
    await expect(block).to_contain_text(card)
    await looks_well(tab)
    await _drag(page, made["id"], f"{monday + timedelta(days=2)}", "10:00")
    await expect(page.get_by_text("Booking rescheduled.")).to_be_visible()
    assert page.url.endswith(f"?location={location}&week={monday}")
    moved = datetime.fromisoformat(api.get(f"/bookings/{made['id']}")["start"])
    before = datetime.fromisoformat(made["start"])
    assert moved - before == timedelta(days=2, hours=2)


async def _drag(page: Page, booking: str, day: str, clock: str) -> None:
    """By the mouse, as a person does it: the slots to drop at come when the dragging begins."""
    block = page.locator(f"[data-booking='{booking}']")
    await block.hover()
    await page.mouse.down()
    box = await block.bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 20, box["y"] + 20, steps=3)
    drop = page.locator(f"[data-day='{day}'] .drop", has_text=clock)
    await drop.wait_for()
    await drop.hover()
    await drop.hover()
    await page.mouse.up()


async def test_calendar_programs_read_the_bookings_by_a_secret_address(tab: BrowserTab) -> None:
    tab.expects("404")
    api, box, card = tab.system.api(), mark(), mark()
    location = bookable(api, box)
    api.token(card)
    made = book(api, location, card, slots_of(api, location)[0]["start"], box)
    page = await tab.go(f"/locations/{location}/booking")
    await page.get_by_role("button", name="Make an address").click()
    address = await page.locator("#feed-address").inner_text()
    await page.reload()
    await expect(page.locator("#feed-address")).to_have_count(0)
    feed = httpx2.get(address)
    assert feed.headers["content-type"].startswith("text/calendar")
    (entry,) = Calendar.from_ical(feed.text).events
    assert str(entry["uid"]).startswith(made["id"])
    assert entry.start == datetime.fromisoformat(made["start"])
    assert box in str(entry["summary"])
    assert card not in feed.text, "nothing of whoever booked it"
    # A new address ends the former one.
    await page.get_by_role("button", name="Make a new address; the present one ends").click()
    renewed = await page.locator("#feed-address").inner_text()
    assert httpx2.get(address).status_code == 404
    assert httpx2.get(renewed).status_code == 200
    await page.get_by_role("button", name="Withdraw the address").click()
    await expect(page.get_by_text("leads nowhere now")).to_be_visible()
    assert httpx2.get(renewed).status_code == 404


async def test_the_dashboard_has_the_next_bookings_and_the_figures_count_them(tab: BrowserTab) -> None:
    api, box, card = tab.system.api(), mark(), mark()
    location = bookable(api, box)
    api.token(card)
    page = await tab.go("/")
    part = page.get_by_role("region", name="Next bookings")
    await expect(part).to_be_visible()
    await tab.live()
    book(api, location, card, slots_of(api, location)[0]["start"], box)
    await expect(part).to_contain_text(card)
    day = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    await tab.go(f"/bookings?location={location}&week={day}")
    figures = page.get_by_role("region", name="Figures")
    await expect(figures).to_contain_text("Booked share")
    await expect(figures).to_contain_text("Bookings1")


async def test_the_calendar_works_on_a_phone_and_without_a_script(window: OpenWindow) -> None:
    tab = await window(**PHONE, java_script_enabled=False)
    api, box, card = tab.system.api(), mark(), mark()
    location = bookable(api, box)
    api.token(card)
    made = book(api, location, card, slots_of(api, location)[0]["start"], box)
    await tab.sign_in()
    day = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    page = await tab.go(f"/bookings?location={location}&week={day}")
    await expect(page.locator(f"[id^=slot-{made['id']}]").first).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await tab.go(f"/bookings/{made['id']}/reschedule")
    await choose(page.locator("input[name=start]:not([disabled])").nth(3))
    await page.get_by_role("button", name="Reschedule").click()
    await expect(page.get_by_text("Booking rescheduled.")).to_be_visible()


async def test_another_company_sees_nothing_of_it(tab: BrowserTab) -> None:
    tab.expects("404")
    api, box, card = tab.system.api(), mark(), mark()
    location = bookable(api, box)
    api.token(card)
    made = book(api, location, card, slots_of(api, location)[0]["start"], box)
    others = tab.system.api(301)
    for path in (
        f"/bookings/{made['id']}",
        f"/locations/{location}/booking",
        f"/locations/{location}/slots?date=2026-11-30",
        f"/locations/{location}/booking-feed",
    ):
        assert others.client.get(path).status_code == 404, path
    assert made["id"] not in {each["id"] for each in others.every("/bookings")}
    wanted = {"locationId": location, "start": made["start"], "token": card}
    assert others.client.post("/bookings", json=wanted).status_code == 404
    assert others.client.post(f"/bookings/{made['id']}/cancel", json={}).status_code == 404
    await tab.sign_in(301)
    page = await tab.go(f"/bookings/{made['id']}")
    await expect(page.get_by_text("There is no such booking.")).to_be_visible()


async def test_the_list_and_the_week_are_files_with_what_the_filter_shows(tab: BrowserTab) -> None:
    api, box = tab.system.api(), mark()
    location, email = bookable(api, box, fee={"sameDay": "2.00", "future": "3.00"}), customer(api, "Cem Ay")
    first, second, *_ = slots_of(api, location)
    card = f"CARD{box[-6:]}"
    api.token(card)
    book(api, location, card, first["start"], box)
    (person,) = [each for each in api.every("/customers") if each["email"] == email]
    made = api.post(
        "/bookings", {"locationId": location, "start": second["start"], "customerId": person["id"]}
    )
    page = await tab.go(f"/bookings?view=list&location={location}&sort=-start")
    await page.get_by_text("Export", exact=True).click()
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="Download as CSV").click()
    file = await coming.value
    assert file.suggested_filename.startswith(f"bookings-{tab.system.company}-")
    lines = list(csv.DictReader(io.StringIO((await file.path()).read_text(encoding="utf-8-sig"))))
    assert [(each["token"], each["driver"], each["charger"], each["state"]) for each in lines] == [
        ("", "Cem Ay", box, "booked"),
        (card, "", box, "booked"),
    ]
    assert (lines[0]["id"], lines[0]["fee"], lines[0]["currency"]) == (made["id"], "3.00", "EUR")
    week = first["start"][:10]
    answer = await tab.context.request.get(
        f"{tab.system.base_url}/bookings/export.csv?location={location}&week={week}&state=cancelled"
    )
    assert list(csv.DictReader(io.StringIO(await answer.text()))) == []
