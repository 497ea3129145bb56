"""Which remote start a start belongs to: one that is pending, or one that expired before."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from eosvolt.domain.charge_points.events import RemoteStartExpired, RemoteStartPending

# For drivers who plug in after the time-out, and chargers whose time-out is longer than the one we know.
LATE = timedelta(minutes=10)


def remote_start(
    pending: Sequence[RemoteStartPending], token: str, connector: int, at: datetime
) -> RemoteStartPending | None:
    """The first of ``pending`` (oldest first) that a start of ``token`` on this plug belongs to.

    ``None`` where the start belongs to no remote start.
    """
    return next(
        (
            each
            for each in pending
            if each.token == token and each.connector in (0, connector) and at <= each.until + LATE
        ),
        None,
    )


def expired_starts(pending: Sequence[RemoteStartPending], at: datetime) -> list[RemoteStartExpired]:
    """Those of ``pending`` that led to no session until ``at``, as events."""
    return [RemoteStartExpired(command=each.command, at=each.until) for each in pending if each.until <= at]
