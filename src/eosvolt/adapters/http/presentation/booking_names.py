"""The words of bookings: their states, why they were cancelled, and what more slots would cost."""

from datetime import datetime

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.domain.bookings.fees import fee_amount
from eosvolt.domain.money import Money
from eosvolt.projections.bookings import BookingRow

BOOKING_STATES = {
    "booked": Text("Booked"),
    "active": Text("Active"),
    "completed": Text("Completed"),
    "cancelled": Text("Cancelled"),
    "noShow": Text("No-show"),
}
HELD = Text("Held")
CANCEL_REASONS = {
    "chargerFault": Text("charger faulted"),
    "chargerOffline": Text("charger offline"),
    "plugTaken": Text("plug taken"),
    "byOperator": Text("by the operator"),
    "byDriver": Text("by the driver"),
    "noShow": Text("nobody came"),
}


def fee_of_added(row: BookingRow, slots: int, now: datetime) -> Money | None:
    """What it costs to add slots to a booking now; ``None`` where slots have no fee."""
    if row.slot_fee is None or row.fee is None:
        return None
    return fee_amount(row.slot_fee, row.since, slots, now, row.time_zone, row.fee.currency)
