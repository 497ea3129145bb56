"""What follows from bookings: times of plugs, bookings of drivers, and sessions that are stopped."""

from datetime import datetime
from typing import Any

import pytest

from eosvolt.domain.bookings.booker import bookers
from eosvolt.domain.bookings.calendar import calendars
from eosvolt.domain.bookings.commands import (
    BeginBooking,
    BindBooker,
    BookingCommand,
    CancelBooking,
    EndBooking,
    ExtendBooking,
    FreeSlot,
    HoldSlot,
    MakeBooking,
    PlugNow,
    ReachBookingDeadline,
    ReleaseBooker,
    ReleaseHold,
    RescheduleBooking,
    TakeSlot,
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
    SlotBegan,
    SlotHeld,
)
from eosvolt.domain.bookings.values import BookedPlug, BookingCancelReason
from eosvolt.domain.commands.commands import RequestCommand
from eosvolt.domain.commands.decider import charger_commands
from eosvolt.domain.kernel import CommandEnvelope, Event
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import ReservationMade
from eosvolt.domain.reactions.bookings import BY, STOP_WITHIN
from eosvolt.domain.sessions.commands import EndCharging, StartSession
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import Place
from eosvolt.domain.tokens.events import Authorization
from tests.a_booking import APPROACHED, BEGAN, CHARGES, CHOICE, HELD, MADE, MISSED, OTHER_PLUG, PLUG
from tests.examples import CHARGE_POINT, COMPANY, FLAT_TARIFF, LOCATION, TOKEN, after
from tests.unit.reactions.follows import follows

CALENDAR, OTHER_CALENDAR = PLUG.key(COMPANY), OTHER_PLUG.key(COMPANY)
DRIVER = f"{COMPANY}/customer/ana"
SESSION = "170001"
START = StartSession(
    number=170001,
    place=Place(COMPANY, LOCATION, "CP-1", 1, "Europe/Berlin"),
    token=TOKEN,
    at=after(100),
    received_at=after(100),
    meter_start_wh=1000,
    transaction=170001,
    tariff=FLAT_TARIFF,
    max_power_w=22_000,
    authorization=Authorization.ACCEPTED,
)


def after_booking(
    event: type[Event], given: list[Event], command: BookingCommand, **more: Any
) -> list[CommandEnvelope]:
    return follows(event, bookings, "b1", given, command, **more)


def takes(
    since: datetime,
    until: datetime,
    at: datetime,
    plug: BookedPlug = PLUG,
    *,
    held_until: datetime | None = None,
    begins_from: datetime | None = None,
) -> list[CommandEnvelope]:
    """The time is taken and the driver has it."""
    begins = begins_from or after(110)
    take = TakeSlot(
        booking="b1",
        booker=CHOICE.booker,
        since=since,
        until=until,
        at=at,
        begins_from=begins,
        buffer_minutes=5,
        held_until=held_until,
    )
    bind = BindBooker(
        booking="b1",
        location=LOCATION,
        plug=plug,
        since=since,
        until=until,
        at=at,
        begins_from=begins,
        held_until=held_until,
        buffer_minutes=5,
    )
    return [
        CommandEnvelope(calendars, plug.key(COMPANY), take),
        CommandEnvelope(bookers, DRIVER, bind),
    ]


def taken_first() -> TakeSlot:
    command = takes(after(120), after(180), after(1))[0].command
    assert isinstance(command, TakeSlot)
    return command


def frees(minutes: float) -> CommandEnvelope:
    return CommandEnvelope(calendars, CALENDAR, FreeSlot(booking="b1", at=after(minutes)))


def releases(minutes: float) -> CommandEnvelope:
    return CommandEnvelope(bookers, DRIVER, ReleaseBooker(booking="b1", at=after(minutes)))


def test_what_is_held_or_booked_is_taken() -> None:
    held = after_booking(SlotHeld, [], HoldSlot(choice=CHOICE, at=after(0)))
    assert held == takes(after(120), after(180), after(0), held_until=after(5))
    made = after_booking(BookingMade, [HELD], MakeBooking(choice=CHOICE, at=after(1)))
    assert made == takes(after(120), after(180), after(1))


def test_a_longer_booking_takes_all_of_its_time() -> None:
    longer = ExtendBooking(until=after(240), slots=2, at=after(2))
    assert after_booking(BookingExtended, [MADE], longer) == takes(after(120), after(240), after(2))


def test_a_booking_that_is_moved_gives_back_what_it_had_on_another_plug() -> None:
    def to(plug: BookedPlug) -> RescheduleBooking:
        return RescheduleBooking(plug=plug, since=after(240), until=after(300), slots=1, at=after(2))

    same = after_booking(BookingRescheduled, [MADE], to(PLUG))
    assert same == takes(after(240), after(300), after(2), begins_from=after(230))
    other = after_booking(BookingRescheduled, [MADE], to(OTHER_PLUG))
    assert other == [
        frees(2),
        *takes(after(240), after(300), after(2), OTHER_PLUG, begins_from=after(230)),
    ]
    failed = ReachBookingDeadline(
        at=after(105), plug=PlugNow(failure=BookingCancelReason.CHARGER_FAULT, others=(OTHER_PLUG,))
    )
    replaced = after_booking(BookingMoved, [MADE], failed)
    assert replaced == [frees(105), *takes(after(120), after(180), after(105), OTHER_PLUG)]


