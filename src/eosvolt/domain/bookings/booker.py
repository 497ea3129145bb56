"""The bookings of a driver at a company that are not over: one at a time, where the location wants that."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from msgspec import Struct

from eosvolt.domain.bookings.commands import BindBooker, BookerCommand, ReleaseBooker
from eosvolt.domain.bookings.events import BookerBound, BookerEvent, BookerReleased
from eosvolt.domain.kernel import Decider, Rejected

ONE_AT_A_TIME = "There is another booking of this driver: one at a time can be made here."


class BookingsOfDriver(Struct, frozen=True):
    """The bookings that are not over and the slots that are held, the first bound first."""

    bound: tuple[BookerBound, ...] = ()

    def present(self, at: datetime) -> tuple[BookerBound, ...]:
        """Those that are not over at an instant; held ones until they are forgotten."""
        return tuple(
            each
            for each in self.bound
            if at < each.until and (each.held_until is None or at < each.held_until)
        )


def decide(command: BookerCommand, bookings: BookingsOfDriver) -> Sequence[BookerEvent]:
    """What happens. Raises ``Rejected`` for a second booking where only one is possible at a time."""
    match command:
        case BindBooker():
            return _bound(command, bookings)
        case ReleaseBooker(booking=booking, at=at):
            known = any(each.booking == booking for each in bookings.bound)
            return [BookerReleased(booking=booking, at=at)] if known else []
        case _:
            assert_never(command)


def _bound(command: BindBooker, bookings: BookingsOfDriver) -> Sequence[BookerEvent]:
    present = {each.booking for each in bookings.present(command.at)}
    # One that they have already is only changed, by whatever rules others were made since.
    if command.only and present and command.booking not in present:
        raise Rejected(ONE_AT_A_TIME)
    bound = BookerBound(
        booking=command.booking,
        location=command.location,
        plug=command.plug,
        since=command.since,
        until=command.until,
        at=command.at,
        begins_from=command.begins_from,
        any_plug=command.any_plug,
        held_until=command.held_until,
        buffer_minutes=command.buffer_minutes,
    )
    return [] if bound in bookings.bound else [bound]


def evolve(bookings: BookingsOfDriver, event: BookerEvent) -> BookingsOfDriver:
    """The bookings after ``event``."""
    match event:
        case BookerBound(booking=booking):
            others = (each for each in bookings.bound if each.booking != booking)
            return BookingsOfDriver((*others, event))
        case BookerReleased(booking=booking):
            return BookingsOfDriver(tuple(each for each in bookings.bound if each.booking != booking))
        case _:
            assert_never(event)


bookers: Decider[BookerCommand, BookingsOfDriver, BookerEvent] = Decider(
    "booker", BookingsOfDriver(), decide, evolve
)
