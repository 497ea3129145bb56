"""The outages of a plug as definitions of uptime look at them: those that ended, and the one under way."""

from collections.abc import Iterator
from datetime import datetime

from eosvolt.projections.plug_clock import IN_USE
from eosvolt.projections.plug_time import PlugTimeRow
from eosvolt.projections.time_under_way import Lasting
from eosvolt.projections.uptime_definitions import Outage


def outage_of(row: PlugTimeRow) -> Outage:
    """The outage of a row of the kind ``down``. Raises ``ValueError`` for another."""
    if row.since is None or row.until is None:
        raise ValueError(f"{row.id} is no stretch of time.")
    return Outage(row.since, row.until, row.cause, row.used)


def open_outages(lasting: Lasting, connector: int, now: datetime) -> Iterator[Outage]:
    """What is under way ``now`` on a plug and has a cause."""
    for stretch in lasting.at(now):
        until = stretch.until or now
        if stretch.connector == connector and stretch.kind.cause and stretch.since < until:
            yield Outage(stretch.since, until, stretch.kind.cause, stretch.kind.use in IN_USE)
