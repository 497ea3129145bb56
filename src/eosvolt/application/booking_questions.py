"""Questions about bookings, as pages and the API ask them."""

from datetime import date, datetime
from typing import NamedTuple

import msgspec

BOOKING_SORTS = ("start", "madeAt")
# The states of bookings that are not over.
COMING = ("booked", "active")


class BookingFilter(msgspec.Struct, frozen=True, kw_only=True):
    """A filter of bookings.

    Empty fields do not restrict, but slots that are only held are wanted with their state ``held`` alone.
    ``since``/``until``: bookings of which some time is in ``[since, until)``.
    """

    since: datetime | None = None
    until: datetime | None = None
    states: tuple[str, ...] = ()
    location: str = ""
    charge_point: str = ""
    connector: int | None = None
    token: str = ""
    customer: str = ""


class BookingDay(NamedTuple):
    """The bookings that begin on a local day at a location.

    ``kept`` were not cancelled, ``no_shows`` are those of them that nobody came for; ``booked_seconds`` is
    the time of what was kept, without buffers.
    """

    location: str
    day: date
    kept: int
    no_shows: int
    cancelled: int
    booked_seconds: int
