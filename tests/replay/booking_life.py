"""Bookings, each with another end: the source of the golden stream ``0023-bookings``."""

from tests.unit.bookings.booking_site import OTHER, BookingSite


async def booking_life() -> BookingSite:
    """Held, forgotten, booked, moved, extended, used, given back, cancelled, replaced, and missed."""
    s = await BookingSite().bookable(
        buffer_minutes=10, auto_cancel_minutes=15, early_start_minutes=5, late_stop_minutes=5
    )
    await s.token("THIRD")
    await s.holds(60)
    await s.releases()
    await s.holds(60, "b2")
    await s.passes(6)
    await s.holds(60, "b3")
    await s.confirms("b3")
    await s.moves(180, "b3")
    await s.extends(2, "b3")
    await s.books(180, "b4", token=OTHER, plug=2)
    await s.cancels("b4", "The yard is closed")
    await s.books(60, "b5", token=OTHER)
    first = await s.starts(20, token="THIRD")
    await s.passes(61)
    await s.stops(61, first.transaction, 2000, reason="Remote")
    await s.reports(61.5, "Available")
    second = await s.starts(62, 2000, token=OTHER)
    await s.passes(90)
    await s.gives_back("b5")
    await s.stops(91, second.transaction, 5000, reason="Remote")
    await s.reports(92, "Available")
    await s.reports(150, "Faulted", error="GroundFailure")
    await s.passes(178)
    third = await s.starts(179, 1000, plug=2)
    await s.passes(310)
    await s.stops(311, third.transaction, 9000, reason="Remote")
    await s.reports(312, "Available", plug=2)
    await s.books(360, "b6", token=OTHER, plug=2)
    await s.passes(380)
    return s
