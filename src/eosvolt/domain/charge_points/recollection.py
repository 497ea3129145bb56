"""Recent status reports and connections of a charger, for sessions that are reported later.

A session that took place while the charger was offline is reported afterwards. Its timeline then needs the
status of its plug before and after, and the times at which the charger was not connected.
"""

from bisect import bisect_right
from datetime import UTC, datetime

import msgspec

from eosvolt.domain.charge_points.clocks import CLOCKS_DIFFER, true_at
from eosvolt.domain.charge_points.events import ConnectorReported, ConnectorSeen, StationReported
from eosvolt.domain.charge_points.reports import ConnectorStatus

# Enough for weeks of an ordinary plug.
SEEN_REMEMBERED, LINKS_REMEMBERED = 96, 128
THE_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


class PlugSeen(msgspec.Struct, frozen=True, gc=False):
    """A status report; ``at`` is by our clock as far as it is known. ``timed``: the charger sent the time."""

    status: ConnectorStatus
    at: datetime
    received_at: datetime
    timed: bool = True


class PlugState(msgspec.Struct, frozen=True):
    """The last status report of a plug."""

    status: ConnectorStatus
    at: datetime
    received_at: datetime
    error_code: str = ""
    vendor_error: str = ""
    info: str = ""
    clock_offset_s: int = 0


Links = tuple[tuple[datetime, bool], ...]
Seen = dict[int, tuple[PlugSeen, ...]]


def plug_state(event: ConnectorReported | StationReported) -> PlugState:
    """The state after a status report of a plug or of the charger as a whole."""
    return PlugState(
        status=event.status,
        at=event.at,
        received_at=event.received_at,
        error_code=event.error_code,
        vendor_error=event.vendor_error,
        info=event.info,
        clock_offset_s=event.clock_offset_s,
    )


def remembered(seen: Seen, event: ConnectorReported | ConnectorSeen) -> Seen:
    """The reports with one more, sorted by time; the oldest of each plug are dropped."""
    at = true_at(event.at, event.received_at, event.clock_offset_s)
    report = PlugSeen(event.status, at, event.received_at, event.timed)
    before = seen.get(event.connector, ())
    index = bisect_right(before, at, key=_at)
    return {**seen, event.connector: (*before[:index], report, *before[index:])[-SEEN_REMEMBERED:]}


def reported_live(seen: Seen) -> bool:
    """Whether some report's timestamp was close to its arrival: the charger's clock was right then."""
    reports = (report for plug in seen.values() for report in plug)
    return any(each.timed and abs(each.received_at - each.at) <= CLOCKS_DIFFER for each in reports)


def linked(links: Links, at: datetime, *, connected: bool) -> Links:
    """The connections with one that began or ended at ``at``."""
    return (*links, (at, connected))[-LINKS_REMEMBERED:]


def away_since(links: Links, since: datetime) -> list[tuple[datetime, datetime | None]]:
    """The times from ``since`` on in which the charger was not connected; the last may be open.

    The time before the first connection that is kept counts as not connected.
    """
    if not links:
        return []
    found: list[tuple[datetime, datetime | None]] = []
    lost: datetime | None = THE_BEGINNING
    for at, connected in links:
        if connected and lost is not None:
            if at > since:
                found.append((max(lost, since), at))
            lost = None
        elif not connected and lost is None:
            lost = at
    return found if lost is None else [*found, (max(lost, since), None)]


def _at(report: PlugSeen) -> datetime:
    return report.at
