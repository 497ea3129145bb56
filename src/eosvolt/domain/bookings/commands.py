"""What can be asked of a booking, of the calendar of a plug, and of the bookings of a driver."""

from datetime import datetime

from msgspec import Struct

from eosvolt.domain.bookings.fee_commands import FeeCommand
from eosvolt.domain.bookings.values import BookedPlug, Booker, BookingCancelReason, HoldEnd, SlotChoice
from eosvolt.domain.kernel import Command


class HoldSlot(Command, frozen=True):
    """Keep slots for a driver who is choosing."""

    choice: SlotChoice
    at: datetime


class ReleaseHold(Command, frozen=True):
    """Let others book what is held."""

    at: datetime
    reason: HoldEnd = HoldEnd.RELEASED


class MakeBooking(Command, frozen=True):
    """Book slots, whether they are held under this id or not."""

    choice: SlotChoice
    at: datetime


class RescheduleBooking(Command, frozen=True):
    """Take other slots, maybe of another plug."""

    plug: BookedPlug
    since: datetime
    until: datetime
    slots: int
    at: datetime
    by_driver: bool = False


class ExtendBooking(Command, frozen=True):
    """Add slots behind those that it has: it ends at ``until`` and has ``slots`` then."""

    until: datetime
    slots: int
    at: datetime
    by_driver: bool = False


class BeginBooking(Command, frozen=True):
    """The booker began ``session`` on ``plug`` at an instant by our clock."""

    session: str
    plug: BookedPlug
    at: datetime
    received_at: datetime


class EndBooking(Command, frozen=True):
    """Give back what is left of a booking that is used. ``session`` still charges and is to be stopped."""

    at: datetime
    session: str = ""


class CancelBooking(Command, frozen=True):
    """Cancel a booking of which nobody charges.

    A driver cancels until it begins; less than the minutes of its rules before that the fee is kept.
    ``any_time``: for the driver at whatever time, without the fee. ``keep_fee``: without refund, for
    operators. ``only_with_refund``: not at all where the fee would be kept, because who asks was told that
    it would not.
    """

    at: datetime
    reason: BookingCancelReason
    note: str = ""
    any_time: bool = False
    keep_fee: bool = False
    only_with_refund: bool = False


class PlugNow(Struct, frozen=True, kw_only=True):
    """What is known of the booked plug now.

    ``failure``: why it cannot charge. ``session`` is the one that charges on it and ``of_booker`` whether it
    is the booker's; ``taken``: somebody else's car is still on it. ``others`` are the plugs of the kind that
    are free for the booking. ``elsewhere`` is a plug of the kind on which the booker of any plug charges, by
    the session ``session_elsewhere``.
    """

    failure: BookingCancelReason | None = None
    session: str = ""
    of_booker: bool = False
    taken: bool = False
    others: tuple[BookedPlug, ...] = ()
    elsewhere: BookedPlug | None = None
    session_elsewhere: str = ""


class ReachBookingDeadline(Command, frozen=True):
    """It is ``at`` now, and the plug is like this; decide everything that fell due by then."""

    at: datetime
    plug: PlugNow = PlugNow()


BookingCommand = (
    HoldSlot
    | ReleaseHold
    | MakeBooking
    | RescheduleBooking
    | ExtendBooking
    | BeginBooking
    | EndBooking
    | CancelBooking
    | ReachBookingDeadline
    | FeeCommand
)


class TakeSlot(Command, frozen=True):
    """Take a time of a plug for a booking; see ``SlotTaken``."""

    booking: str
    booker: Booker
    since: datetime
    until: datetime
    at: datetime
    begins_from: datetime
    buffer_minutes: int = 0
    held_until: datetime | None = None


class FreeSlot(Command, frozen=True):
    """Give back what a booking has taken of a plug."""

    booking: str
    at: datetime


CalendarCommand = TakeSlot | FreeSlot


class BindBooker(Command, frozen=True):
    """Note a booking of a booker; see ``BookerBound``. ``only``: a new one where they have no other."""

    booking: str
    location: str
    plug: BookedPlug
    since: datetime
    until: datetime
    at: datetime
    begins_from: datetime
    any_plug: bool = False
    held_until: datetime | None = None
    buffer_minutes: int = 0
    only: bool = True


class ReleaseBooker(Command, frozen=True):
    """Note that a booking of the booker's is over."""

    booking: str
    at: datetime


BookerCommand = BindBooker | ReleaseBooker
