"""A booking is held, made, changed, begun and over; each command does so once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from eosvolt.domain.bookings.commands import (
    BeginBooking,
    CancelBooking,
    EndBooking,
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
    BookingBegan,
    BookingCancelled,
    BookingEnded,
    BookingExtended,
    BookingMade,
    BookingMoved,
    BookingRescheduled,
    HoldReleased,
    NoShowNoted,
    SlotApproached,
    SlotBegan,
    SlotHeld,
)
from eosvolt.domain.bookings.values import (
    BookedPlug,
    Booker,
    BookingEnd,
    CancelReason,
    HoldEnd,
    SlotChoice,
)
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.locations.booking_rules import BookingRules
from tests.examples import COMPANY, LOCATION, after
from tests.rule import Rule

PLUG, OTHER_PLUG = BookedPlug("CP-1", 1, "iec62196T2", 22_000), BookedPlug("CP-2", 1, "iec62196T2", 22_000)
RULES = BookingRules(
    enabled=True,
    buffer_minutes=5,
    auto_cancel_minutes=15,
    early_start_minutes=10,
    late_stop_minutes=20,
    change_minutes=30,
    cancel_minutes=60,
)
CHOICE = SlotChoice(
    booking="b1",
    company=COMPANY,
    location=LOCATION,
    time_zone="Europe/Berlin",
    plug=PLUG,
    booker=Booker(customer="ana"),
    since=after(120),
    until=after(180),
    slots=1,
    rules=RULES,
)
CHOSEN: dict[str, Any] = {name: getattr(CHOICE, name) for name in CHOICE.__struct_fields__}
HELD = SlotHeld(**CHOSEN, at=after(0), held_until=after(5), due_at=after(5))
MADE = BookingMade(
    **CHOSEN,
    at=after(1),
    begins_from=after(110),
    no_show_at=after(135),
    stops_at=after(200),
    due_at=after(105),
)
APPROACHED = SlotApproached(at=after(105), due_at=after(120))
BEGAN = SlotBegan(at=after(120), due_at=after(135))
CHARGES = BookingBegan(session="170001", at=after(121), due_at=after(200))
ENDED = BookingEnded(at=after(200), reason=BookingEnd.TIME_OVER)
CANCELLED = BookingCancelled(at=after(2), reason=CancelReason.BY_OPERATOR, note="Closed")
MISSED = NoShowNoted(at=after(135))


def given(*events: Any) -> Rule:
    return Rule(bookings).given(*events)


def reach(minutes: float, **plug: Any) -> ReachBookingDeadline:
    return ReachBookingDeadline(at=after(minutes), plug=PlugNow(**plug))


def begin(minutes: float, session: str = "170001", plug: BookedPlug = PLUG, late: float = 0) -> BeginBooking:
    return BeginBooking(session=session, plug=plug, at=after(minutes), received_at=after(max(minutes, late)))


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
    with pytest.raises(Rejected, match="at least 30 minutes"):
        given(MADE).when(to(91, by_driver=True))
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


def test_drivers_cancel_until_their_minutes_before_the_start_and_operators_until_somebody_charges() -> None:
    by_driver = CancelBooking(at=after(60), reason=CancelReason.BY_DRIVER)
    given(MADE).when(by_driver).then(BookingCancelled(at=after(60), reason=CancelReason.BY_DRIVER))
    with pytest.raises(Rejected, match="at least 60 minutes"):
        given(MADE).when(replace(by_driver, at=after(61)))
    by_operator = CancelBooking(at=after(122), reason=CancelReason.BY_OPERATOR, note=" Closed ")
    given(MADE, APPROACHED, BEGAN).when(by_operator).then(
        BookingCancelled(at=after(122), reason=CancelReason.BY_OPERATOR, note="Closed")
    )
    with pytest.raises(Rejected, match="Charging has begun"):
        given(MADE, CHARGES).when(by_operator)
    for over in (MISSED, ENDED):
        with pytest.raises(Rejected, match="is over"):
            given(MADE, *([CHARGES] if over is ENDED else []), over).when(by_operator)
    with pytest.raises(Rejected, match="no such booking"):
        given().when(by_operator)


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
    failed = {"failure": CancelReason.CHARGER_FAULT}
    at = after(minutes)
    given(MADE).when(reach(minutes, others=(OTHER_PLUG,), **failed)).then(
        BookingMoved(
            plug=OTHER_PLUG,
            previous_plug=PLUG,
            at=at,
            reason=CancelReason.CHARGER_FAULT,
            due_at=at + timedelta(seconds=1),
        )
    )
    given(MADE).when(reach(minutes, **failed)).then(
        BookingCancelled(at=at, reason=CancelReason.CHARGER_FAULT)
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
        reason=CancelReason.PLUG_TAKEN,
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


def test_who_does_not_come_is_a_no_show_unless_the_plug_could_not_be_used() -> None:
    given(MADE, APPROACHED, BEGAN).when(reach(135)).then(MISSED)
    given(MADE).when(reach(500)).then(MISSED)
    for plug, reason in (
        ({"taken": True}, CancelReason.PLUG_TAKEN),
        ({"session": "170009"}, CancelReason.PLUG_TAKEN),
        ({"failure": CancelReason.CHARGER_OFFLINE}, CancelReason.CHARGER_OFFLINE),
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
    offline = BookingCancelled(at=after(105), reason=CancelReason.CHARGER_OFFLINE)
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
