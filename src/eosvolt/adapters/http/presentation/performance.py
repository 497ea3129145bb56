"""What the dashboard's performance area and the API say of a range: figures, their comparison and formulas.

One function asks all that a metric needs, so that a page and the API never differ.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import NamedTuple

from eosvolt.adapters.http.ports.performance import PerformanceQueries
from eosvolt.adapters.http.presentation.formulas import FORMULAS, Formula
from eosvolt.adapters.http.presentation.ranges import Range, fewest_steps
from eosvolt.application.performance_questions import PlugFilter, Stretch, Traded
from eosvolt.domain.calendar import local_day
from eosvolt.projections.time_sums import NOTHING, TimeOn, TimeSum, minus, plus, total
from eosvolt.projections.uptime_definitions import (
    DEFINITIONS,
    Definition,
    Parts,
    Port,
    Reckoning,
    SteppedReckoning,
    reckoned,
    together,
)

TIME_METRICS = ("utilization", "occupancy", "energyUtilization", "uptime")
TRADE_METRICS = ("revenue", "energy", "sessions")
METRICS = (*TRADE_METRICS, *TIME_METRICS)


class Step(NamedTuple):
    """A step of a series. ``value`` is ``None`` where there is nothing to divide by, or nothing yet."""

    since: date
    value: Fraction | None


class Series(NamedTuple):
    """One line of a chart: all together, or one location. ``compared`` is of the stretch before."""

    location: str
    value: Fraction | None
    compared: Fraction | None
    steps: Sequence[Step]
    time: TimeSum = NOTHING
    reckoning: Reckoning | None = None


class Performance(NamedTuple):
    """The answer about one metric. ``currency`` is that of revenue."""

    metric: str
    formula: Formula
    range: Range
    series: Sequence[Series]
    currency: str = ""


async def performance(
    queries: PerformanceQueries,
    company: int,
    metric: str,
    wanted: PlugFilter,
    shown: Range,
    *,
    now: datetime,
    definition: str = "raw",
    currency: str = "",
    as_of: datetime | None = None,
) -> Performance:
    """The figures of a metric: of all plugs together, or of each location where several are named."""
    asked = _Asked(queries, company, wanted, shown, now, as_of)
    if metric in TRADE_METRICS:
        return await _traded(asked, metric, currency)
    if metric == "uptime" and definition != "raw":
        return await _reckoned(asked, definition)
    (found,) = await _timed(asked, [metric])
    return found


async def time_performances(
    queries: PerformanceQueries, company: int, metrics: Sequence[str], shown: Range, *, now: datetime
) -> list[Performance]:
    """Several metrics of ``TIME_METRICS`` of all plugs, for which the plugs' time is asked for once."""
    return await _timed(_Asked(queries, company, PlugFilter(), shown, now, None), metrics)


class _Asked(NamedTuple):
    queries: PerformanceQueries
    company: int
    wanted: PlugFilter
    shown: Range
    now: datetime
    as_of: datetime | None

    @property
    def places(self) -> tuple[str, ...]:
        """The locations that are shown beside each other; one of no name for all together."""
        return self.wanted.locations if len(self.wanted.locations) > 1 else ("",)

    async def times(self, stretches: Sequence[Stretch]) -> Sequence[Sequence[TimeOn]]:
        """The time of the plugs."""
        return await self.queries.plug_times(
            self.company,
            self.wanted,
            stretches,
            now=self.now,
            apart=len(self.places) > 1,
            as_of=self.as_of,
        )

    async def trade(self, since: date, until: date, by: str) -> Sequence[Traded]:
        """What sessions brought."""
        return await self.queries.traded(
            self.company, self.wanted, since, until, by=by, apart=len(self.places) > 1, as_of=self.as_of
        )


