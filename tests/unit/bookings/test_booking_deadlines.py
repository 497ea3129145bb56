"""What falls due of bookings: warnings, no-shows, ends, plugs that fail or are taken, on-demand sessions."""

from collections.abc import Sequence

from eosvolt.domain.bookings.events import (
    BookingBegan,
    BookingCancelled,
    BookingEnded,
    BookingMoved,
    NoShowNoted,
    SlotApproached,
    SlotBegan,
)
from eosvolt.domain.bookings.values import BookingCancelReason, BookingEnd, BookingStatus
from eosvolt.domain.commands.events import CommandRequested
from tests.examples import after
from tests.unit.bookings.booking_site import OTHER, PLUG_1, PLUG_2, BookingSite


def stops(s: BookingSite) -> Sequence[CommandRequested]:
    return [event for event in s.happened(CommandRequested) if event.action == "remoteStop"]


async def test_a_booking_that_nobody_uses_is_a_no_show_after_its_minutes_and_the_rest_is_free() -> None:
    s = await BookingSite().bookable(auto_cancel_minutes=15)
    await s.books(60)
    await s.passes(76)
    (noted,) = s.happened(NoShowNoted)
    assert noted.at == after(75)
    assert await s.status() is BookingStatus.NO_SHOW
    assert (await s.starts(77, token=OTHER)).token.authorization.value == "Accepted"


async def test_without_auto_cancel_it_is_a_no_show_at_its_end() -> None:
    s = await BookingSite().bookable()
    await s.books(60)
    await s.passes(119)
    assert await s.status() is BookingStatus.BOOKED
    await s.passes(121)
    assert await s.status() is BookingStatus.NO_SHOW


async def test_a_booking_is_completed_at_its_end_and_a_session_that_goes_on_is_stopped() -> None:
    s = await BookingSite().bookable()
    await s.books(60)
    answer = await s.starts(61)
    await s.passes(121)
    (ended,) = s.happened(BookingEnded)
    assert (ended.reason, ended.stopped) == (BookingEnd.TIME_OVER, str(answer.transaction))
    (stop,) = stops(s)
    assert stop.payload == {"transaction": answer.transaction}
    assert await s.status() is BookingStatus.COMPLETED


async def test_a_late_stop_lets_it_last_for_some_minutes_more() -> None:
    s = await BookingSite().bookable(late_stop_minutes=10)
    await s.books(60)
    await s.starts(61)
    await s.passes(129)
    assert (await s.status(), stops(s)) == (BookingStatus.ACTIVE, [])
    await s.passes(131)
    assert await s.status() is BookingStatus.COMPLETED
    assert len(stops(s)) == 1


async def test_but_not_into_the_slot_of_somebody_else() -> None:
    s = await BookingSite().bookable(late_stop_minutes=30)
    await s.books(60)
    await s.books(120, "b2", token=OTHER)
    answer = await s.starts(61)
    await s.passes(121)
    assert [each.stopped for each in s.happened(SlotBegan)] == [str(answer.transaction)]
    assert [each.payload for each in stops(s)] == [{"transaction": answer.transaction}]


async def test_what_is_left_of_a_booking_can_be_given_back() -> None:
    s = await BookingSite().bookable(buffer_minutes=10)
    await s.books(60, slots=2)
    answer = await s.starts(61)
    s.clock.set(after(80))
    await s.gives_back()
    (ended,) = s.happened(BookingEnded)
    assert (ended.reason, ended.stopped) == (BookingEnd.GIVEN_BACK, str(answer.transaction))
    assert len(stops(s)) == 1
    assert 120 in await s.free()
    await s.token("THIRD")
    assert (await s.starts(85, token="THIRD", plug=1)).token.authorization.value == "Invalid"
    assert (await s.starts(91, token=OTHER, plug=1)).token.authorization.value == "Accepted"


async def test_the_earlier_driver_is_warned_before_the_slot_and_stopped_when_it_begins() -> None:
    s = await BookingSite().bookable()
    await s.books(60)
    answer = await s.starts(10, token=OTHER)
    await s.passes(46)
    (approached,) = s.happened(SlotApproached)
    assert (approached.at, approached.warned) == (after(45), str(answer.transaction))
    assert stops(s) == []
    await s.passes(61)
    (began,) = s.happened(SlotBegan)
    assert began.stopped == str(answer.transaction)
    assert len(stops(s)) == 1
    await s.stops(60.5, answer.transaction, 2000, reason="Remote")
    await s.reports(61, "Available")
    assert (await s.starts(62, meter=2000)).token.authorization.value == "Accepted"


async def test_the_bookers_own_session_goes_on_as_the_booked_one_where_the_location_wants_it() -> None:
    s = await BookingSite().bookable(on_demand_into_booking=True)
    await s.books(60)
    answer = await s.starts(40)
    await s.passes(61)
    (began,) = s.happened(BookingBegan)
    assert (began.session, began.at) == (str(answer.transaction), after(60))
    assert stops(s) == []
    assert await s.status() is BookingStatus.ACTIVE


async def test_who_booked_any_plug_and_charges_at_another_one_of_the_kind_has_begun() -> None:
    s = await BookingSite().bookable(on_demand_into_booking=True)
    await s.books(60, plug=0)
    answer = await s.starts(40, plug=2)
    await s.passes(61)
    (moved,) = s.happened(BookingMoved)
    (began,) = s.happened(BookingBegan)
    assert (moved.plug, began.session) == (PLUG_2, str(answer.transaction))
    assert (await s.status(), stops(s)) == (BookingStatus.ACTIVE, [])


