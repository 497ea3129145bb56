"""The API of a charger and of a plug says what is booked next, as the page of the plug does."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from eosvolt.application.operations import bookings
from eosvolt.application.operations.booking_inputs import BookingById, BookingCancellation
from tests.drivers_in_memory import DRIVER_SECRET
from tests.examples import CHARGE_BOX_ID, COMPANY
from tests.unit.operations.booking_examples import (
    BOOKING,
    NEW_BOOKING,
    SINCE,
    a_bookable_charger,
    a_booking,
    a_held_slot,
)
from tests.unit.operations.charging import OWNER
from tests.web_in_memory import Site

ONE = f"/chargers/{CHARGE_BOX_ID}"
PLUG = f"/driver/plugs/{COMPANY}/{CHARGE_BOX_ID}/1"
TIME = {
    "since": SINCE.isoformat().replace("+00:00", "Z"),
    "until": (SINCE + timedelta(hours=1)).isoformat().replace("+00:00", "Z"),
}


@pytest.fixture
async def site() -> Site:
    return await Site().opened()


async def at_plugs(site: Site, **headers: str) -> list[Any]:
    """The next booking of each plug in the API of the charger."""
    answer = await site.api("GET", ONE, **headers)
    assert answer.status_code == 200, answer.text
    return [each.get("nextBooking") for each in answer.json()["plugs"]]


async def for_drivers(site: Site, secret: str = "") -> Any:
    """The next booking in the API of the plug, for a driver or for anybody."""
    headers = {"authorization": f"Bearer {secret}"} if secret else {}
    answer = await site.web.get(f"/api/v1{PLUG}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json().get("nextBooking")


async def test_the_charger_says_of_each_plug_what_is_booked_next(site: Site) -> None:
    await a_booking(site)
    assert await at_plugs(site) == [TIME, None]
    listed = (await site.api("GET", "/chargers")).json()["items"]
    assert all("nextBooking" not in plug for each in listed for plug in each["plugs"])
    await site.operations.run(bookings.cancel, OWNER, BookingCancellation(booking=BOOKING))
    assert await at_plugs(site) == [None, None]


async def test_a_slot_that_is_only_held_is_no_booking(site: Site) -> None:
    await a_held_slot(site)
    assert (await at_plugs(site), await for_drivers(site)) == ([None, None], None)
    await site.operations.run(bookings.confirm, OWNER, BookingById(booking=BOOKING))
    assert (await at_plugs(site))[0] == TIME


async def test_a_plug_says_to_drivers_what_is_booked_and_whose_it_is_to_the_booker_alone(site: Site) -> None:
    await a_booking(site)
    assert await for_drivers(site) == TIME | {"own": False, "goesOn": False}
    assert await for_drivers(site, DRIVER_SECRET) == TIME | {"own": True, "goesOn": False}
    site.clock.set(SINCE)
    assert await for_drivers(site) is None


async def test_what_is_booked_later_than_a_day_is_nothing_to_who_starts_now(site: Site) -> None:
    await a_bookable_charger(site)
    later = NEW_BOOKING.since + timedelta(days=1, hours=2)
    wanted = replace(NEW_BOOKING, since=later)
    await site.operations.run(bookings.book, OWNER, wanted)
    assert await for_drivers(site) is None
    assert (await at_plugs(site))[0]["since"] == later.isoformat().replace("+00:00", "Z")
