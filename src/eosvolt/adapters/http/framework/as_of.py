"""``asOf``: the instant of a query of the past, never in the future."""

from datetime import UTC, datetime

# Nothing was recorded earlier, and the calendar's first days have no local time in some time zones.
BEGINNING = datetime(1970, 1, 2, tzinfo=UTC)


def clamped_as_of(at: datetime, now: datetime) -> datetime:
    """The instant in UTC, limited to the range from ``BEGINNING`` to ``now``."""
    try:
        instant = at.astimezone(UTC)
    except OverflowError:
        return now if at.year > now.year else BEGINNING
    return min(max(instant, BEGINNING), now)
