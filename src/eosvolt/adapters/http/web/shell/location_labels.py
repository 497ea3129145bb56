"""The words of locations: days of the week, who may charge, hints for drivers, reasons of refusals."""

from eosvolt.adapters.http.framework.texts import Text

WEEKDAYS = (
    Text("Monday"),
    Text("Tuesday"),
    Text("Wednesday"),
    Text("Thursday"),
    Text("Friday"),
    Text("Saturday"),
    Text("Sunday"),
)
WHO = {
    "everybody": Text("Everybody"),
    "listed": Text("Only who is listed"),
    "nobody": Text("Nobody (bookings only)"),
}
CABLES = {"attached": Text("Attached to the charger"), "own": Text("Bring your own")}

# Why a start was refused, by its code.
REFUSALS = {
    "unknownToken": Text("Unknown token"),
    "blocked": Text("Token blocked"),
    "expired": Text("Token expired"),
    "concurrent": Text("Token already charging elsewhere"),
    "closed": Text("Outside opening hours"),
    "notListed": Text("Not on the location's list"),
    "bookingsOnly": Text("Bookings only at this time"),
    "booked": Text("Booked by another driver"),
}
