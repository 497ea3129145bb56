"""A booking as it is told by its events, from the hold of the slot to its end."""

from typing import Any

from eosvolt.domain.bookings.events import (
    BookingBegan,
    BookingCancelled,
    BookingEnded,
    BookingMade,
    NoShowNoted,
    SlotApproached,
    SlotBegan,
    SlotHeld,
)
from eosvolt.domain.bookings.values import BookedPlug, Booker, BookingCancelReason, BookingEnd, SlotChoice
from eosvolt.domain.locations.booking_rules import BookingRules
from tests.examples import COMPANY, LOCATION, after

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
CANCELLED = BookingCancelled(at=after(2), reason=BookingCancelReason.BY_OPERATOR, note="Closed")
MISSED = NoShowNoted(at=after(135))
