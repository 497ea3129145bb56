"""A booking is held, made, changed, begun and over; each command does so once."""

from datetime import datetime
from typing import Any

import pytest
from msgspec.structs import replace

from eosvolt.domain.bookings.commands import (
    CancelBooking,
    ExtendBooking,
    HoldSlot,
    MakeBooking,
    PlugNow,
    ReachBookingDeadline,
    ReleaseHold,
    RescheduleBooking,
)
from eosvolt.domain.bookings.decider import bookings
from eosvolt.domain.bookings.events import (
    BookingCancelled,
    BookingExtended,
    BookingRescheduled,
    HoldReleased,
    SlotBegan,
)
from eosvolt.domain.bookings.values import (
    BookingCancelReason,
    HoldEnd,
)
from eosvolt.domain.kernel import Rejected
from tests.a_booking import (
    APPROACHED,
    BEGAN,
    CANCELLED,
    CHARGES,
    CHOICE,
    ENDED,
    HELD,
    MADE,
    MISSED,
    OTHER_PLUG,
    PLUG,
    RULES,
)
from tests.examples import after
from tests.rule import Rule


def given(*events: Any) -> Rule:
    return Rule(bookings).given(*events)


def reach(minutes: float, **plug: Any) -> ReachBookingDeadline:
    return ReachBookingDeadline(at=after(minutes), plug=PlugNow(**plug))


def test_a_slot_is_held_and_booked_or_let_go() -> None:
    given().when(HoldSlot(choice=CHOICE, at=after(0))).then(HELD)
    given(HELD).when(MakeBooking(choice=CHOICE, at=after(1))).then(MADE)
    given(HELD).when(ReleaseHold(at=after(2))).then(HoldReleased(at=after(2)))
    given(HELD).when(reach(4.9)).then()
    given(HELD).when(reach(5)).then(HoldReleased(at=after(5), reason=HoldEnd.EXPIRED))


def test_a_slot_is_booked_at_once() -> None:
    given().when(MakeBooking(choice=CHOICE, at=after(1))).then(MADE)
    given(MADE).when(MakeBooking(choice=CHOICE, at=after(3))).then()
    given(MADE, CANCELLED).when(MakeBooking(choice=CHOICE, at=after(3))).then()


def test_what_is_not_held_any_more_is_not_booked_under_this_id() -> None:
    released = HoldReleased(at=after(2))
    with pytest.raises(Rejected, match="not held any more"):
        given(HELD, released).when(MakeBooking(choice=CHOICE, at=after(3)))
    with pytest.raises(Rejected, match="begun already"):
        given(HELD).when(MakeBooking(choice=CHOICE, at=after(120)))


def test_a_booking_that_begins_soon_is_looked_at_at_once() -> None:
    soon = replace(CHOICE, since=after(10), until=after(70))
    rule = given().when(MakeBooking(choice=soon, at=after(1)))
    made = replace(
        MADE,
        since=soon.since,
        until=soon.until,
        begins_from=after(0),
        no_show_at=after(25),
        stops_at=after(90),
        due_at=after(1),
    )
    rule.then(made)


def test_a_booking_is_moved_until_its_minutes_before_the_start_by_drivers() -> None:
    def to(minutes: float, *, by_driver: bool) -> RescheduleBooking:
        return RescheduleBooking(
            plug=OTHER_PLUG,
            since=after(240),
            until=after(300),
            slots=1,
            at=after(minutes),
            by_driver=by_driver,
        )

    def moved(minutes: float) -> BookingRescheduled:
        return BookingRescheduled(
            plug=OTHER_PLUG,
            since=after(240),
            until=after(300),
            slots=1,
            at=after(minutes),
            begins_from=after(230),
            no_show_at=after(255),
            stops_at=after(320),
            previous_plug=PLUG,
            previous_since=after(120),
            previous_until=after(180),
            due_at=after(225),
        )

    given(MADE).when(to(90, by_driver=True)).then(moved(90))
    with pytest.raises(Rejected, match=r"at least 30 minutes before it begins\. It can still be cancelled"):
        given(MADE).when(to(91, by_driver=True))
    with pytest.raises(Rejected, match="has begun"):
        given(MADE).when(to(120, by_driver=True))
    given(MADE, APPROACHED).when(to(110, by_driver=False)).then(moved(110))
    with pytest.raises(Rejected, match="has begun"):
        given(MADE, APPROACHED, BEGAN).when(to(121, by_driver=False))
    with pytest.raises(Rejected, match="Charging has begun"):
        given(MADE, CHARGES).when(to(122, by_driver=False))
    with pytest.raises(Rejected, match="only held"):
        given(HELD).when(to(1, by_driver=False))


