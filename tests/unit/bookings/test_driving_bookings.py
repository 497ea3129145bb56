"""Drivers book for themselves: their own bookings alone, and until their minutes before they begin."""

from datetime import timedelta

import pytest

from eosvolt.application.actor import driver
from eosvolt.application.booking_slots import next_booking
from eosvolt.application.charger_changes import ChargerTerms
from eosvolt.application.operations import (
    bookings,
    chargers,
    customers,
    driving,
    driving_bookings,
    locations,
    tokens,
)
from eosvolt.application.operations.booking_inputs import BookingById, BookingCancellation, NewBookingInput
from eosvolt.application.operations.chargers import ChargerById, ChargerChangeInput
from eosvolt.application.operations.customers import CustomerById, CustomerTerms, NewCustomerInput
from eosvolt.application.operations.driving import DriverStart
from eosvolt.application.operations.driving_bookings import (
    DriverBooking,
    DriverBookingCancellation,
    DriverBookingExtension,
    DriverBookingMove,
    DriverSlots,
)
from eosvolt.application.operations.locations import LocationTerms, NewLocationInput
from eosvolt.application.operations.tokens import TokenIssue, TokenTerms
from eosvolt.application.permissions import NotThere
from eosvolt.domain.bookings.decider import bookings as booking_decider
from eosvolt.domain.bookings.events import BookingCancelled
from eosvolt.domain.bookings.state import NoBooking, status_of
from eosvolt.domain.bookings.values import BookingCancelReason, BookingStatus
from eosvolt.domain.kernel import Rejected
from tests.drivers_in_memory import DRIVER
from tests.examples import CHARGE_BOX_ID, COMPANY, DETAILS, FLAT_TARIFF, LOCATION
from tests.unit.operations.booking_examples import BOOKING, LATER, OF_THE_DRIVER, SINCE, a_bookable_charger
from tests.unit.operations.charging import OWNER
from tests.web_in_memory import Site

ANA = driver(DRIVER.id, COMPANY)
BEN = "ben@driver.example"
OWN = DriverBooking(email=DRIVER.email, booking=BOOKING)


async def booked() -> Site:
    site = await Site().opened()
    await a_bookable_charger(site)
    await site.operations.run(driving_bookings.hold, ANA, OF_THE_DRIVER)
    answer = await site.operations.run(driving_bookings.confirm, ANA, OWN)
    assert answer.status is BookingStatus.BOOKED
    return site


async def status(site: Site) -> BookingStatus:
    state = await site.application.state(booking_decider, BOOKING)
    assert not isinstance(state, NoBooking)
    return status_of(state)


async def test_a_driver_holds_books_changes_and_cancels() -> None:
    site = await booked()
    moved = DriverBookingMove(email=DRIVER.email, booking=BOOKING, since=LATER)
    answer = await site.operations.run(driving_bookings.reschedule, ANA, moved)
    assert answer.choice.since == LATER
    longer = DriverBookingExtension(email=DRIVER.email, booking=BOOKING, slots=2)
    answer = await site.operations.run(driving_bookings.extend, ANA, longer)
    assert answer.choice.until == LATER + timedelta(hours=2)
    wanted = DriverBookingCancellation(email=DRIVER.email, booking=BOOKING)
    answer = await site.operations.run(driving_bookings.cancel, ANA, wanted)
    assert answer.status is BookingStatus.CANCELLED


async def test_a_driver_changes_only_until_the_minutes_before_the_start_and_cancels_until_it() -> None:
    site = await booked()
    site.clock.set(SINCE - timedelta(minutes=59))
    moved = DriverBookingMove(email=DRIVER.email, booking=BOOKING, since=LATER)
    with pytest.raises(Rejected, match="at least 60 minutes"):
        await site.operations.run(driving_bookings.reschedule, ANA, moved)
    wanted = DriverBookingCancellation(email=DRIVER.email, booking=BOOKING)
    site.clock.set(SINCE)
    with pytest.raises(Rejected, match="has begun: it cannot be cancelled"):
        await site.operations.run(driving_bookings.cancel, ANA, wanted)
    assert await status(site) is BookingStatus.BOOKED
    site.clock.set(SINCE - timedelta(minutes=1))
    for _ in range(2):
        answer = await site.operations.run(driving_bookings.cancel, ANA, wanted)
        assert answer.status is BookingStatus.CANCELLED


async def test_bookings_of_others_are_not_there_for_a_driver() -> None:
    site = await booked()
    terms = CustomerTerms(name="Ben", email=BEN)
    await site.operations.run(customers.add, OWNER, NewCustomerInput(customer="ben", terms=terms))
    for email in (BEN, "nobody@driver.example"):
        with pytest.raises(NotThere):
            await site.operations.run(
                driving_bookings.cancel, ANA, DriverBookingCancellation(email=email, booking=BOOKING)
            )
    assert await status(site) is BookingStatus.BOOKED


