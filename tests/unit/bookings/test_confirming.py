"""A held slot is booked if it could still be chosen: what changed meanwhile is looked at again."""

from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest

from eosvolt.application.actor import driver
from eosvolt.application.charger_changes import ChargerTerms
from eosvolt.application.operations import bookings, chargers, driving_bookings, locations
from eosvolt.application.operations.booking_inputs import BookingById
from eosvolt.application.operations.bookings import BookingRulesInput
from eosvolt.application.operations.chargers import ChargerById, ChargerChangeInput
from eosvolt.application.operations.driving_bookings import DriverBooking
from eosvolt.application.operations.locations import LocationRemoval, LocationTerms, NewLocationInput
from eosvolt.domain.bookings.events import BookingMade, HoldReleased
from eosvolt.domain.bookings.fee_events import BookingFeeCharged
from eosvolt.domain.bookings.values import BookingStatus, HoldEnd, SlotUnavailable
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.locations.booking_rules import BookingRules, SlotFee
from tests.drivers_in_memory import DRIVER
from tests.examples import CHARGE_BOX_ID, COMPANY, DETAILS, FLAT_TARIFF, LOCATION, after
from tests.unit.bookings.booking_site import OTHER, BookingSite
from tests.unit.operations.booking_examples import BOOKING, a_held_slot
from tests.unit.operations.charging import OWNER
from tests.web_in_memory import Site

FEE = SlotFee(same_day=Decimal("2.00"), future=Decimal("1.00"))
OWN = DriverBooking(email=DRIVER.email, booking=BOOKING)


async def remove_charger(site: Site) -> None:
    await site.operations.run(chargers.remove, OWNER, ChargerById(charger=CHARGE_BOX_ID))


async def disable_charger(site: Site) -> None:
    wanted = ChargerChangeInput(charger=CHARGE_BOX_ID, terms=ChargerTerms(disabled=True))
    await site.operations.run(chargers.change, OWNER, wanted)


async def move_charger(site: Site) -> None:
    terms = LocationTerms(details=DETAILS, tariff=FLAT_TARIFF)
    await site.operations.run(locations.add, OWNER, NewLocationInput(location="airport", terms=terms))
    wanted = ChargerChangeInput(charger=CHARGE_BOX_ID, terms=ChargerTerms(location="airport"))
    await site.operations.run(chargers.change, OWNER, wanted)


async def remove_location(site: Site) -> None:
    await remove_charger(site)
    await site.operations.run(locations.remove, OWNER, LocationRemoval(location=LOCATION))


async def switch_bookings_off(site: Site) -> None:
    wanted = BookingRulesInput(location=LOCATION, rules=BookingRules(enabled=False))
    await site.operations.run(bookings.set_rules, OWNER, wanted)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (remove_charger, "This plug cannot be booked any more"),
        (disable_charger, "This plug cannot be booked any more"),
        (move_charger, "This plug cannot be booked any more"),
        (remove_location, "This location is not there any more"),
        (switch_bookings_off, "Bookings are switched off at this location"),
    ],
)
async def test_what_is_not_offered_any_more_is_not_booked(
    change: Callable[[Site], Awaitable[None]], sentence: str
) -> None:
    site = await Site().opened()
    await a_held_slot(site)
    await change(site)
    before = len(site.store.facts)
    with pytest.raises(Rejected, match=sentence):
        await site.operations.run(bookings.confirm, OWNER, BookingById(booking=BOOKING))
    with pytest.raises(Rejected, match=sentence):
        await site.operations.run(driving_bookings.confirm, driver(DRIVER.id, COMPANY), OWN)
    assert len(site.store.facts) == before


async def test_what_is_booked_already_is_not_looked_at_again() -> None:
    site = await Site().opened()
    await a_held_slot(site)
    wanted = BookingById(booking=BOOKING)
    await site.operations.run(bookings.confirm, OWNER, wanted)
    await switch_bookings_off(site)
    answer = await site.operations.run(bookings.confirm, OWNER, wanted)
    assert answer.status is BookingStatus.BOOKED


async def test_a_plug_that_fails_just_before_the_slot_is_not_booked_and_its_hold_ends_for_nothing() -> None:
    s = await BookingSite().bookable(fee=FEE)
    s.clock.set(after(50))
    await s.holds(60)
    await s.reports(51, "Faulted", error="GroundFailure")
    with pytest.raises(SlotUnavailable, match="does not work at the moment"):
        await s.confirms()
    await s.passes(55)
    (ended,) = s.happened(HoldReleased)
    assert ended == HoldReleased(at=after(55), reason=HoldEnd.EXPIRED)
    await s.passes(200)
    assert s.happened(BookingMade) == []
    assert s.happened(BookingFeeCharged) == []


async def test_a_plug_that_works_again_before_the_hold_is_over_is_booked() -> None:
    s = await BookingSite().bookable()
    s.clock.set(after(50))
    await s.holds(60)
    await s.reports(51, "Unavailable")
    with pytest.raises(SlotUnavailable):
        await s.confirms()
    await s.reports(53, "Available")
    assert (await s.confirms()).status is BookingStatus.BOOKED


async def test_a_plug_that_fails_long_before_the_slot_is_booked_as_it_would_be_chosen() -> None:
    s = await BookingSite().bookable()
    await s.holds(120)
    await s.reports(1, "Faulted", error="GroundFailure")
    assert 180 in await s.free()
    assert (await s.confirms()).status is BookingStatus.BOOKED


async def test_whoever_is_refused_chooses_another_slot_at_once() -> None:
    s = await BookingSite().bookable()
    s.clock.set(after(50))
    await s.holds(60)
    await s.reports(51, "Faulted", error="GroundFailure")
    with pytest.raises(SlotUnavailable):
        await s.confirms()
    await s.holds(60, "b2", plug=2)
    (ended,) = s.happened(HoldReleased)
    assert ended.reason is HoldEnd.REPLACED
    await s.books(120, "b3", token=OTHER)
    assert (await s.confirms("b2")).status is BookingStatus.BOOKED