def test_a_booking_is_extended_before_and_while_it_is_used() -> None:
    def longer(minutes: float, *, by_driver: bool = False) -> ExtendBooking:
        return ExtendBooking(until=after(240), slots=2, at=after(minutes), by_driver=by_driver)

    def extended(minutes: float, due_at: datetime) -> BookingExtended:
        return BookingExtended(
            until=after(240),
            slots=2,
            at=after(minutes),
            no_show_at=after(135),
            stops_at=after(260),
            previous_until=after(180),
            due_at=due_at,
        )

    given(MADE).when(longer(2)).then(extended(2, after(105)))
    given(MADE, CHARGES).when(longer(150, by_driver=True)).then(extended(150, after(260)))
    with pytest.raises(Rejected, match="at least 30 minutes"):
        given(MADE).when(longer(95, by_driver=True))
    with pytest.raises(Rejected, match="once the car charges"):
        given(MADE).when(longer(120, by_driver=True))
    with pytest.raises(Rejected, match="is over"):
        given(MADE, CHARGES).when(longer(180))
    with pytest.raises(Rejected, match="is over"):
        given(MADE, CHARGES, ENDED).when(longer(201))
    with pytest.raises(Rejected, match="none away"):
        given(MADE).when(ExtendBooking(until=after(150), slots=1, at=after(2)))


def test_without_auto_cancel_an_extended_booking_is_a_no_show_only_at_its_new_end() -> None:
    made = replace(MADE, rules=replace(RULES, auto_cancel_minutes=None), no_show_at=after(180))
    began = SlotBegan(at=after(120), due_at=after(180))
    command = ExtendBooking(until=after(240), slots=2, at=after(130))
    given(made, began).when(command).then(
        BookingExtended(
            until=after(240),
            slots=2,
            at=after(130),
            no_show_at=after(240),
            stops_at=after(260),
            previous_until=after(180),
            due_at=after(240),
        )
    )


def test_drivers_cancel_until_the_booking_begins_and_operators_until_somebody_charges() -> None:
    by_driver = CancelBooking(at=after(60), reason=BookingCancelReason.BY_DRIVER)
    gone = BookingCancelled(at=after(60), reason=BookingCancelReason.BY_DRIVER)
    for minutes in (60, 61, 119.9):
        given(MADE).when(replace(by_driver, at=after(minutes))).then(replace(gone, at=after(minutes)))
    for minutes in (120, 125):
        with pytest.raises(Rejected, match="has begun: it cannot be cancelled"):
            given(MADE).when(replace(by_driver, at=after(minutes)))
    erased = replace(by_driver, at=after(125), any_time=True)
    given(MADE).when(erased).then(replace(gone, at=after(125)))
    by_operator = CancelBooking(at=after(122), reason=BookingCancelReason.BY_OPERATOR, note=" Closed ")
    given(MADE, APPROACHED, BEGAN).when(by_operator).then(
        BookingCancelled(at=after(122), reason=BookingCancelReason.BY_OPERATOR, note="Closed")
    )
    with pytest.raises(Rejected, match="Charging has begun"):
        given(MADE, CHARGES).when(by_operator)
    for over in (MISSED, ENDED):
        with pytest.raises(Rejected, match="is over"):
            given(MADE, *([CHARGES] if over is ENDED else []), over).when(by_operator)
    with pytest.raises(Rejected, match="no such booking"):
        given().when(by_operator)
