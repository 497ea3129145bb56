"""``/dashboard``: summaries, plug status and recent sessions."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from msgspec import Meta, field

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.plugs import PlacedPlugView, placed_plug_view
from eosvolt.adapters.http.api.session_views import SessionView, session_view
from eosvolt.adapters.http.framework.api_types import (
    ApiInput,
    Instant,
    Items,
    MoneyView,
    ShortText,
    View,
    amount,
)
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.framework.problems import invalid
from eosvolt.adapters.http.ports.queries import Bucket, Figures, SessionFilter
from eosvolt.application.operations.views import DASHBOARD
from eosvolt.domain.calendar import local_date
from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.projections.connector_status import OFFLINE

Period = Literal["day", "month", "year"]


class SumsView(View, frozen=True, kw_only=True):
    """The sums of a period. Amounts are by currency."""

    revenue: list[MoneyView]
    net: list[MoneyView]
    vat: list[MoneyView]
    energy_wh: int
    session_count: int


class StepView(SumsView, frozen=True, kw_only=True):
    """One step of the series: a month of a year, otherwise a day."""

    label: str
    since: date


class PreviousView(SumsView, frozen=True, kw_only=True):
    """The whole period before, from ``since`` up to but not including ``until``."""

    since: date
    until: date


class ComparedView(SumsView, frozen=True, kw_only=True):
    """The part of the previous period that a period is compared with.

    ``until`` is the first day after it. For a running period it is as long as the elapsed part, and its last
    day counts up to ``cutAt`` only, the present time of day.
    """

    since: date
    until: date
    cut_at: Instant | None = None


class SummaryView(SumsView, frozen=True, kw_only=True):
    """The summary of a period in the locations' local days, and the period before it.

    ``until`` is the first day after the period. ``previous`` is the whole period before, ``compared`` the
    same part of it: for a running month the days up to today. The series of a day is the week that ends
    with it.
    """

    period: Period
    since: date
    until: date
    previous: PreviousView
    compared: ComparedView
    series: list[StepView]


class PlugStatusView(View, frozen=True, kw_only=True):
    """The state of each plug, and the number of plugs by state."""

    counts: dict[str, int]
    plugs: list[PlacedPlugView]


class SummaryQuery(ApiInput, frozen=True, kw_only=True):
    """The day, month or year that contains ``date``."""

    period: Period = "month"
    day: Annotated[date, Meta(description="Today, where it is left out.")] | None = field(
        default=None, name="date"
    )
    location: ShortText = ""
    as_of: Instant | None = None


STATUSES = frozenset((*(status.value for status in ConnectorStatus), OFFLINE))
PlugStatus = Annotated[
    str,
    Meta(
        max_length=40,
        description="An OCPP 1.6 state, or Offline.",
        extra_json_schema={"enum": ["", *sorted(STATUSES)]},
    ),
]


class PlugStatusQuery(ApiInput, frozen=True, kw_only=True):
    """The filter of plugs; ``status`` is one of the counted states."""

    location: ShortText = ""
    charger: ShortText = ""
    status: PlugStatus = ""
    as_of: Instant | None = None


class RecentQuery(PageQuery, frozen=True, kw_only=True):
    """The instant of the query."""

    as_of: Instant | None = None


@endpoint("GET", "/dashboard/summary", needs=DASHBOARD)
async def summary(call: ApiCall, query: SummaryQuery) -> SummaryView:
    """Revenue, energy and completed sessions of a day, month or year, and of the one before."""
    as_of = call.as_of(query.as_of)
    now = as_of or call.now
    zone = await _time_zone(call, query.location)
    day = query.day or local_date(now, zone)
    found = await call.queries.summary(
        call.company, query.period, day, now=now, time_zone=zone, location=query.location, as_of=as_of
    )
    return SummaryView(
        period=query.period,
        since=found.since,
        until=found.until,
        previous=PreviousView(since=found.previous_since, until=found.since, **_sums(found.previous)),
        compared=ComparedView(
            since=found.compared.since,
            until=found.compared.until,
            cut_at=found.compared.cut,
            **_sums(found.compared.figures),
        ),
        series=[_step(bucket) for bucket in found.series],
        **_sums(found.figures),
    )


@endpoint("GET", "/dashboard/plug-status", needs=DASHBOARD)
async def plug_status(call: ApiCall, query: PlugStatusQuery) -> PlugStatusView:
    """The state of every plug; `Offline` while its charger is not connected."""
    if query.status and query.status not in STATUSES:
        raise invalid("?status", "There is no such status.")
    rows = await call.queries.connectors(
        call.company,
        location=query.location,
        charge_box_id=query.charger,
        as_of=call.as_of(query.as_of),
    )
    return PlugStatusView(
        counts=dict(sorted(Counter(row.shown for row in rows).items())),
        plugs=[placed_plug_view(row) for row in rows if not query.status or row.shown == query.status],
    )


@endpoint("GET", "/dashboard/recent-sessions", needs=DASHBOARD)
async def recent_sessions(call: ApiCall, query: RecentQuery) -> Answer[Items[SessionView]]:
    """The ten newest sessions."""
    as_of = call.as_of(query.as_of)
    found = await call.queries.sessions(call.company, SessionFilter(), limit=10, as_of=as_of)
    views = [session_view(row, as_of or call.now) for row in found.items]
    return paged(call, views, lambda each: each.id, query)


async def _time_zone(call: ApiCall, location: str) -> str:
    """The time zone of local days: that of the location, otherwise of the first location."""
    rows = await call.queries.locations(call.company)
    own = [row for row in rows if row.location == location]
    return next((row.tariff.time_zone for row in (*own, *rows)), "UTC")


def _sums(figures: Sequence[Figures]) -> dict[str, Any]:
    return {
        "revenue": [amount(each.currency, each.gross) for each in figures],
        "net": [amount(each.currency, each.net) for each in figures],
        "vat": [amount(each.currency, each.vat) for each in figures],
        "energy_wh": sum(each.energy_wh for each in figures),
        "session_count": sum(each.sessions for each in figures),
    }


def _step(bucket: Bucket) -> StepView:
    return StepView(label=bucket.label, since=bucket.since, **_sums(bucket.figures))


ENDPOINTS = (summary, plug_status, recent_sessions)
