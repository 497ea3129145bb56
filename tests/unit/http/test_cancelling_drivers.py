"""A driver who cancels reads before what becomes of the fee, and owes what was said."""

from datetime import timedelta

import pytest

from eosvolt.application.actor import driver
from eosvolt.application.operations import driving_bookings
from eosvolt.domain.bookings.fee_events import BookingFeeCharged
from eosvolt.domain.money import Money
from tests.drivers_in_memory import DRIVER, DRIVER_SECRET
from tests.examples import COMPANY, LOCATION
from tests.unit.operations.booking_examples import BOOKING, LATER, OF_THE_DRIVER, SINCE, a_bookable_charger
from tests.web_in_memory import Site

ONE = f"/bookings/{BOOKING}"
RULES = {"enabled": True, "fee": {"sameDay": "2.00", "future": "1.00"}}


@pytest.fixture
async def site() -> Site:
    return await Site().opened()


async def a_booking_of_the_driver(site: Site) -> None:
    """It costs 2.00 EUR; cancelled until an hour before it begins it costs nothing."""
    await a_bookable_charger(site)
    await site.api("PUT", f"/locations/{LOCATION}/booking", RULES)
    await site.operations.run(driving_bookings.hold, driver(DRIVER.id, COMPANY), OF_THE_DRIVER)


async def test_a_driver_reads_until_when_a_booking_is_changed_or_cancelled_for_nothing(
    site: Site,
) -> None:
    await a_booking_of_the_driver(site)
    held = (await site.api("GET", f"/driver{ONE}", None, DRIVER_SECRET)).json()
    last = (SINCE - timedelta(minutes=60)).isoformat().replace("+00:00", "Z")
    assert (held["changeUntil"], held["refundUntil"]) == (last, last)
    shown = (await site.page(f"/drive{ONE}", by=DRIVER_SECRET)).text
    assert "It is charged when the booking is over, also if you do not come." in shown
    assert "If you cancel until" in shown
    await site.api("POST", f"/driver{ONE}/confirm", None, DRIVER_SECRET)
    assert "The fee of €2.00 is not charged." in (await site.page(f"/drive{ONE}", by=DRIVER_SECRET)).text
    site.clock.set(SINCE - timedelta(minutes=59))
    shown = (await site.page(f"/drive{ONE}", by=DRIVER_SECRET)).text
    assert "It is charged as well if you cancel." in shown
    assert "The fee of €2.00 is charged all the same." in shown
    assert "By now you can only cancel it." in shown
    for way in ("change", "extend"):
        assert f"/drive{ONE}/{way}" not in shown
    moved = {"start": LATER.isoformat()}
    refused = await site.api("POST", f"/driver{ONE}/reschedule", moved, DRIVER_SECRET)
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        "A booking is changed at least 60 minutes before it begins. It can still be cancelled.",
    )


async def test_a_driver_who_cancels_late_owes_the_fee_and_is_asked_again_if_not_told(
    site: Site,
) -> None:
    await a_booking_of_the_driver(site)
    await site.api("POST", f"/driver{ONE}/confirm", None, DRIVER_SECRET)
    site.clock.set(SINCE - timedelta(minutes=59))
    # The page was made when the fee was not charged yet, and the program wants it back.
    asked = await site.page(f"/drive{ONE}/cancel", {}, by=DRIVER_SECRET)
    assert asked.status_code == 409
    assert "By now the fee is charged" in asked.text
    assert '<input type="hidden" name="fee" value="kept">' in asked.text
    refused = await site.api("POST", f"/driver{ONE}/cancel", {"onlyWithRefund": True}, DRIVER_SECRET)
    assert refused.status_code == 409
    assert (await site.api("GET", ONE)).json()["state"] == "booked"
    done = await site.page(f"/drive{ONE}/cancel", {"fee": "kept"}, by=DRIVER_SECRET)
    assert done.status_code == 303
    gone = (await site.api("GET", f"/driver{ONE}", None, DRIVER_SECRET)).json()
    assert (gone["state"], gone["reason"], gone["fee"]) == (
        "cancelled",
        "byDriver",
        {"currency": "EUR", "amount": "2.00"},
    )
    assert gone["feeOwedAt"]
    assert "refundUntil" not in gone
    again = (await site.api("POST", f"/driver{ONE}/cancel", {}, DRIVER_SECRET)).json()
    assert again["feeOwedAt"] == gone["feeOwedAt"]
    assert "It is charged." in (await site.page(f"/drive{ONE}", by=DRIVER_SECRET)).text
    assert "The booking fee of €2.00 is owed." in (await site.page(ONE)).text
    (owed,) = [fact.event for fact in site.store.facts if isinstance(fact.event, BookingFeeCharged)]
    assert owed.charged.gross == Money("EUR", 200)


async def test_a_driver_who_cancels_in_time_pays_nothing(site: Site) -> None:
    await a_booking_of_the_driver(site)
    await site.api("POST", f"/driver{ONE}/confirm", None, DRIVER_SECRET)
    site.clock.set(SINCE - timedelta(minutes=60))
    gone = (await site.api("POST", f"/driver{ONE}/cancel", {"onlyWithRefund": True}, DRIVER_SECRET)).json()
    assert gone["state"] == "cancelled"
    assert "feeOwedAt" not in gone
    assert "It is not charged." in (await site.page(f"/drive{ONE}", by=DRIVER_SECRET)).text