async def test_nobody_who_charges_at_a_plug_of_the_kind_is_a_no_show() -> None:
    s = await BookingSite().bookable(auto_cancel_minutes=15)
    await s.books(60, plug=0)
    await s.starts(40, plug=2)
    await s.passes(76)
    assert (await s.status(), s.happened(NoShowNoted)) == (BookingStatus.ACTIVE, [])


async def test_elsewhere_it_is_stopped_as_everybody_elses_is() -> None:
    s = await BookingSite().bookable(on_demand_into_booking=False)
    await s.books(60)
    await s.starts(40)
    await s.passes(61)
    assert len(stops(s)) == 1
    assert s.happened(BookingBegan) == []


async def test_somebody_elses_session_is_stopped_even_where_the_bookers_own_would_go_on() -> None:
    s = await BookingSite().bookable(on_demand_into_booking=True)
    await s.books(60)
    await s.starts(40, token=OTHER)
    await s.passes(61)
    assert len(stops(s)) == 1


async def test_a_plug_that_fails_before_the_start_is_replaced_by_another_of_the_kind() -> None:
    s = await BookingSite().bookable()
    await s.books(60)
    await s.reports(30, "Faulted", error="GroundFailure")
    await s.passes(48)
    (moved,) = s.happened(BookingMoved)
    assert (moved.plug, moved.reason) == (PLUG_2, BookingCancelReason.CHARGER_FAULT)
    assert 60 not in await s.free(2)
    assert (await s.starts(61, plug=2)).token.authorization.value == "Accepted"


async def test_without_another_plug_it_is_cancelled_with_the_reason() -> None:
    s = await BookingSite().bookable()
    await s.books(60)
    await s.books(60, "b2", token=OTHER, plug=2)
    await s.reports(30, "Faulted", error="GroundFailure")
    await s.passes(48)
    (cancelled,) = s.happened(BookingCancelled)
    assert cancelled.reason is BookingCancelReason.CHARGER_FAULT
    assert await s.status() is BookingStatus.CANCELLED


async def test_a_charger_that_is_away_for_long_is_no_better() -> None:
    s = await BookingSite().bookable()
    await s.books(60)
    await s.disconnects(10)
    await s.passes(48)
    (cancelled,) = s.happened(BookingCancelled)
    assert cancelled.reason is BookingCancelReason.CHARGER_OFFLINE


async def test_a_plug_that_recovers_in_time_keeps_its_booking() -> None:
    s = await BookingSite().bookable()
    await s.books(60)
    await s.reports(10, "Faulted", error="GroundFailure")
    await s.reports(40, "Available")
    await s.passes(61)
    assert await s.status() is BookingStatus.BOOKED
    assert s.happened(BookingMoved) == []


async def test_a_plug_on_which_another_car_is_left_is_replaced_when_the_slot_begins() -> None:
    s = await BookingSite().bookable()
    await s.books(60)
    answer = await s.starts(10, token=OTHER)
    await s.stops(50, answer.transaction, 2000)
    await s.passes(63)
    (moved,) = s.happened(BookingMoved)
    assert (moved.plug, moved.reason) == (PLUG_2, BookingCancelReason.PLUG_TAKEN)
    assert (await s.starts(64, plug=2)).token.authorization.value == "Accepted"


async def test_where_no_other_plug_is_free_it_is_cancelled_as_taken_rather_than_a_no_show() -> None:
    s = await BookingSite().bookable(auto_cancel_minutes=15)
    await s.books(60)
    answer = await s.starts(10, token=OTHER)
    await s.stops(50, answer.transaction, 2000)
    await s.token("THIRD")
    await s.starts(51, token="THIRD", plug=2)
    await s.passes(76)
    (cancelled,) = s.happened(BookingCancelled)
    assert cancelled.reason is BookingCancelReason.PLUG_TAKEN


async def test_a_charger_that_fails_after_the_slot_began_makes_no_no_show() -> None:
    s = await BookingSite().bookable(auto_cancel_minutes=15)
    await s.books(60)
    await s.passes(61)
    await s.reports(62, "Faulted", error="GroundFailure")
    await s.passes(76)
    (cancelled,) = s.happened(BookingCancelled)
    assert (cancelled.reason, s.happened(NoShowNoted)) == (BookingCancelReason.CHARGER_FAULT, [])


async def test_deadlines_are_kept_by_whoever_comes_after_a_restart() -> None:
    s = await BookingSite().bookable(auto_cancel_minutes=15)
    await s.books(60)
    # Nobody looked for hours; all that fell due meanwhile is decided at once.
    s.clock.set(after(300))
    await s.passes(301)
    assert await s.status() is BookingStatus.NO_SHOW
    (noted,) = s.happened(NoShowNoted)
    assert noted.at == after(75)


async def test_an_ended_booking_frees_its_driver() -> None:
    s = await BookingSite().bookable(auto_cancel_minutes=15)
    await s.books(60)
    await s.passes(76)
    await s.books(120, "b2")
    assert (await s.books(120, "b2")).choice.plug == PLUG_1
    assert (await s.status("b2")) is BookingStatus.BOOKED
