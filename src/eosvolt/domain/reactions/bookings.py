"""What happens to a booking is in the calendars of its plugs and in its driver's bookings in the same commit.

Where the slot of somebody begins, or a booking is over, the charger is asked to stop the session that is
still on the plug.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from eosvolt.domain.bookings.booker import bookers
from eosvolt.domain.bookings.calendar import calendars
from eosvolt.domain.bookings.commands import BindBooker, FreeSlot, ReleaseBooker, TakeSlot
from eosvolt.domain.bookings.decider import times_of
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
from eosvolt.domain.bookings.state import Over
from eosvolt.domain.bookings.values import BookedPlug, BookingEnd, SlotChoice
from eosvolt.domain.commands.commands import RequestCommand
from eosvolt.domain.commands.decider import charger_commands
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.reactions.reaction import Need, ReactionContext
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import SessionStarted
from eosvolt.domain.sessions.state import Charging, start_of

# How long our stop may wait for a charger that is away before it makes no sense any more.
STOP_WITHIN = timedelta(seconds=60)
BY = "system:bookings"


def take(event: SlotHeld | BookingMade | BookingExtended, context: ReactionContext) -> list[CommandEnvelope]:
    """The time is taken on the plug, and the driver has the booking."""
    held_until = event.held_until if isinstance(event, SlotHeld) else None
    return _taken(context.after.choice, event.at, held_until)


def take_another(event: BookingRescheduled | BookingMoved, context: ReactionContext) -> list[CommandEnvelope]:
    """The other time is taken on the other plug; what was taken before is free."""
    choice: SlotChoice = context.after.choice
    freed = [] if event.plug == event.previous_plug else [_freed(choice, event.previous_plug, event.at)]
    return [*freed, *_taken(choice, event.at, None)]


def give_back(
    event: HoldReleased | BookingCancelled | NoShowNoted, context: ReactionContext
) -> list[CommandEnvelope]:
    """The time is free, and the driver has the booking no more."""
    choice: SlotChoice = context.after.choice
    return [_freed(choice, choice.plug, event.at), _released(choice, event.at)]


def needs_calendar(_event: BookingEnded, context: ReactionContext) -> Iterable[Need]:
    """What is taken of the plug."""
    choice: SlotChoice = context.after.choice
    yield Need(calendars, choice.plug.key(choice.company))


def end(event: BookingEnded, context: ReactionContext) -> list[CommandEnvelope]:
    """The driver has the booking no more; of time that was given back the plug is free after the buffer."""
    choice: SlotChoice = context.after.choice
    envelopes = [_released(choice, event.at)]
    calendar = context.other(calendars, choice.plug.key(choice.company))
    if event.reason is BookingEnd.GIVEN_BACK and calendar.has(choice.booking):
        if event.at <= choice.since:
            envelopes.append(_freed(choice, choice.plug, event.at))
        elif event.at < choice.until:
            envelopes.append(_take(choice, choice.since, event.at, event.at, None))
    return envelopes


def begin_again(event: BookingBegan, context: ReactionContext) -> list[CommandEnvelope]:
    """A booking that was given up, until its charger told of its session, is its driver's again.

    Its time may be somebody else's meanwhile, and stays so.
    """
    if not isinstance(context.before, Over):
        return []
    return [_bound(context.after.choice, event.at, None, only=False)]


def needs_stopped(event: SlotBegan | BookingEnded, _context: ReactionContext) -> Iterable[Need]:
    """The session to stop."""
    if event.stopped:
        yield Need(sessions, event.stopped)


def stop_session(event: SlotBegan | BookingEnded, context: ReactionContext) -> list[CommandEnvelope]:
    """The charger is asked to stop the session, if it still charges."""
    if not event.stopped:
        return []
    session = context.other(sessions, event.stopped)
    start = start_of(session)
    if start is None or not isinstance(session, Charging):
        return []
    command = f"booking-{context.key}-{event.stopped}-{int(event.at.timestamp())}"
    return [CommandEnvelope(charger_commands, command, _stop(command, start, context.now))]


def needs_reservations(_event: SlotBegan, context: ReactionContext) -> Iterable[Need]:
    """The reservations that the charger holds."""
    choice: SlotChoice = context.after.choice
    yield Need(maintenance, f"{choice.company}/{choice.plug.charge_point}")


def cancel_reservations(_event: SlotBegan, context: ReactionContext) -> list[CommandEnvelope]:
    """The charger is asked to let go what is reserved on the plug, for which it would refuse the booker."""
    choice: SlotChoice = context.after.choice
    charge_point = f"{choice.company}/{choice.plug.charge_point}"
    held = context.other(maintenance, charge_point).reservations.values()
    return [
        CommandEnvelope(
            charger_commands,
            command := f"booking-{context.key}-reservation-{each.reservation}",
            RequestCommand(
                command=command,
                company=choice.company,
                charge_point=charge_point,
                action="cancelReservation",
                payload={"reservationId": each.reservation},
                by=BY,
                at=context.now,
                expires_at=context.now + STOP_WITHIN,
            ),
        )
        for each in held
        if each.connector == choice.plug.connector
    ]


def _stop(command: str, start: SessionStarted, now: datetime) -> RequestCommand:
    return RequestCommand(
        command=command,
        company=start.place.company,
        charge_point=f"{start.place.company}/{start.place.charge_point}",
        action="remoteStop",
        payload={"transaction": start.transaction},
        by=BY,
        at=now,
        expires_at=now + STOP_WITHIN,
    )


def _taken(choice: SlotChoice, at: datetime, held_until: datetime | None) -> list[CommandEnvelope]:
    return [
        _take(choice, choice.since, choice.until, at, held_until),
        _bound(choice, at, held_until, only=choice.rules.one_per_driver),
    ]


def _take(
    choice: SlotChoice, since: datetime, until: datetime, at: datetime, held_until: datetime | None
) -> CommandEnvelope:
    command = TakeSlot(
        booking=choice.booking,
        booker=choice.booker,
        since=since,
        until=until,
        at=at,
        begins_from=times_of(choice).begins_from,
        buffer_minutes=choice.rules.buffer_minutes,
        held_until=held_until,
    )
    return CommandEnvelope(calendars, choice.plug.key(choice.company), command)


def _freed(choice: SlotChoice, plug: BookedPlug, at: datetime) -> CommandEnvelope:
    command = FreeSlot(booking=choice.booking, at=at)
    return CommandEnvelope(calendars, plug.key(choice.company), command)


def _bound(choice: SlotChoice, at: datetime, held_until: datetime | None, *, only: bool) -> CommandEnvelope:
    command = BindBooker(
        booking=choice.booking,
        location=choice.location,
        plug=choice.plug,
        since=choice.since,
        until=choice.until,
        at=at,
        begins_from=times_of(choice).begins_from,
        any_plug=choice.any_plug,
        held_until=held_until,
        buffer_minutes=choice.rules.buffer_minutes,
        only=only,
    )
    return CommandEnvelope(bookers, booker_key(choice), command)


def _released(choice: SlotChoice, at: datetime) -> CommandEnvelope:
    command = ReleaseBooker(booking=choice.booking, at=at)
    return CommandEnvelope(bookers, booker_key(choice), command)


def booker_key(choice: SlotChoice) -> str:
    """The key of the driver's bookings at the company."""
    return f"{choice.company}/{choice.booker.key}"
