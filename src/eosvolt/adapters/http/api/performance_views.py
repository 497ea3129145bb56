"""What the API says of performance: series, plug time and formulas."""

from datetime import date
from fractions import Fraction
from typing import Literal

from eosvolt.adapters.http.framework.api_types import Instant, View
from eosvolt.adapters.http.presentation.formulas import Formula
from eosvolt.adapters.http.presentation.performance import Performance, Series
from eosvolt.projections.time_sums import TimeSum
from eosvolt.projections.uptime_definitions import Reckoning

_DIGITS = 6
Metric = Literal["utilization", "occupancy", "energyUtilization", "uptime", "revenue", "energy", "sessions"]
RangeName = Literal["week", "month", "year"]
DefinitionId = Literal["raw", "nevi", "uk2023", "cec"]


class FormulaView(View, frozen=True, kw_only=True):
    """How a figure is computed; the version changes with the formula."""

    id: str
    version: int
    text: str


class TimeView(View, frozen=True, kw_only=True):
    """Plug time in milliseconds. ``inServiceMs`` is observed less planned."""

    observed_ms: int
    in_service_ms: int
    in_use_ms: int
    occupied_ms: int
    faulted_ms: int
    unavailable_ms: int
    offline_ms: int
    planned_ms: int


class ReckoningView(View, frozen=True, kw_only=True):
    """What a regulator's definition looked at, in milliseconds.

    ``countedMs`` is the time that counts, ``downMs`` what was not up of it; of ``outageMs`` the part
    ``excludedMs`` is not counted as down.
    """

    counted_ms: int
    down_ms: int
    outage_ms: int
    excluded_ms: int
    threshold: str | None = None
    met: bool | None = None


class PerformanceStep(View, frozen=True, kw_only=True):
    """A month of a year, otherwise a day. ``value`` is ``null`` where there is nothing to divide by."""

    since: date
    value: str | None


class PerformanceSeries(View, frozen=True, kw_only=True):
    """The figures of one location, or of all plugs together (``location`` is absent).

    ``compared`` is the figure of the same stretch before.
    """

    value: str | None
    compared: str | None
    steps: list[PerformanceStep]
    location: str = ""
    time: TimeView | None = None
    reckoning: ReckoningView | None = None


class PerformanceView(View, frozen=True, kw_only=True):
    """A metric over a range of local days from ``since`` up to but not including ``until``.

    Values are decimal texts in ``unit``: a currency, ``Wh``, ``sessions``, or ``ratio`` from 0 to 1. The
    stretch compared with is from ``comparedSince`` up to but not including ``comparedUntil``.
    ``recordedAt`` is when the newest event of the company was recorded.
    """

    metric: Metric
    unit: str
    range: RangeName
    since: date
    until: date
    compared_since: date
    compared_until: date
    formula: FormulaView
    series: list[PerformanceSeries]
    as_of: Instant
    recorded_at: Instant | None = None


class SuccessRateView(View, frozen=True, kw_only=True):
    """How many charging attempts that ended delivered energy and ended normally."""

    attempts: int
    successful: int
    value: str | None
    since: date
    until: date
    formula: FormulaView


class HeatMapCell(View, frozen=True, kw_only=True):
    """The sessions that began in an hour (0 to 23) of a weekday (1: Monday to 7) of the local clock."""

    weekday: int
    hour: int
    sessions: int


class HeatMapView(View, frozen=True, kw_only=True):
    """When the sessions with energy began that began on the local days from ``since`` up to ``until``.

    Of a year these are its last 31 days so far. Hours without a session are left out.
    """

    since: date
    until: date
    cells: list[HeatMapCell]


def unit_of(found: Performance) -> str:
    """The unit of its values."""
    match found.metric:
        case "revenue":
            return found.currency
        case "energy":
            return "Wh"
        case "sessions":
            return "sessions"
        case _:
            return "ratio"


def series_view(found: Series, metric: str, digits: int, threshold: int | None) -> PerformanceSeries:
    """A series; ``digits`` are those of the currency's minor unit."""

    def text(value: Fraction | None) -> str | None:
        if value is None or metric not in {"revenue", "energy", "sessions"}:
            return ratio_text(value)
        return f"{int(value)}" if not digits else _decimal(int(value), digits)

    counts = metric in {"revenue", "energy", "sessions"}
    return PerformanceSeries(
        location=found.location,
        value=text(found.value),
        compared=text(found.compared),
        steps=[PerformanceStep(since=step.since, value=text(step.value)) for step in found.steps],
        time=None if counts or found.reckoning is not None else _time(found.time),
        reckoning=None if found.reckoning is None else _reckoning(found.reckoning, threshold),
    )


def _decimal(minor: int, digits: int) -> str:
    sign, number = ("-" if minor < 0 else ""), abs(minor)
    return f"{sign}{number // 10**digits}.{number % 10**digits:0{digits}}"


def ratio_text(value: Fraction | None) -> str | None:
    """A ratio as decimal text, rounded half-up."""
    if value is None:
        return None
    return _decimal(int(value * 10**_DIGITS + Fraction(1, 2)), _DIGITS)


def _time(time: TimeSum) -> TimeView:
    return TimeView(
        observed_ms=time.observed // 1_000,
        in_service_ms=time.in_service // 1_000,
        in_use_ms=time.in_use // 1_000,
        occupied_ms=time.occupied // 1_000,
        faulted_ms=time.faulted // 1_000,
        unavailable_ms=time.unavailable // 1_000,
        offline_ms=time.offline // 1_000,
        planned_ms=time.planned // 1_000,
    )


def _reckoning(found: Reckoning, threshold: int | None) -> ReckoningView:
    uptime = found.uptime
    return ReckoningView(
        counted_ms=found.counted // 1_000,
        down_ms=found.down // 1_000,
        outage_ms=found.outage // 1_000,
        excluded_ms=found.excluded // 1_000,
        threshold=None if threshold is None else f"0.{threshold}",
        met=None if threshold is None or uptime is None else uptime >= Fraction(threshold, 100),
    )


def formula_view(formula: Formula) -> FormulaView:
    """A formula."""
    return FormulaView(id=formula.id, version=formula.version, text=formula.english)
