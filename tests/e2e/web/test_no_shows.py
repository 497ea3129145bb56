"""A driver books in the browser and does not come: the operator sees it happen, and the fee is kept."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.companies import create_in_this_process
from tests.e2e.web.booking_places import PHONE, bookable, choose, customer, looks_well, mark
from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.cars import plugged
from tests.e2e.web.conftest import windows
from tests.e2e.web.test_driving import CarOfADriver
from tests.e2e.web.test_driving import _sign_in as sign_in
from tests.oracle.running_server import Stage

MINUTE = timedelta(minutes=1)
ZONE = ZoneInfo("Europe/Berlin")
RULES = {
    "slotMinutes": 60,
    "earlyStartMinutes": 0,
    "changeMinutes": 60,
    "cancelMinutes": 60,
    "autoCancelMinutes": 15,
    "fee": {"sameDay": "2.50", "future": "2.50"},
}


@pytest.fixture
def stage(database: str, tmp_path: Path) -> Iterator[Stage]:
    """A system of this test's own, with a clock that the test sets."""
    running = Stage(database, tmp_path)
    create_in_this_process(running)
    try:
        yield running
    finally:
        running.close()


async def _book(phone: BrowserTab, location: str, box: str, since: datetime) -> str:
    """A driver who is signed in books the slot, and reads what becomes of the fee. Returns the booking."""
    page = phone.page
    day = since.astimezone(ZONE).date().isoformat()
    await phone.go(f"/drive/locations/{phone.system.company}/{location}/book?date={day}&plug={box}%2F1")
    await choose(page.locator(f"input[name=start][value='{since.isoformat()}']"))
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_text("also if you do not come")).to_be_visible()
    await expect(page.get_by_text("If you cancel until")).to_be_visible()
    await looks_well(phone)
    booking = page.url.rpartition("/")[2]
    await page.get_by_role("button", name="Book", exact=True).click()
    await expect(page.get_by_text("Booked.")).to_be_visible()
    return booking


async def _look_at(operator: BrowserTab, booking: str, location: str) -> None:
    """The page of the booking says what happened, and Finance has the fee."""
    await operator.go(f"/bookings/{booking}")
    await expect(operator.page.locator("#story")).to_contain_text("Nobody charged in time")
    await expect(operator.page.locator("#story")).to_contain_text("The booking fee of €2.50 is owed.")
    await looks_well(operator)
    await operator.go(f"/finance?location={location}")
    entries = operator.page.locator("#list tbody tr")
    await expect(entries).to_have_count(1)
    await expect(entries).to_contain_text("Booking fee")
    await expect(entries).to_contain_text("€2.50")


async def test_a_driver_who_does_not_come_is_a_no_show_and_owes_the_fee(
    stage: Stage, browser: Browser
) -> None:
    # The code to sign in with is made by the machine's clock. The slot begins two to three hours later.
    now = datetime.now(UTC).replace(microsecond=0)
    since = (now + timedelta(hours=3)).replace(minute=0, second=0)
    stage.tell(now + MINUTE)
    stage.start()
    api, box = stage.api(), mark()
    location = bookable(api, box, **RULES)
    email = customer(api)
    async with plugged(stage, box, CarOfADriver) as car, windows(browser, stage) as window:
        await car.boot()
        await car.status("Available")
        phone = await window(**PHONE)
        page = await phone.go("/drive/sign-in")
        await sign_in(phone, email)
        booking = await _book(phone, location, box, since)

        operator = await window()
        await operator.sign_in()
        bookings = await operator.go(
            f"/bookings?view=list&from={since.astimezone(ZONE).date()}&location={location}"
        )
        row = bookings.locator(f"#booking-{booking}")
        await expect(row).to_contain_text("Booked")
        await operator.live()

        # Less than an hour before, a driver who cancels would owe the fee, and reads it.
        stage.tell(since - 10 * MINUTE)
        await phone.go(f"/drive/bookings/{booking}")
        await page.get_by_text("Cancel booking…").click()
        await expect(page.get_by_text("The fee of €2.50 is charged all the same.")).to_be_visible()
        await expect(page.get_by_text("By now you can only cancel it.")).to_be_visible()
        await looks_well(phone)

        # The slot begins, and nobody comes within a quarter of an hour.
        stage.tell(since + 14 * MINUTE)
        await phone.go(f"/drive/bookings/{booking}")
        await expect(page.get_by_text("can no longer be changed or cancelled")).to_be_visible()
        await expect(row).to_contain_text("Booked")
        stage.tell(since + 15 * MINUTE)
        await expect(row).to_contain_text("No-show")

        # It is in the story, the fee is owed and in the books, and the driver reads both.
        await _look_at(operator, booking, location)
        await phone.go(f"/drive/bookings/{booking}")
        await expect(page.get_by_text("No-show")).to_be_visible()
        await expect(page.get_by_text("It is charged.")).to_be_visible()
        await looks_well(phone)
        (entry,) = api.get("/finance/transactions", location=location)["items"]
        assert (entry["kind"], entry["gross"]["amount"]) == ("bookingFee", "2.50")
    assert stage.verify()["same"]
