"""What can have happened to a booking, to the calendar of a plug, and to the bookings of a driver.

A booking has a stream of its own, by its id. The calendar of the plug (``company/charge box id/connector``)
says which times are taken: that no two bookings overlap is decided there. The stream of a booker says which
bookings of theirs are not over. What happens to a booking is in these two in the same commit.

``due_at`` is when the booking is looked at next, if nothing happens before; ``None``: never.
"""

from datetime import datetime

from eosvolt.domain.bookings.fee_events import FeeEvent
from eosvolt.domain.bookings.values import (
    BookedPlug,
    Booker,
    BookingCancelReason,
    BookingEnd,
    BookingFee,
    HoldEnd,
)
from eosvolt.domain.kernel import Event
from eosvolt.domain.locations.booking_rules import BookingRules


class SlotHeld(Event, frozen=True, tag="slot-held"):
    """A driver chooses these slots: until ``held_until`` nobody else can book them.

    ``until`` is the end of the last of ``slots`` consecutive slots. ``any_plug``: any of this kind will do.
    """

    booking: str
    company: int
    location: str
    time_zone: str
    plug: BookedPlug
    booker: Booker
    since: datetime
    until: datetime
    slots: int
    at: datetime
    held_until: datetime
    rules: BookingRules
    any_plug: bool = False
    due_at: datetime | None = None
    fee: BookingFee | None = None


class HoldReleased(Event, frozen=True, tag="hold-released"):
    """The slots are not held any more, and were not booked."""

    at: datetime
    reason: HoldEnd = HoldEnd.RELEASED


class BookingMade(Event, frozen=True, tag="booking-made"):
    """The slots are booked. The rules of the location are pinned here; later changes never touch it.

    From ``begins_from`` on the booker may begin where the plug is free, and has to end at ``stops_at``.
    If nobody charges at ``no_show_at`` it is a no-show. ``fee`` is owed when it is over; ``None``: there is
    none.
    """

    booking: str
    company: int
    location: str
    time_zone: str
    plug: BookedPlug
    booker: Booker
    since: datetime
    until: datetime
    slots: int
    at: datetime
    rules: BookingRules
    begins_from: datetime
    no_show_at: datetime
    stops_at: datetime
    any_plug: bool = False
    due_at: datetime | None = None
    fee: BookingFee | None = None


class BookingRescheduled(Event, frozen=True, tag="booking-rescheduled"):
    """It has other slots, maybe of another plug; before it had those that began at ``previous_since``.

    ``fee`` is what all of them cost.
    """

    plug: BookedPlug
    since: datetime
    until: datetime
    slots: int
    at: datetime
    begins_from: datetime
    no_show_at: datetime
    stops_at: datetime
    previous_plug: BookedPlug
    previous_since: datetime
    previous_until: datetime
    due_at: datetime | None = None
    fee: BookingFee | None = None


class BookingExtended(Event, frozen=True, tag="booking-extended"):
    """Slots were added behind those that it had; it has ``slots`` now. ``fee`` is what all of them cost."""

    until: datetime
    slots: int
    at: datetime
    no_show_at: datetime
    stops_at: datetime
    previous_until: datetime
    due_at: datetime | None = None
    fee: BookingFee | None = None


class BookingMoved(Event, frozen=True, tag="booking-moved"):
    """It is for another plug of the kind, at the same time.

    ``reason`` is what the plug before had; ``None``: the booker began at another one.
    """

    plug: BookedPlug
    previous_plug: BookedPlug
    at: datetime
    reason: BookingCancelReason | None = None
    due_at: datetime | None = None


class SlotApproached(Event, frozen=True, tag="slot-approached"):
    """The booked slot begins soon, and its plug works.

    ``warned`` is the session of somebody else on the plug whose driver is told; empty where there is none.
    """

    at: datetime
    warned: str = ""
    due_at: datetime | None = None


class SlotBegan(Event, frozen=True, tag="slot-began"):
    """The booked slot began and the booker does not charge yet.

    ``stopped`` is the session on the plug that the charger is asked to stop; empty where there is none.
    """

    at: datetime
    stopped: str = ""
    due_at: datetime | None = None


class BookingBegan(Event, frozen=True, tag="booking-began"):
    """The booker charges: ``session`` is a session of this booking. There may be several."""

    session: str
    at: datetime
    due_at: datetime | None = None


class BookingEnded(Event, frozen=True, tag="booking-ended"):
    """It was used and is over. ``stopped`` is its session that the charger is asked to stop, if any."""

    at: datetime
    reason: BookingEnd
    stopped: str = ""


class BookingCancelled(Event, frozen=True, tag="booking-cancelled"):
    """It was cancelled before anybody charged. ``note`` is what who did so wrote.

    ``fee_kept``: the fee is owed all the same, because the operator said so or the driver was late.
    """

    at: datetime
    reason: BookingCancelReason
    note: str = ""
    fee_kept: bool = False


class NoShowNoted(Event, frozen=True, tag="no-show-noted"):
    """Nobody charged in time: the rest of the slots is free."""

    at: datetime


class SlotTaken(Event, frozen=True, tag="slot-taken"):
    """A time of a plug is for one booking only, which replaces what it had taken of this plug before.

    The minutes ``buffer_minutes`` after it are kept free. ``held_until``: only held, until then.
    ``begins_from``: when the booker may begin at the earliest.
    """

    booking: str
    booker: Booker
    since: datetime
    until: datetime
    at: datetime
    begins_from: datetime
    buffer_minutes: int = 0
    held_until: datetime | None = None


class SlotFreed(Event, frozen=True, tag="slot-freed"):
    """From ``at`` on the booking has nothing of this plug any more."""

    booking: str
    at: datetime


class BookerBound(Event, frozen=True, tag="booker-bound"):
    """The booker has a booking, or holds a slot until ``held_until``: where, and when; see ``SlotTaken``."""

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


class BookerReleased(Event, frozen=True, tag="booker-released"):
    """A booking of the booker's is over, or was cancelled."""

    booking: str
    at: datetime


PlanEvent = (
    SlotHeld
    | HoldReleased
    | BookingMade
    | BookingRescheduled
    | BookingExtended
    | BookingMoved
    | SlotApproached
    | SlotBegan
    | BookingBegan
    | BookingEnded
    | BookingCancelled
    | NoShowNoted
)
BookingEvent = PlanEvent | FeeEvent
CalendarEvent = SlotTaken | SlotFreed
BookerEvent = BookerBound | BookerReleased
