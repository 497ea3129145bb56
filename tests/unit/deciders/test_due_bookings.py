"""What of a booking falls due, and which sessions are its own."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from eosvolt.domain.bookings.commands import (
    BeginBooking,
    EndBooking,
    PlugNow,
    ReachBookingDeadline,
)
from eosvolt.domain.bookings.decider import bookings
from eosvolt.domain.bookings.events import (
    BookingBegan,
    BookingCancelled,
    BookingEnded,
    BookingMoved,
    SlotBegan,
)
from eosvolt.domain.bookings.values import (
    BookedPlug,
    BookingCancelReason,
    BookingEnd,
)
from eosvolt.domain.kernel import Rejected
from tests.a_booking import (
    APPROACHED,
    BEGAN,
    CANCELLED,
    CHARGES,
    ENDED,
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


def begin(minutes: float, session: str = "170001", plug: BookedPlug = PLUG, late: float = 0) -> BeginBooking:
    return BeginBooking(session=session, plug=plug, at=after(minutes), received_at=after(max(minutes, late)))


def test_the_plug_is_looked_at_before_the_slot_and_an_earlier_driver_warned() -> None:
    given(MADE).when(reach(104.9)).then()
    given(MADE).when(reach(105)).then(APPROACHED)
    warned = replace(APPROACHED, warned="170009")
    given(MADE).when(reach(105, session="170009")).then(warned)
    own = replace(MADE, rules=replace(RULES, on_demand_into_booking=True))
    given(own).when(reach(105, session="170009", of_booker=True)).then(APPROACHED)
    given(MADE).when(reach(105, session="170009", of_booker=True)).then(warned)


@pytest.mark.parametrize("minutes", [105, 120, 130])
def test_a_plug_that_fails_is_replaced_or_the_booking_cancelled(minutes: float) -> None:
    failed = {"failure": BookingCancelReason.CHARGER_FAULT}
    at = after(minutes)
    given(MADE).when(reach(minutes, others=(OTHER_PLUG,), **failed)).then(
        BookingMoved(
            plug=OTHER_PLUG,
            previous_plug=PLUG,
            at=at,
            reason=BookingCancelReason.CHARGER_FAULT,
            due_at=at + timedelta(seconds=1),
        )
    )
    given(MADE).when(reach(minutes, **failed)).then(
        BookingCancelled(at=at, reason=BookingCancelReason.CHARGER_FAULT)
    )


def test_at_the_slot_a_session_of_somebody_else_is_stopped_and_the_plug_looked_at_again() -> None:
    stopped = SlotBegan(at=after(120), stopped="170009", due_at=after(122))
    given(MADE, APPROACHED).when(reach(120, session="170009")).then(stopped)
    given(MADE, APPROACHED, stopped).when(reach(122)).then(SlotBegan(at=after(122), due_at=after(135)))
    again = SlotBegan(at=after(122), stopped="170009", due_at=after(124))
    given(MADE, APPROACHED, stopped).when(reach(122, session="170009")).then(again)
    moved = BookingMoved(
        plug=OTHER_PLUG,
        previous_plug=PLUG,
        at=after(122),
        reason=BookingCancelReason.PLUG_TAKEN,
        due_at=after(122) + timedelta(seconds=1),
    )
    given(MADE, APPROACHED, stopped).when(reach(122, taken=True, others=(OTHER_PLUG,))).then(moved)
    given(MADE, APPROACHED, stopped).when(reach(122, taken=True)).then(
        SlotBegan(at=after(122), due_at=after(135))
    )


def test_the_bookers_session_goes_on_where_the_rules_say_so() -> None:
    own = replace(MADE, rules=replace(RULES, on_demand_into_booking=True))
    runs = reach(120, session="170009", of_booker=True)
    given(own, APPROACHED).when(runs).then(BookingBegan(session="170009", at=after(120), due_at=after(200)))
    given(MADE, APPROACHED).when(runs).then(SlotBegan(at=after(120), stopped="170009", due_at=after(122)))


def test_who_booked_any_plug_and_charges_at_another_one_is_there() -> None:
    there = {"elsewhere": OTHER_PLUG, "session_elsewhere": "170009"}

    def moved(minutes: float, due_at: float) -> BookingMoved:
        return BookingMoved(plug=OTHER_PLUG, previous_plug=PLUG, at=after(minutes), due_at=after(due_at))

    began = BookingBegan(session="170009", at=after(120), due_at=after(200))
    own = replace(MADE, any_plug=True, rules=replace(RULES, on_demand_into_booking=True))
    given(own, APPROACHED).when(reach(120, **there)).then(moved(120, 120), began)
    # Where on-demand sessions do not run into the slot it is seen in the end: the booker did come.
    given(MADE, APPROACHED).when(reach(120, **there)).then(BEGAN)
    given(MADE, APPROACHED, BEGAN).when(reach(135, **there)).then(moved(135, 135), began)


def test_who_does_not_come_is_a_no_show_unless_the_plug_could_not_be_used() -> None:
    given(MADE, APPROACHED, BEGAN).when(reach(135)).then(MISSED)
    given(MADE).when(reach(500)).then(MISSED)
    for plug, reason in (
        ({"taken": True}, BookingCancelReason.PLUG_TAKEN),
        ({"session": "170009"}, BookingCancelReason.PLUG_TAKEN),
        ({"failure": BookingCancelReason.CHARGER_OFFLINE}, BookingCancelReason.CHARGER_OFFLINE),
    ):
        given(MADE, APPROACHED, BEGAN).when(reach(135, **plug)).then(
            BookingCancelled(at=after(135), reason=reason)
        )
    own = {"session": "170009", "of_booker": True}
    given(MADE, APPROACHED, BEGAN).when(reach(135, **own)).then(
        BookingBegan(session="170009", at=after(120), due_at=after(200))
    )


def test_a_session_of_the_booker_is_the_bookings_from_the_early_start_to_the_end_of_the_slots() -> None:
    given(MADE).when(begin(109.9)).then()
    early = BookingBegan(session="170001", at=after(110), due_at=after(200))
    given(MADE).when(begin(110)).then(early)
    given(MADE, APPROACHED, BEGAN).when(begin(121)).then(CHARGES)
    given(MADE, APPROACHED, BEGAN).when(begin(180)).then()
    again = BookingBegan(session="170002", at=after(150), due_at=after(200))
    given(MADE, CHARGES).when(begin(150, "170002")).then(again)
    given(MADE, CHARGES).when(begin(121)).then()


def test_it_may_begin_at_another_plug() -> None:
    moved = BookingMoved(plug=OTHER_PLUG, previous_plug=PLUG, at=after(121), due_at=after(105))
    given(MADE).when(begin(121, plug=OTHER_PLUG)).then(moved, CHARGES)


def test_a_session_that_is_learnt_late_takes_a_no_show_back_but_nothing_that_was_decided() -> None:
    late = BookingBegan(session="170001", at=after(121), due_at=after(300))
    given(MADE, APPROACHED, BEGAN, MISSED).when(begin(121, late=300)).then(late)
    given(MADE, APPROACHED, BEGAN, MISSED).when(begin(140, late=300)).then()
    offline = BookingCancelled(at=after(105), reason=BookingCancelReason.CHARGER_OFFLINE)
    given(MADE, offline).when(begin(121, late=300)).then(late)
    given(MADE, CANCELLED).when(begin(121, late=300)).then()
    given(MADE, CHARGES, ENDED).when(begin(150, "170002", late=300)).then()


def test_a_used_booking_ends_after_its_late_stop_or_is_given_back() -> None:
    given(MADE, CHARGES).when(reach(199)).then()
    given(MADE, CHARGES).when(reach(200)).then(ENDED)
    given(MADE, CHARGES).when(reach(200, session="170001")).then(replace(ENDED, stopped="170001"))
    given(MADE, CHARGES).when(reach(200, session="170009")).then(ENDED)
    back = BookingEnded(at=after(150), reason=BookingEnd.GIVEN_BACK)
    given(MADE, CHARGES).when(EndBooking(at=after(150))).then(back)
    given(MADE, CHARGES).when(EndBooking(at=after(150), session="170001")).then(
        replace(back, stopped="170001")
    )
    with pytest.raises(Rejected, match="cancel the booking"):
        given(MADE).when(EndBooking(at=after(150)))
    with pytest.raises(Rejected, match="is over"):
        given(MADE, CANCELLED).when(EndBooking(at=after(150)))


def test_what_is_over_has_no_deadlines() -> None:
    for over in (CANCELLED, MISSED):
        given(MADE, over).when(reach(1000)).then()
    given().when(reach(1000)).then()