async def _timed(asked: _Asked, metrics: Sequence[str]) -> list[Performance]:
    shown = asked.shown
    added, taken = fewest_steps(shown.before, shown.compared_until)
    times, *others = await asked.times([Stretch(shown.since, shown.until, shown.by), *added, *taken])
    before, left_out = others[: len(added)], others[len(added) :]
    energy: Sequence[Traded] = ()
    energy_before: Sequence[Traded] = ()
    if "energyUtilization" in metrics:
        energy = await asked.trade(shown.since, shown.until, shown.by)
        energy_before = await asked.trade(shown.before, shown.compared_until, shown.by)
    found: dict[str, list[Series]] = {metric: [] for metric in metrics}
    for place in asked.places:
        by_day: dict[date, TimeSum] = defaultdict(lambda: NOTHING)
        for each in times:
            if each.location == place:
                by_day[each.day] = plus(by_day[each.day], each.time)
        delivered: dict[date, int] = defaultdict(int)
        for sold in energy:
            if sold.location == place:
                delivered[sold.day] += sold.energy_wh
        whole = total(by_day.values())
        earlier = minus(_whole(before, place), _whole(left_out, place))
        wh_before = sum(each.energy_wh for each in energy_before if each.location == place)
        for metric, series in found.items():
            series.append(
                Series(
                    place,
                    _ratio(metric, whole, sum(delivered.values())),
                    _ratio(metric, earlier, wh_before),
                    [Step(day, _ratio(metric, by_day[day], delivered[day])) for day in shown.steps],
                    whole,
                )
            )
    return [
        Performance(metric, FORMULAS["uptime.raw" if metric == "uptime" else metric], shown, series)
        for metric, series in found.items()
    ]


def _whole(stretches: Iterable[Sequence[TimeOn]], place: str) -> TimeSum:
    return total(each.time for stretch in stretches for each in stretch if each.location == place)


async def _reckoned(asked: _Asked, definition: str) -> Performance:
    shown = asked.shown
    ports = await asked.queries.ports(asked.company, asked.wanted, now=asked.now, as_of=asked.as_of)
    # Thousands of ports take longer than the event loop may be held.
    series = await asyncio.to_thread(_reckoned_series, ports, asked.places, shown, DEFINITIONS[definition])
    return Performance("uptime", FORMULAS[f"uptime.{definition}"], shown, series)


def _reckoned_series(
    ports: Iterable[Port], places: Sequence[str], shown: Range, definition: Definition
) -> list[Series]:
    days = [shown.before, shown.compared_until, *shown.steps, shown.until]
    sums: dict[tuple[str, str], SteppedReckoning] = {}
    for port in ports:
        place = port.location if len(places) > 1 else places[0]
        key = place, port.time_zone
        if key not in sums:
            sums[key] = SteppedReckoning([local_day(day, port.time_zone)[0] for day in days])
        sums[key].add(definition.parts(port))
    series = []
    for place in places:
        here = [found.steps() for (where, _), found in sums.items() if where == place]
        # Between what is compared and what is shown there may be days that belong to neither.
        earlier, _, *steps = [together(step) for step in zip(*here, strict=True)] or [
            Reckoning() for _ in days[1:]
        ]
        whole = together(steps)
        series.append(
            Series(
                place,
                whole.uptime,
                earlier.uptime,
                [Step(day, step.uptime) for day, step in zip(shown.steps, steps, strict=True)],
                reckoning=whole,
            )
        )
    return series


def days_of(port: Port, parts: Parts, since: date, until: date) -> Reckoning:
    """What a definition says of a port from one local day up to another, in its location's time."""
    return reckoned(parts, local_day(since, port.time_zone)[0], local_day(until, port.time_zone)[0])


async def _traded(asked: _Asked, metric: str, currency: str) -> Performance:
    shown = asked.shown
    sold = await asked.trade(shown.since, shown.until, shown.by)
    before = await asked.trade(shown.before, shown.compared_until, shown.by)
    if metric == "revenue" and not currency:
        currency = _most_sold((*sold, *before))

    def value(each: Traded) -> int:
        match metric:
            case "revenue":
                return each.gross if each.currency == currency else 0
            case "energy":
                return each.energy_wh
            case _:
                return each.sessions

    series = []
    for place in asked.places:
        by_step: dict[date, int] = defaultdict(int)
        for each in sold:
            if each.location == place:
                by_step[each.day] += value(each)
        series.append(
            Series(
                place,
                Fraction(sum(by_step.values())),
                Fraction(sum(value(each) for each in before if each.location == place)),
                [Step(day, Fraction(by_step[day])) for day in shown.steps],
            )
        )
    return Performance(metric, FORMULAS[metric], shown, series, currency if metric == "revenue" else "")


def _most_sold(sold: Iterable[Traded]) -> str:
    delivered: dict[str, int] = defaultdict(int)
    for each in sold:
        delivered[each.currency] += each.energy_wh
    return max(delivered, key=lambda code: (delivered[code], code), default="")


def _ratio(metric: str, time: TimeSum, energy_wh: int) -> Fraction | None:
    match metric:
        case "utilization":
            return time.utilization
        case "occupancy":
            return time.occupancy
        case "energyUtilization":
            return time.energy_utilization(energy_wh)
        case _:
            return time.uptime
