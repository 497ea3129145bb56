"""Who comes second is refused with a sentence, and with the slots that are left."""

from datetime import datetime, timedelta

import pytest

from tests.drivers_in_memory import DRIVER_SECRET
from tests.examples import CHARGE_BOX_ID, COMPANY, LOCATION
from tests.unit.operations.booking_examples import SINCE, a_bookable_charger, a_booking
from tests.web_in_memory import Site

SLOT = {"start": SINCE.isoformat(), "chargeBoxId": CHARGE_BOX_ID, "plug": 1}
WANTED = {"locationId": LOCATION, "customerId": "ana", **SLOT}
DAY = SINCE.date().isoformat()
HERE = f"/locations/{LOCATION}"


@pytest.fixture
async def site() -> Site:
    return await Site().opened()


async def test_a_slot_that_is_taken_is_refused_with_a_sentence(site: Site) -> None:
    await a_booking(site)
    answer = await site.api("POST", "/tokens", {"uid": "T7"})
    assert answer.status_code == 201
    wanted = {"locationId": LOCATION, "token": "T7", **SLOT}
    for path in ("/bookings", "/bookings/holds"):
        refused = await site.api("POST", path, wanted)
        assert refused.status_code == 409
        assert refused.json()["detail"] == "This time is taken: choose another slot."
        listed = await site.api("GET", f"{HERE}/slots?date={DAY}&chargeBoxId={CHARGE_BOX_ID}&plug=1")
        assert refused.json()["slots"] == listed.json()["items"]
        (taken,) = [each for each in refused.json()["slots"] if not each["free"]]
        assert datetime.fromisoformat(taken["start"]) == SINCE


async def test_a_driver_who_comes_second_is_given_the_slots_that_are_left(site: Site) -> None:
    await a_bookable_charger(site)
    assert (await site.api("POST", "/tokens", {"uid": "T7"})).status_code == 201
    assert (await site.api("POST", "/bookings", {"locationId": LOCATION, "token": "T7", **SLOT})).is_success
    wanted = {"company": COMPANY, "locationId": LOCATION, **SLOT}
    for path in ("/driver/bookings", "/driver/bookings/holds"):
        refused = await site.api("POST", path, wanted, DRIVER_SECRET)
        assert refused.status_code == 409
        free = [each["start"] for each in refused.json()["slots"] if each["free"]]
        assert free
        assert SINCE.isoformat().replace("+00:00", "Z") not in free
    # Who may not see the location learns nothing of its slots, and other refusals have none.
    assert (await site.api("PATCH", HERE, {"type": "private"})).status_code == 200
    for start in (SINCE, SINCE + timedelta(minutes=1)):
        hidden = await site.api("POST", path, wanted | {"start": start.isoformat()}, DRIVER_SECRET)
        assert (hidden.status_code, hidden.json().get("slots")) == (409, None)


async def test_a_slot_at_the_end_of_the_calendar_is_refused_with_a_sentence(site: Site) -> None:
    await a_bookable_charger(site)
    for start, sentence in (
        ("9999-12-31T23:59:59Z", "Slots are booked at most 90 days before."),
        ("0001-01-01T00:00:00Z", "This slot has begun already."),
    ):
        refused = await site.api("POST", "/bookings", WANTED | {"start": start})
        assert (refused.status_code, refused.json()["detail"]) == (409, sentence)
        assert "slots" not in refused.json()
