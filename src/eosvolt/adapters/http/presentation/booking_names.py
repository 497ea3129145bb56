"""The words of bookings: their states, and why they were cancelled."""

from eosvolt.adapters.http.framework.texts import Text

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
