"""Reads and writes timestamps (OCPP 1.6 §3.15).

Chargers send local time with and without a zone, a space instead of ``T``, fractions of any length, and 1970
until their clock is set. An impossible timestamp is replaced by the time at which the message was received.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

EARLIEST = datetime(2015, 1, 1, tzinfo=UTC)
AHEAD = timedelta(hours=24)


class Instant(NamedTuple):
    """An aware time in UTC. ``given`` is False where the charger's timestamp was absent or impossible."""

    at: datetime
    given: bool


def instant(text: str | None, received_at: datetime) -> Instant:
    """Parse a timestamp; an absent or impossible one becomes ``received_at``.

    A text without a zone is UTC. A timestamp is impossible where it is unreadable, before 2015, or more than
    a day after ``received_at``.
    """
    if not text:
        return Instant(received_at, given=False)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        try:
            at = datetime.fromisoformat(text.strip().upper())
        except ValueError:
            return Instant(received_at, given=False)
    zone = at.tzinfo
    if zone is None:
        at = at.replace(tzinfo=UTC)
    elif zone is not UTC:
        try:
            at = at.astimezone(UTC)
        except OverflowError:
            return Instant(received_at, given=False)
    if at < EARLIEST or at - received_at > AHEAD:
        return Instant(received_at, given=False)
    return Instant(at, given=True)


def written(at: datetime) -> str:
    """Format a timestamp in whole seconds: ``2026-11-21T10:00:00Z``. ``at`` must be aware."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
