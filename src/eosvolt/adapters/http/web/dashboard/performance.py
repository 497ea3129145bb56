"""The dashboard's performance area: one metric of a week, month or year, and how it is made up."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.presentation.formulas import FORMULAS
from eosvolt.adapters.http.presentation.heat_map import heat_map_days
from eosvolt.adapters.http.presentation.performance import Performance, Series, performance
from eosvolt.adapters.http.presentation.ranges import Range, range_of
from eosvolt.adapters.http.presentation.uptime_names import DEFINITION_NAMES
from eosvolt.adapters.http.web.dashboard.view_models import (
    Cause,
    DashboardPerformance,
    DashboardUsage,
    PerformanceFigures,
    PerformanceLine,
    UsageFigures,
)
from eosvolt.adapters.http.web.shell.formats import count, energy, minor, period_name, rate, weekday_names
from eosvolt.adapters.http.web.shell.formats import day as format_day
from eosvolt.adapters.http.web.shell.formats import month as format_month
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.application.performance_questions import PlugFilter
from eosvolt.domain.money import minor_digits
from eosvolt.projections.uptime_definitions import DEFINITIONS

RANGES = {"week": Text("Week"), "month": Text("Month"), "year": Text("Year")}
METRICS = {
    "utilization": Text("Utilization"),
    "uptime": Text("Uptime"),
    "revenue": Text("Revenue"),
    "energy": Text("Consumption"),
    "sessions": Text("Sessions"),
    "occupancy": Text("Occupancy"),
    "energyUtilization": Text("Energy utilization"),
}
MOST_COMPARED = 6


class _Question(NamedTuple):
    day: Text
    month: Text


_QUESTIONS = {
    "utilization": _Question(
        Text("How much of their time were plugs in use on each day of {span}?"),
        Text("How much of their time were plugs in use in each month of {span}?"),
    ),
    "occupancy": _Question(
        Text("How much of their time were plugs occupied on each day of {span}?"),
        Text("How much of their time were plugs occupied in each month of {span}?"),
    ),
    "energyUtilization": _Question(
        Text("How much of their energy did plugs deliver on each day of {span}?"),
        Text("How much of their energy did plugs deliver in each month of {span}?"),
    ),
    "uptime": _Question(
        Text("How much of their time were plugs up on each day of {span}?"),
        Text("How much of their time were plugs up in each month of {span}?"),
    ),
    "revenue": _Question(
        Text("How much revenue did each day of {span} bring?"),
        Text("How much revenue did each month of {span} bring?"),
    ),
    "energy": _Question(
        Text("How much energy did each day of {span} deliver?"),
        Text("How much energy did each month of {span} deliver?"),
    ),
    "sessions": _Question(
        Text("How many sessions did each day of {span} see?"),
        Text("How many sessions did each month of {span} see?"),
    ),
}


def plugs_wanted(request: PageRequest) -> PlugFilter:
    """The plugs that the address names."""
    number = request.query("connector")
    return PlugFilter(
        locations=tuple(dict.fromkeys(request.query_values("place")))[:MOST_COMPARED],
        charger=request.query("box"),
        plug=int(number) if number else None,
    )


def range_shown(request: PageRequest) -> Range:
    """The range that the address names: this month, where it names none."""
    text = request.query("on")
    day = date.fromisoformat(text) if text else request.today
    return range_of(request.query("range") or "month", day, request.today)


async def performance_part(request: PageRequest) -> DashboardPerformance:
    """The chart of a metric, its figures, and for uptime why plugs were down."""
    metric = request.query("chart") or "utilization"
    definition = (request.query("definition") or "raw") if metric == "uptime" else "raw"
    shown = range_shown(request)
    found = await performance(
        request.queries,
        request.number,
        metric,
        plugs_wanted(request),
        shown,
        now=request.then,
        definition=definition,
        as_of=request.as_of,
    )
    span = _span(shown)
    question = _QUESTIONS[metric].month if shown.name == "year" else _QUESTIONS[metric].day
    formula = gettext(
        "{formula} (version {version})", formula=found.formula.text, version=found.formula.version
    )
    lines = [_line(request, each, found) for each in found.series]
    threshold = DEFINITIONS[definition].threshold if metric == "uptime" else None
    figures = PerformanceFigures(
        metric=metric,
        metrics=METRICS,
        ranges=RANGES,
        shown=shown,
        span=span,
        earlier=(shown.since - timedelta(days=1)).isoformat(),
        later=shown.until.isoformat() if shown.until <= request.today else "",
        definition=definition,
        definitions=DEFINITION_NAMES,
        wanted=plugs_wanted(request),
        question=str(question).format(span=span),
        formula=formula,
        compared=period_name(
            shown.name if shown.name != "week" else "days", shown.before, shown.compared_until, shown.since
        ),
        lines=lines,
        steps=[_step_name(shown, step) for step in shown.steps if step <= request.today],
        chart=_chart(request, found, lines, formula),
        causes=_causes(found),
        threshold=threshold,
        most_compared=MOST_COMPARED,
        recorded_at=await request.queries.newest_recorded_at(request.number, as_of=request.as_of),
    )
    return DashboardPerformance(performance=figures)


async def usage_part(request: PageRequest) -> DashboardUsage:
    """How charging attempts ended, and when sessions begin."""
    shown, wanted = range_shown(request), plugs_wanted(request)
    attempts = await request.queries.attempts(
        request.number, wanted, shown.since, shown.until, as_of=request.as_of
    )
    since, until = heat_map_days(shown, request.today)
    starts = await request.queries.session_starts(request.number, wanted, since, until, as_of=request.as_of)
    cells = [[0] * 24 for _ in range(7)]
    for each in starts:
        cells[each.weekday][each.hour] = each.sessions
    success = Fraction(attempts.successful, attempts.attempts) if attempts.attempts else None
    formula = FORMULAS["successRate"]
    figures = UsageFigures(
        span=_span(shown),
        attempts=attempts,
        success=success,
        formula=gettext("{formula} (version {version})", formula=formula.text, version=formula.version),
        days=period_name("days", since, until, since) if since < until else "",
        weekdays=weekday_names(),
        cells=cells,
        most=max((max(row) for row in cells), default=0),
    )
    return DashboardUsage(usage=figures)


def _span(shown: Range) -> str:
    match shown.name:
        case "year":
            return str(shown.since.year)
        case "month":
            return format_month(shown.since)
        case _:
            return period_name("days", shown.since, shown.until, shown.since)


def _step_name(shown: Range, step: date) -> str:
    return format_month(step) if shown.name == "year" else format_day(step)


def _line(request: PageRequest, series: Series, found: Performance) -> PerformanceLine:
    name = request.locations.name(series.location) if series.location else gettext("All plugs")
    counts = found.metric in {"revenue", "energy", "sessions"}
    change = None
    if counts and series.value is not None and series.compared:
        change = round((series.value - series.compared) * 100 / series.compared)
    return PerformanceLine(
        location=series.location,
        name=name,
        value=_text(series.value, found),
        compared=_text(series.compared, found),
        change=change,
        points=None
        if counts or series.value is None or series.compared is None
        else round((series.value - series.compared) * 100, 1),
        steps=[_text(step.value, found) for step in series.steps if step.since <= request.today],
    )


def _text(value: Fraction | None, found: Performance) -> str:
    if value is None:
        return "–"
    match found.metric:
        case "revenue":
            return minor(int(value), found.currency) if found.currency else count(int(value))
        case "energy":
            return energy(int(value))
        case "sessions":
            return count(int(value))
        case _:
            return rate(value)


def _chart(
    request: PageRequest, found: Performance, lines: Sequence[PerformanceLine], formula: str
) -> dict[str, Any]:
    """What the browser draws: bars for each step, side by side where locations are compared."""
    digits = minor_digits(found.currency) if found.currency else 0
    scale, unit, shown_digits = {
        "revenue": (Fraction(1, 10**digits), found.currency, digits),
        "energy": (Fraction(1, 1000), "kWh", 1),
        "sessions": (Fraction(1), gettext("sessions"), 0),
    }.get(found.metric, (Fraction(100), "%", 1))

    def values(series: Series) -> list[float | None]:
        return [
            None if step.value is None or step.since > request.today else float(step.value * scale)
            for step in series.steps
        ]

    return {
        "kind": "performance",
        "labels": [step.isoformat() for step in found.range.steps],
        "by": found.range.by,
        "series": [
            {"name": line.name, "values": values(series)}
            for line, series in zip(lines, found.series, strict=True)
        ],
        "unit": unit,
        "digits": shown_digits,
        "formula": formula,
    }


def _causes(found: Performance) -> list[Cause]:
    """Why plugs were down, longest first; shares are of the time that counts."""
    if found.metric != "uptime":
        return []
    (series, *others) = found.series
    if series.reckoning is not None:
        reckoned = series.reckoning
        for each in others:
            reckoned = reckoned.plus(
                each.reckoning or reckoned._replace(counted=0, down=0, outage=0, excluded=0)
            )
        parts = [
            (gettext("Down"), reckoned.down, "Faulted"),
            (gettext("Excluded"), reckoned.excluded, "Unavailable"),
        ]
        whole = reckoned.counted
    else:
        times = [each.time for each in found.series]
        parts = [
            (gettext("Faulted"), sum(each.faulted for each in times), "Faulted"),
            (gettext("Offline"), sum(each.offline for each in times), "Offline"),
            (gettext("Unavailable"), sum(each.unavailable for each in times), "Unavailable"),
            (gettext("Planned (not down)"), sum(each.planned for each in times), "Reserved"),
        ]
        whole = sum(each.observed for each in times)
    return [
        Cause(name, timedelta(microseconds=passed), Fraction(passed, whole) if whole else Fraction(0), state)
        for name, passed, state in sorted(parts, key=lambda part: -part[1])
    ]
