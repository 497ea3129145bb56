"""The bookings of a location as a calendar that other programs read (iCalendar, RFC 5545).

Who knows the secret address sees when which plug is booked, and nothing of whoever booked it: an address
ends up in programs and with services that nobody here knows.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import quote

from icalendar import Calendar, Event
from icalendar.enums import STATUS

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.booking_names import BOOKING_STATES
from eosvolt.projections.bookings import BookingRow

ICALENDAR = "text/calendar; charset=utf-8"
# Programs are asked to look again after so long.
RENEWED_EVERY = timedelta(minutes=15)
# The bookings of so many days ago are still in it.
PAST_DAYS = 31
_PATH = "/booking-feeds"


def feed_digest(secret: str) -> str:
    """The SHA-256 in hex by which a secret is kept. It needs no salt: nobody guesses 256 random bits."""
    return sha256(secret.encode()).hexdigest()


def feed_address(public_url: str, company: int, location: str, secret: str) -> str:
    """Where calendar programs read the bookings of a location."""
    return f"{public_url.rstrip('/')}{_PATH}/{company}/{quote(location, safe='')}/{secret}.ics"


def feed(rows: Iterable[BookingRow], name: str, address: str, host: str, at: datetime) -> bytes:
    """The calendar of the location ``name``. ``host`` makes the ids of its entries unique in the world.

    Cancelled bookings are in it as such, so that programs take them away.
    """
    calendar = Calendar.new(
        name=gettext("Bookings at {location}", location=name),
        prodid="-//eosvolt//bookings//EN",
        refresh_interval=RENEWED_EVERY,
        subcomponents=[_entry(row, name, address, host, at) for row in rows],
    )
    return bytes(calendar.to_ical())


def _entry(row: BookingRow, name: str, address: str, host: str, at: datetime) -> Event:
    state = str(BOOKING_STATES.get(row.state, row.state))
    cancelled = row.state == "cancelled"
    return Event.new(
        uid=f"{row.id}@{host}",
        start=row.since,
        end=row.until,
        stamp=at,
        sequence=row.version,
        summary=f"{row.charge_point} · {row.connector} · {state}",
        location=f"{name}, {address}" if address else name,
        status=STATUS.CANCELLED if cancelled else STATUS.CONFIRMED,
    )
