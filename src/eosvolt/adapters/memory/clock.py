"""A clock that stands still until it is told otherwise."""

from datetime import UTC, datetime, timedelta


class SteppedClock:
    """Shows the instant it was set to."""

    def __init__(self, at: datetime) -> None:
        """``at`` is aware. Raises ``ValueError`` for a naive time."""
        if at.utcoffset() is None:
            raise ValueError("a clock needs an aware time")
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """The instant it shows, in UTC."""
        return self._at

    def step(self, by: timedelta) -> datetime:
        """Move on by a duration and return the new instant."""
        self._at += by
        return self._at

    def set(self, at: datetime) -> None:
        """Show another instant; it may lie before the present one, as with real clocks."""
        self._at = at.astimezone(UTC)