@pytest.mark.parametrize(
    ("event", "given", "command", "minutes"),
    [
        (HoldReleased, [HELD], ReleaseHold(at=after(3)), 3),
        (BookingCancelled, [MADE], CancelBooking(at=after(3), reason=BookingCancelReason.BY_OPERATOR), 3),
        (NoShowNoted, [MADE, APPROACHED, BEGAN], ReachBookingDeadline(at=after(136)), 135),
    ],
)
def test_what_is_not_used_is_given_back(
    event: type[Event], given: list[Event], command: BookingCommand, minutes: float
) -> None:
    assert after_booking(event, given, command) == [frees(minutes), releases(minutes)]


def test_of_a_used_booking_the_rest_is_given_back_where_somebody_does_so() -> None:
    over = after_booking(BookingEnded, [MADE, CHARGES], ReachBookingDeadline(at=after(200)))
    assert over == [releases(200)]
    taken = calendars.decide(taken_first(), calendars.initial)
    others = {calendars.stream(CALENDAR): calendars.fold(taken)}
    back = after_booking(BookingEnded, [MADE, CHARGES], EndBooking(at=after(150)), others=others)
    assert back == [releases(150), takes(after(120), after(150), after(150))[0]]
    early = BookingBegan(session=SESSION, at=after(111), due_at=after(200))
    never = after_booking(BookingEnded, [MADE, early], EndBooking(at=after(112)), others=others)
    assert never == [releases(112), frees(112)]
    gone = after_booking(BookingEnded, [MADE, CHARGES], EndBooking(at=after(150)))
    assert gone == [releases(150)]


def test_a_no_show_that_was_none_is_its_drivers_again_and_takes_no_time() -> None:
    late = BeginBooking(session=SESSION, plug=PLUG, at=after(121), received_at=after(300))
    found = after_booking(BookingBegan, [MADE, APPROACHED, BEGAN, MISSED], late)
    bound = takes(after(120), after(180), after(121))[1].command
    assert isinstance(bound, BindBooker)
    (again,) = found
    assert isinstance(again.command, BindBooker)
    assert (again.command.booking, again.command.only) == (bound.booking, False)
    assert after_booking(BookingBegan, [MADE, APPROACHED, BEGAN], late) == []


def test_the_charger_is_asked_to_stop_who_still_charges() -> None:
    running = sessions.fold(sessions.decide(START, sessions.initial))
    others = {sessions.stream(SESSION): running}
    begins = ReachBookingDeadline(at=after(120), plug=PlugNow(session=SESSION))
    asked = after_booking(SlotBegan, [MADE, APPROACHED], begins, now=after(120), others=others)
    command = f"booking-b1-{SESSION}-{int(after(120).timestamp())}"
    stop = RequestCommand(
        command=command,
        company=COMPANY,
        charge_point=CHARGE_POINT,
        action="remoteStop",
        payload={"transaction": 170001},
        by=BY,
        at=after(120),
        expires_at=after(120) + STOP_WITHIN,
    )
    assert asked == [CommandEnvelope(charger_commands, command, stop)]
    ends = ReachBookingDeadline(at=after(200), plug=PlugNow(session=SESSION))
    at_the_end = after_booking(BookingEnded, [MADE, CHARGES], ends, now=after(200), others=others)
    assert [each.decider for each in at_the_end] == [bookers, charger_commands]


def test_nobody_is_asked_to_stop_what_is_over() -> None:
    end = EndCharging(at=after(119), received_at=after(119), reason="Local", meter_stop_wh=2000)
    started = sessions.decide(START, sessions.initial)
    over = sessions.fold([*started, *sessions.decide(end, sessions.fold(started))])
    others = {sessions.stream(SESSION): over}
    begins = ReachBookingDeadline(at=after(120), plug=PlugNow(session=SESSION))
    assert after_booking(SlotBegan, [MADE, APPROACHED], begins, others=others) == []
    alone = ReachBookingDeadline(at=after(120))
    assert after_booking(SlotBegan, [MADE, APPROACHED], alone) == []


def test_what_an_operator_has_reserved_on_the_plug_is_let_go_when_the_slot_begins() -> None:
    def reserved(number: int, connector: int) -> ReservationMade:
        return ReservationMade(
            at=after(100), reservation=number, connector=connector, token="T9", expires_at=after(200)
        )

    upkeep = maintenance.fold([reserved(7, 1), reserved(8, 2)])
    others = {maintenance.stream(CHARGE_POINT): upkeep}
    begins = ReachBookingDeadline(at=after(120))
    (asked,) = after_booking(SlotBegan, [MADE, APPROACHED], begins, now=after(120), others=others)
    assert isinstance(asked.command, RequestCommand)
    assert asked.key == "booking-b1-reservation-7"
    assert (asked.command.action, asked.command.payload) == ("cancelReservation", {"reservationId": 7})
