"""Which remote start a start belongs to: one that is awaited, or one that was given up too early."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from eosvolt.domain.charge_points.events import RemoteStartAwaited

# A driver who plugs in after the time-out, or a charger whose own time-out is longer than we know.
LATE = timedelta(minutes=10)


def remote_start(
    awaited: Sequence[RemoteStartAwaited], token: str, connector: int, at: datetime
) -> RemoteStartAwaited | None:
    """The one of ``awaited`` (oldest first) that a start of ``token`` on a plug at ``at`` came of."""
    return next(
        (
            each
            for each in awaited
            if each.token == token and each.connector in (0, connector) and at <= each.until + LATE
        ),
        None,
    )
