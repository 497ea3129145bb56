"""``asOf``: at which instant an answer looks back. Nobody can look into the future."""

from datetime import UTC, datetime

# Nothing was recorded before; the calendar's first days have no local time in half of the world.
BEGINNING = datetime(1970, 1, 2, tzinfo=UTC)


def clamped_as_of(at: datetime, now: datetime) -> datetime:
    """The instant in UTC, held between the beginning and ``now``."""
    try:
        instant = at.astimezone(UTC)
    except OverflowError:
        return now if at.year > now.year else BEGINNING
    return min(max(instant, BEGINNING), now)
