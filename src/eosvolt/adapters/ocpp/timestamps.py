"""Instants as chargers write them, and as we write them back.

Chargers send local time with and without a zone, a space for the ``T``, fractions of any length, and 1970
until somebody tells them the time. What cannot be true becomes the instant at which we received it, and is
said to be so.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

EARLIEST = datetime(2015, 1, 1, tzinfo=UTC)
AHEAD = timedelta(hours=24)


class Instant(NamedTuple):
    """An aware instant in UTC. ``told`` is false where the charger's own time was absent or impossible."""

    at: datetime
    told: bool


def instant(text: str | None, received_at: datetime) -> Instant:
    """The instant that a charger wrote, or ``received_at`` where it wrote nothing that can be true.

    A text without a zone is UTC. Impossible is: unreadable, before 2015, or more than a day ahead of us.
    """
    if not text:
        return Instant(received_at, told=False)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        try:
            at = datetime.fromisoformat(text.strip().upper())
        except ValueError:
            return Instant(received_at, told=False)
    zone = at.tzinfo
    if zone is None:
        at = at.replace(tzinfo=UTC)
    elif zone is not UTC:
        try:
            at = at.astimezone(UTC)
        except OverflowError:
            return Instant(received_at, told=False)
    if at < EARLIEST or at - received_at > AHEAD:
        return Instant(received_at, told=False)
    return Instant(at, told=True)


def written(at: datetime) -> str:
    """The instant as OCPP wants it, in whole seconds: ``2026-11-21T10:00:00Z``. ``at`` must be aware."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
