"""The clock on the wall."""

from datetime import UTC, datetime


class WallClock:
    """The present instant."""

    def now(self) -> datetime:
        """Aware, in UTC."""
        return datetime.now(UTC)
