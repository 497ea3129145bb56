"""The calendar of a plug: which times are taken, so that no two bookings overlap, whatever happens at once.

The store refuses a second writer of a stream, so that of two who want the same time one reads the other's.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import assert_never

import msgspec
from msgspec import Struct

from eosvolt.domain.bookings.commands import CalendarCommand, FreeSlot, TakeSlot
from eosvolt.domain.bookings.events import CalendarEvent, SlotFreed, SlotTaken
from eosvolt.domain.bookings.values import Booker, SlotUnavailable
from eosvolt.domain.kernel import Decider, Rejected

# Starts that chargers report late are judged by what was taken then.
REMEMBERED = timedelta(days=31)
TAKEN = "This time is taken: choose another slot."


class TakenTime(Struct, frozen=True):
    """A time that a booking has, or had until ``freed_at``."""

    booking: str
    booker: Booker
    since: datetime
    until: datetime
    begins_from: datetime
    buffer_minutes: int = 0
    held_until: datetime | None = None
    freed_at: datetime | None = None

    @property
    def kept_until(self) -> datetime:
        """The end of the time that is kept free after it."""
        return self.until + timedelta(minutes=self.buffer_minutes)

    def holds(self, at: datetime) -> bool:
        """Whether it is anybody's at an instant: given back and forgotten holds are nobody's."""
        if self.freed_at is not None and self.freed_at <= at:
            return False
        return self.held_until is None or at < self.held_until

    def covers(self, at: datetime) -> bool:
        """Whether an instant is in it or in what is kept free after it, and it is booked then."""
        return self.since <= at < self.kept_until and self.held_until is None and self.holds(at)


class Calendar(Struct, frozen=True):
    """The times of a plug that are or were taken, as they were taken."""

    times: tuple[TakenTime, ...] = ()

    def taken(
        self, since: datetime, until: datetime, buffer_minutes: int, at: datetime, *besides: str
    ) -> TakenTime | None:
        """What stands against a booking of a time, as known ``at`` an instant; not what ``besides`` have.

        Each of the two keeps its own minutes free after it. A time without length overlaps nothing.
        """
        kept_until = until + timedelta(minutes=buffer_minutes)
        return next(
            (
                each
                for each in self._held(at)
                if each.booking not in besides and each.since < kept_until and since < each.kept_until
            ),
            None,
        )

    def covering(self, at: datetime) -> TakenTime | None:
        """Whose the plug is at an instant; where one begins within the other's buffer, its own."""
        return max((each for each in self.times if each.covers(at)), key=_since, default=None)

    def next_after(self, at: datetime) -> TakenTime | None:
        """The next booking that begins after an instant."""
        later = (each for each in self.times if each.since > at and each.held_until is None)
        return min((each for each in later if each.holds(at)), key=_since, default=None)

    def is_booked(self, at: datetime) -> bool:
        """Whether there are bookings that are not over at an instant."""
        return any(at < each.until and each.held_until is None and each.holds(at) for each in self.times)

    def beginning(self, at: datetime) -> Iterator[TakenTime]:
        """The bookings that may begin at an instant: in their time, or before it by their rules."""
        return (
            each
            for each in self.times
            if each.begins_from <= at < each.until and each.held_until is None and each.holds(at)
        )

    def has(self, booking: str) -> bool:
        """Whether something is taken for a booking."""
        return any(each.booking == booking and each.freed_at is None for each in self.times)

    def _held(self, at: datetime) -> Iterator[TakenTime]:
        return (each for each in self.times if each.holds(at))


def decide(command: CalendarCommand, calendar: Calendar) -> Sequence[CalendarEvent]:
    """What happens. Raises ``SlotUnavailable`` for a time that is taken."""
    match command:
        case TakeSlot():
            return _taken(command, calendar)
        case FreeSlot(booking=booking, at=at):
            return [SlotFreed(booking=booking, at=at)] if calendar.has(booking) else []
        case _:
            assert_never(command)


def _taken(command: TakeSlot, calendar: Calendar) -> Sequence[CalendarEvent]:
    if command.since >= command.until:
        raise Rejected("A booking ends after it begins.")
    wanted = TakenTime(
        command.booking,
        command.booker,
        command.since,
        command.until,
        command.begins_from,
        command.buffer_minutes,
        command.held_until,
    )
    if wanted in calendar.times:
        return []
    other = calendar.taken(command.since, command.until, command.buffer_minutes, command.at, command.booking)
    if other is not None:
        raise SlotUnavailable(TAKEN)
    return [
        SlotTaken(
            booking=command.booking,
            booker=command.booker,
            since=command.since,
            until=command.until,
            at=command.at,
            begins_from=command.begins_from,
            buffer_minutes=command.buffer_minutes,
            held_until=command.held_until,
        )
    ]


def evolve(calendar: Calendar, event: CalendarEvent) -> Calendar:
    """The calendar after ``event``."""
    match event:
        case SlotTaken():
            taken = TakenTime(
                event.booking,
                event.booker,
                event.since,
                event.until,
                event.begins_from,
                event.buffer_minutes,
                event.held_until,
            )
            known = (each for each in calendar.times if each.kept_until > event.at - REMEMBERED)
            return Calendar((*_freed(known, event.booking, event.at), taken))
        case SlotFreed(booking=booking, at=at):
            return Calendar(tuple(_freed(calendar.times, booking, at)))
        case _:
            assert_never(event)


def _freed(
    times: Sequence[TakenTime] | Iterator[TakenTime], booking: str, at: datetime
) -> Iterator[TakenTime]:
    for each in times:
        if each.booking == booking and each.freed_at is None:
            yield msgspec.structs.replace(each, freed_at=at)
        else:
            yield each


def _since(taken: TakenTime) -> datetime:
    return taken.since


calendars: Decider[CalendarCommand, Calendar, CalendarEvent] = Decider("calendar", Calendar(), decide, evolve)
