"""The report for regulators: the uptime of each port and of the network by one definition, as a table."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, TypeVar

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.download import Download
from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.adapters.http.presentation.exports import dated, download, local
from eosvolt.adapters.http.presentation.performance import days_of
from eosvolt.application.performance_questions import PlugFilter
from eosvolt.application.table_files import Cell, Table, TableFormat
from eosvolt.projections.uptime_definitions import DEFINITIONS, Definition, Port, Reckoning, outages_in

R = TypeVar("R")

LONGEST = timedelta(days=366)
_MINUTE = 60_000_000
_PORT_COLUMNS = (
    "definition", "version", "from", "to", "timeZone", "location", "chargeBoxId", "plug", "ratedKw",
    "minutesCounted", "outageMinutes", "excludedMinutes", "downMinutes", "uptimePercent", "thresholdPercent",
    "met",
)  # fmt: skip
_OUTAGE_COLUMNS = (
    "definition", "version", "location", "chargeBoxId", "plug", "since", "until", "timeZone", "sinceUtc",
    "untilUtc", "minutes", "excludedMinutes",
)  # fmt: skip


class PortLine(NamedTuple):
    """A port and what its definition says of the period; ``port`` is ``None`` for the network."""

    port: Port | None
    reckoning: Reckoning

    @property
    def outage(self) -> timedelta:
        """All down time."""
        return timedelta(microseconds=self.reckoning.outage)

    @property
    def excluded(self) -> timedelta:
        """The part of it that does not count."""
        return timedelta(microseconds=self.reckoning.excluded)

    @property
    def down(self) -> timedelta:
        """What counts as down."""
        return timedelta(microseconds=self.reckoning.down)


class OutageLine(NamedTuple):
    """An outage of a port, and the µs of it that are excluded."""

    port: Port
    since: datetime
    until: datetime
    excluded: int


class RegulatorReport(NamedTuple):
    """The report of a period of local days from ``since`` up to but not including ``until``."""

    definition: Definition
    since: date
    until: date
    ports: Sequence[PortLine]
    network: Reckoning
    outages: Sequence[OutageLine]

    @property
    def met(self) -> bool | None:
        """Whether the threshold is met: by each port, or by the network. ``None`` where none can be."""
        limit = self.definition.threshold
        if limit is None:
            return None
        judged = [each.reckoning for each in self.ports] if self.definition.per_port else [self.network]
        known = [found for each in judged if (found := meets(each, limit)) is not None]
        return all(known) if known else None


def meets(reckoning: Reckoning, threshold: int | None) -> bool | None:
    """Whether an uptime reaches the threshold in percent; ``None`` where there is none of them."""
    if threshold is None or reckoning.uptime is None:
        return None
    return reckoning.uptime >= Fraction(threshold, 100)


async def regulator_report(
    queries: Queries, company: int, definition: str, since: date, until: date, now: datetime
) -> RegulatorReport:
    """The ports that count by the definition, by charger and number, with their outages."""
    ports = await queries.ports(company, PlugFilter(), now=now)
    # Thousands of ports take seconds.
    return await asyncio.to_thread(reckoned_report, DEFINITIONS[definition], ports, since, until)


def reckoned_report(wanted: Definition, ports: Sequence[Port], since: date, until: date) -> RegulatorReport:
    """The report of these ports; those that do not count by the definition are left out."""
    lines, outages, network = [], [], Reckoning()
    for port in ports:
        parts = wanted.parts(port)
        reckoning = days_of(port, parts, since, until)
        if not reckoning.counted:
            continue
        network = network.plus(reckoning)
        lines.append(PortLine(port, reckoning))
        outages += [OutageLine(port, *each) for each in outages_in(parts, port, since, until)]
    return RegulatorReport(wanted, since, until, lines, network, outages)


async def report_download(
    dependencies: Dependencies,
    queries: Queries,
    company: int,
    report: RegulatorReport,
    wanted: TableFormat,
    *,
    outages: bool,
) -> Download:
    """The report as a file: a row for each port and one for the network, or a row for each outage."""
    places = {row.location: row.name for row in await queries.locations(company, removed=True)}
    definition = report.definition
    last = report.until - timedelta(days=1)
    name = dated(f"uptime-{definition.id}{'-outages' if outages else ''}", report.since, last)
    made_at = dependencies.clock.now()
    if outages:
        by_outage = Table[OutageLine](
            name, made_at, _OUTAGE_COLUMNS, lambda line: _outage_cells(definition, places, line)
        )
        return await download(dependencies, company, name, by_outage, _all(report.outages), wanted)
    by_port = Table[PortLine](name, made_at, _PORT_COLUMNS, lambda line: _port_cells(report, places, line))
    lines = [*report.ports, PortLine(None, report.network)]
    return await download(dependencies, company, name, by_port, _all(lines), wanted)


async def _all(items: Sequence[R]) -> AsyncGenerator[Sequence[R], None]:
    yield items


def _port_cells(report: RegulatorReport, places: dict[str, str], line: PortLine) -> Sequence[Cell]:
    definition, port, found = report.definition, line.port, line.reckoning
    judged = (port is not None) == definition.per_port
    met = meets(found, definition.threshold) if judged else None
    return (
        definition.id,
        definition.version,
        report.since.isoformat(),
        (report.until - timedelta(days=1)).isoformat(),
        port.time_zone if port else "",
        places.get(port.location, "") if port else "network",
        port.charge_box_id if port else "",
        port.connector if port else None,
        Decimal(port.rated_w) / 1000 if port and port.rated_w else None,
        minutes(found.counted),
        minutes(found.outage),
        minutes(found.excluded),
        minutes(found.down),
        None if found.uptime is None else exact_percent(found.uptime),
        definition.threshold if judged else None,
        "" if met is None else "yes" if met else "no",
    )


def _outage_cells(definition: Definition, places: dict[str, str], line: OutageLine) -> Sequence[Cell]:
    port = line.port
    return (
        definition.id,
        definition.version,
        places.get(port.location, ""),
        port.charge_box_id,
        port.connector,
        local(line.since, port.time_zone),
        local(line.until, port.time_zone),
        port.time_zone,
        line.since,
        line.until,
        minutes((line.until - line.since) // timedelta(microseconds=1)),
        minutes(line.excluded),
    )


def minutes(length: int) -> Decimal:
    """µs as minutes with two decimals."""
    return (Decimal(length) / _MINUTE).quantize(Decimal("0.01"))


def exact_percent(uptime: Fraction) -> Decimal:
    """In percent with three decimals, rounded down: what just misses a threshold does not seem to meet it."""
    return Decimal(int(uptime * 100_000)) / 1000