async def test_who_is_no_customer_cannot_book() -> None:
    site = await Site().opened()
    await a_bookable_charger(site)
    wanted = DriverSlots(
        email=BEN, booking="b2", location=LOCATION, since=SINCE, charger=CHARGE_BOX_ID, plug=1
    )
    with pytest.raises(Rejected, match="does not know your e-mail address"):
        await site.operations.run(driving_bookings.book, ANA, wanted)


async def test_a_driver_lets_a_held_slot_go() -> None:
    site = await Site().opened()
    await a_bookable_charger(site)
    await site.operations.run(driving_bookings.hold, ANA, OF_THE_DRIVER)
    await site.operations.run(driving_bookings.release, ANA, OWN)
    with pytest.raises(Rejected, match="not held any more"):
        await site.operations.run(driving_bookings.confirm, ANA, OWN)


async def test_an_operator_changes_what_a_driver_has_booked_at_any_time() -> None:
    site = await booked()
    site.clock.set(SINCE - timedelta(minutes=1))
    with pytest.raises(Rejected, match="Nobody has charged yet"):
        await site.operations.run(bookings.give_back, OWNER, BookingById(booking=BOOKING))
    cancelled = await site.operations.run(bookings.cancel, OWNER, BookingCancellation(booking=BOOKING))
    assert cancelled.status is BookingStatus.CANCELLED


async def test_who_is_erased_has_no_bookings_any_more() -> None:
    site = await booked()
    site.clock.set(SINCE - timedelta(minutes=1))
    await site.operations.run(customers.erase, OWNER, CustomerById(customer="ana"))
    (cancelled,) = [fact.event for fact in site.store.facts if isinstance(fact.event, BookingCancelled)]
    assert cancelled.reason is BookingCancelReason.BY_DRIVER


async def test_whoever_comes_before_a_booked_time_is_told_when_it_begins() -> None:
    site = await booked()

    async def told(minutes: float) -> object:
        at = SINCE + timedelta(minutes=minutes)
        return await next_booking(site.application, COMPANY, CHARGE_BOX_ID, 1, at)

    found = await told(-30)
    assert found is not None
    assert getattr(found, "since", None) == SINCE
    assert await told(0) is None
    assert await next_booking(site.application, COMPANY, CHARGE_BOX_ID, 2, SINCE) is None


async def test_a_charger_with_bookings_is_not_removed_and_stays_where_it_is() -> None:
    site = await booked()
    terms = LocationTerms(details=DETAILS, tariff=FLAT_TARIFF)
    await site.operations.run(locations.add, OWNER, NewLocationInput(location="airport", terms=terms))
    remove = ChargerById(charger=CHARGE_BOX_ID)
    move = ChargerChangeInput(charger=CHARGE_BOX_ID, terms=ChargerTerms(location="airport"))
    with pytest.raises(Rejected, match="still has bookings"):
        await site.operations.run(chargers.remove, OWNER, remove)
    with pytest.raises(Rejected, match="still has bookings"):
        await site.operations.run(chargers.change, OWNER, move)
    await site.operations.run(bookings.cancel, OWNER, BookingCancellation(booking=BOOKING))
    await site.operations.run(chargers.change, OWNER, move)
    await site.operations.run(chargers.remove, OWNER, remove)


async def test_the_app_starts_the_bookers_session_and_refuses_others_in_the_booked_slot() -> None:
    site = await booked()
    site.clock.set(SINCE + timedelta(minutes=1))
    start = DriverStart(email=DRIVER.email, charger=CHARGE_BOX_ID, plug=1, command="c1")
    assert await site.operations.run(driving.start, ANA, start) == "c1"
    await site.operations.run(bookings.cancel, OWNER, BookingCancellation(booking=BOOKING))
    await site.operations.run(tokens.issue, OWNER, TokenIssue(uid="T7", terms=TokenTerms()))
    other = NewBookingInput(
        booking="b2", location=LOCATION, since=LATER, charger=CHARGE_BOX_ID, plug=1, token="T7"
    )
    await site.operations.run(bookings.book, OWNER, other)
    site.clock.set(LATER + timedelta(minutes=1))
    again = DriverStart(email=DRIVER.email, charger=CHARGE_BOX_ID, plug=1, command="c2")
    with pytest.raises(Rejected, match="Another driver has booked"):
        await site.operations.run(driving.start, ANA, again)
