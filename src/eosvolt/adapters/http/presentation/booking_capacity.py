"""How far the bookable slots of locations are booked."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from eosvolt.application.booking_questions import BookingDay
from eosvolt.domain.bookings.slots import SlotPlan
from eosvolt.projections.locations import LocationRow

_DAY = timedelta(days=1)


class Capacity(NamedTuple):
    """The time of the slots of all plugs, in seconds, and what of it was booked and not cancelled."""

    bookable_seconds: int
    booked_seconds: int

    @property
    def share(self) -> Fraction | None:
        """The booked share; ``None`` where nothing can be booked."""
        if not self.bookable_seconds:
            return None
        return min(Fraction(self.booked_seconds, self.bookable_seconds), Fraction(1))


def plan_of(row: LocationRow) -> SlotPlan:
    """What the slots of a location follow from now."""
    return SlotPlan(row.booking, row.access.opening_hours, row.tariff.time_zone)


def capacity(
    locations: Iterable[LocationRow],
    plugs: Mapping[str, int],
    days: Iterable[BookingDay],
    since: date,
    until: date,
) -> Capacity:
    """The slots of the local days from ``since`` up to but without ``until``, by the rules of now.

    ``plugs`` are the numbers of plugs by location. What is booked at locations without booking has no share.
    """
    bookable = 0
    open_here = set()
    for row in locations:
        if not row.booking.enabled or not plugs.get(row.location):
            continue
        open_here.add(row.location)
        plan, day = plan_of(row), since
        while day < until:
            slots = plan.slots_of(day)
            bookable += plugs[row.location] * sum(
                int((slot.until - slot.since).total_seconds()) for slot in slots
            )
            day += _DAY
    booked = sum(each.booked_seconds for each in days if each.location in open_here)
    return Capacity(bookable, booked)
