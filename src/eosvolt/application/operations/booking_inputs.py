"""What operations on bookings are given, and what they answer."""

from datetime import datetime
from typing import NamedTuple

from eosvolt.application.operations.operation import Input
from eosvolt.domain.bookings.values import BookingStatus, SlotChoice


class SlotsInput(Input, frozen=True, kw_only=True):
    """``slots`` consecutive slots of a location from ``since`` on.

    With a ``charger``, a charge box id, and a ``plug`` they are of this plug. Without a plug they are of any
    plug of the charger, or of the location, that is of the ``type`` (empty: of whichever).
    """

    location: str
    since: datetime
    slots: int = 1
    charger: str = ""
    plug: int = 0
    type: str = ""


class NewBookingInput(SlotsInput, frozen=True, kw_only=True):
    """A booking under an id that was never used before, for a customer or for a token."""

    booking: str
    customer: str = ""
    token: str = ""


class BookingById(Input, frozen=True, kw_only=True):
    """A booking, or a held slot."""

    booking: str


class BookingMove(BookingById, frozen=True, kw_only=True):
    """Other slots for a booking, from ``since`` on; ``slots`` of them, as many as it has without a number.

    ``charger`` and ``plug`` name another plug; without them it stays the same one, or any of the kind.
    """

    since: datetime
    slots: int | None = None
    charger: str = ""
    plug: int = 0


class BookingExtension(BookingById, frozen=True, kw_only=True):
    """More slots behind those that a booking has: it has ``slots`` then, altogether."""

    slots: int


class BookingCancellation(BookingById, frozen=True, kw_only=True):
    """The end of a booking of which nobody charges, with what is to be remembered about it.

    Without ``refund`` its fee is owed all the same, which only operators may say. ``only_with_refund``, for
    drivers: not at all if the fee would be kept.
    """

    note: str = ""
    refund: bool = True
    only_with_refund: bool = False


class BookingAnswer(NamedTuple):
    """A booking as it is after an operation. ``held_until``: it is held only."""

    booking: str
    status: BookingStatus
    choice: SlotChoice
    held_until: datetime | None = None
