"""``/dashboard/performance``, ``/dashboard/success-rate`` and ``/dashboard/heat-map``."""

from datetime import date
from fractions import Fraction
from typing import Annotated

from msgspec import Meta, field

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.performance_views import (
    DefinitionId,
    HeatMapCell,
    HeatMapView,
    Metric,
    PerformanceView,
    RangeName,
    SuccessRateView,
    formula_view,
    ratio_text,
    series_view,
    unit_of,
)
from eosvolt.adapters.http.framework.api_types import ApiInput, Instant, ShortText
from eosvolt.adapters.http.framework.endpoint import endpoint
from eosvolt.adapters.http.framework.problems import invalid
from eosvolt.adapters.http.presentation.formulas import FORMULAS
from eosvolt.adapters.http.presentation.heat_map import heat_map_days
from eosvolt.adapters.http.presentation.performance import performance
from eosvolt.adapters.http.presentation.ranges import Range, range_of
from eosvolt.application.operations.views import DASHBOARD
from eosvolt.application.performance_questions import PlugFilter
from eosvolt.domain.calendar import local_date
from eosvolt.domain.money import minor_digits
from eosvolt.projections.uptime_definitions import DEFINITIONS

FIRST_YEAR, LAST_YEAR = 1970, 2200
_MOST_LOCATIONS = 20
_DIGITS = 6


class PlugsQuery(ApiInput, frozen=True, kw_only=True):
    """A range of local days, and the plugs that it is asked for.

    ``location`` may be repeated. ``charger`` is a charge box id, ``plug`` the number of a plug.
    """

    range: RangeName = "month"
    day: Annotated[date, Meta(description="A day in the range; today, where it is left out.")] | None = field(
        default=None, name="date"
    )
    location: Annotated[tuple[ShortText, ...], Meta(max_length=_MOST_LOCATIONS)] = ()
    charger: ShortText = ""
    plug: Annotated[int, Meta(ge=0, le=10_000)] | None = None
    as_of: Instant | None = None

    @property
    def wanted(self) -> PlugFilter:
        """The plugs."""
        places = tuple(dict.fromkeys(filter(None, self.location)))
        return PlugFilter(locations=places, charger=self.charger, plug=self.plug)


class PerformanceQuery(PlugsQuery, frozen=True, kw_only=True):
    """A metric; ``definition`` says whose uptime. Several locations have a series each.

    ``currency`` is that of revenue: by default the one in which most energy was sold.
    """

    metric: Metric
    definition: DefinitionId = "raw"
    currency: Annotated[str, Meta(pattern="^([A-Z]{3})?$")] = ""


@endpoint("GET", "/dashboard/performance", needs=DASHBOARD)
async def get_performance(call: ApiCall, query: PerformanceQuery) -> PerformanceView:
    """Utilization, uptime, revenue, energy or sessions of a week, month or year."""
    as_of, shown = call.as_of(query.as_of), await _range(call, query)
    found = await performance(
        call.queries,
        call.company,
        query.metric,
        query.wanted,
        shown,
        now=as_of or call.now,
        definition=query.definition,
        currency=query.currency,
        as_of=as_of,
    )
    digits = minor_digits(found.currency) if found.currency else 0
    threshold = DEFINITIONS[query.definition].threshold if query.metric == "uptime" else None
    return PerformanceView(
        metric=query.metric,
        unit=unit_of(found),
        range=query.range,
        since=shown.since,
        until=shown.until,
        compared_since=shown.before,
        compared_until=shown.compared_until,
        formula=formula_view(found.formula),
        series=[series_view(each, query.metric, digits, threshold) for each in found.series],
        as_of=as_of or call.now,
        recorded_at=await call.queries.newest_recorded_at(call.company, as_of=as_of),
    )


@endpoint("GET", "/dashboard/success-rate", needs=DASHBOARD)
async def get_success_rate(call: ApiCall, query: PlugsQuery) -> SuccessRateView:
    """The charging success rate of a week, month or year."""
    as_of, shown = call.as_of(query.as_of), await _range(call, query)
    found = await call.queries.attempts(call.company, query.wanted, shown.since, shown.until, as_of=as_of)
    return SuccessRateView(
        attempts=found.attempts,
        successful=found.successful,
        value=ratio_text(Fraction(found.successful, found.attempts) if found.attempts else None),
        since=shown.since,
        until=shown.until,
        formula=formula_view(FORMULAS["successRate"]),
    )


@endpoint("GET", "/dashboard/heat-map", needs=DASHBOARD)
async def get_heat_map(call: ApiCall, query: PlugsQuery) -> HeatMapView:
    """When sessions begin, by weekday and hour."""
    as_of, shown = call.as_of(query.as_of), await _range(call, query)
    since, until = heat_map_days(shown, await _today(call, query))
    found = await call.queries.session_starts(call.company, query.wanted, since, until, as_of=as_of)
    cells = [
        HeatMapCell(weekday=each.weekday + 1, hour=each.hour, sessions=each.sessions)
        for each in sorted(found)
    ]
    return HeatMapView(since=since, until=until, cells=cells)


async def _range(call: ApiCall, query: PlugsQuery) -> Range:
    today = await _today(call, query)
    day = query.day or today
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise invalid("?date", f"This is a date in the years {FIRST_YEAR} to {LAST_YEAR}.")
    return range_of(query.range, day, today)


async def _today(call: ApiCall, query: PlugsQuery) -> date:
    """The local day at the first of the locations."""
    rows = await call.queries.locations(call.company)
    own = [row for row in rows if row.location in query.location]
    zone = next((row.tariff.time_zone for row in (*own, *rows)), "UTC")
    return local_date(call.as_of(query.as_of) or call.now, zone)


ENDPOINTS = (get_performance, get_success_rate, get_heat_map)
