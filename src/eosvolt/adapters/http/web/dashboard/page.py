"""The dashboard: how business goes, what the plugs do now, what is wrong, and the latest sessions."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from msgspec.structs import replace
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.ports.queries import FaultFilter, Figures, SessionFilter, Summary
from eosvolt.adapters.http.presentation.uptime_names import DEFINITION_NAMES
from eosvolt.adapters.http.web.dashboard.bookings import bookings_part, shows_bookings
from eosvolt.adapters.http.web.dashboard.kiosk import kiosk
from eosvolt.adapters.http.web.dashboard.performance import METRICS as METRIC_NAMES
from eosvolt.adapters.http.web.dashboard.performance import (
    RANGES,
    performance_part,
    usage_part,
)
from eosvolt.adapters.http.web.dashboard.plug_map import PlugStatus, one_site
from eosvolt.adapters.http.web.dashboard.view_models import (
    Card,
    DashboardDiagnostics,
    DashboardPage,
    DashboardRecent,
    DashboardSummary,
)
from eosvolt.adapters.http.web.sessions.table import session_table
from eosvolt.adapters.http.web.shell import query_parameters
from eosvolt.adapters.http.web.shell.formats import count, energy, minor, month, period_name
from eosvolt.adapters.http.web.shell.formats import day as format_day
from eosvolt.adapters.http.web.shell.labels import PLUG_STATES
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, Part, show
from eosvolt.application.operations.views import DASHBOARD
from eosvolt.domain.money import minor_digits

PERIODS = {"day": Text("Day"), "month": Text("Month"), "year": Text("Year")}
METRICS = ("revenue", "energy", "sessions")
_FORMULAS = {
    "revenue": Text(
        "Gross: charging amounts of sessions ended + blocking fees fallen due − what was given back."
    ),
    "energy": Text("Energy delivered by sessions, counted when their charging ended."),
    "sessions": Text("Sessions of which the charging ended."),
}


class Question(NamedTuple):
    """What a chart answers, for the days of a span of time and for the months of a year."""

    day: Text
    month: Text


_QUESTIONS = {
    "revenue": Question(
        Text("How much revenue did each day of {span} bring?"),
        Text("How much revenue did each month of {span} bring?"),
    ),
    "energy": Question(
        Text("How much energy did each day of {span} deliver?"),
        Text("How much energy did each month of {span} deliver?"),
    ),
    "sessions": Question(
        Text("How many sessions did each day of {span} see?"),
        Text("How many sessions did each month of {span} see?"),
    ),
}
RECENT = 10
NEWEST_FAULTS = 6


def dashboard_routes(pages: Pages) -> list[Route]:
    """``/``."""
    query_checks = {
        "period": query_parameters.one_of(PERIODS),
        "date": query_parameters.day,
        "metric": query_parameters.one_of(METRICS),
        "currency": query_parameters.currency,
        "plug": query_parameters.one_of(PLUG_STATES),
        "chart": query_parameters.one_of(METRIC_NAMES),
        "range": query_parameters.one_of(RANGES),
        "on": query_parameters.lived_day,
        "definition": query_parameters.one_of(DEFINITION_NAMES),
        "connector": query_parameters.number(0, 10_000),
        "kiosk": query_parameters.one_of(("1",)),
        "tiles": query_parameters.one_of(("all",)),
    }
    return [pages.get("/", dashboard, query_checks, needs=DASHBOARD, past=True)]


async def dashboard(request: PageRequest) -> Response:
    """The page, or one of its parts; with ``kiosk=1`` the one for a screen on the wall."""
    if request.query("kiosk"):
        return await kiosk(request)
    status = PlugStatus(request)
    parts: dict[str, Part] = {
        "summary": _summary,
        "performance": performance_part,
        "usage": usage_part,
        "plugs": status.tiles,
        "counts": status.counts,
        "diagnostics": _diagnostics,
        "recent": _recent,
    }
    if shown := shows_bookings(request):
        parts["bookings"] = bookings_part
    return await show(request, DashboardPage(shows_bookings=shown), parts, {"site": one_site})


async def _summary(request: PageRequest) -> DashboardSummary:
    period = request.query("period") or "month"
    day = _day(request)
    now = await _summed(request, period, day)
    before = await _summed(request, period, now.previous_since)
    delivered = Counter[str]()
    for each in (*now.previous, *now.compared.figures, *now.figures):
        delivered[each.currency] += each.energy_wh
    currencies = [currency for currency, _ in delivered.most_common()]
    if not currencies and request.locations.rows:
        currencies = [request.locations.rows[0].tariff.currency]
    # A line that falls to zero on future days would be wrong.
    until_now = replace(now, series=tuple(step for step in now.series if step.since <= request.today))
    compared = period_name(period, now.compared.since, now.compared.until, now.since)
    shown = request.query("metric") or "revenue"
    currency = (
        request.query("currency") if request.query("currency") in currencies else next(iter(currencies), "")
    )
    return DashboardSummary(
        period=period,
        periods=PERIODS,
        summary=now,
        title=_title(period, now.since),
        earlier=_shifted(period, now, -1),
        later=_shifted(period, now, 1) if now.until <= request.today else None,
        cards=[
            *(_revenue(until_now, each, compared) for each in currencies),
            *_amounts(until_now, compared),
        ],
        cut=now.compared.cut,
        metric=shown,
        currency=currency,
        question=_question(shown, period, now),
        chart=_chart(shown, currency, now, before),
    )


async def _diagnostics(request: PageRequest) -> DashboardDiagnostics:
    """The faults that need attention, and as far as there is room recovered ones that are unsolved."""
    needing = FaultFilter(state="attention", at=request.then, within=request.within)
    first = await request.queries.faults(request.number, needing, sort="attention", limit=NEWEST_FAULTS)
    room = NEWEST_FAULTS - len(first.items)
    over = FaultFilter(state="recovered", within=request.within)
    rest = await request.queries.faults(request.number, over, limit=room) if room else None
    return DashboardDiagnostics(faults=[*first.items, *(rest.items if rest else ())])


async def _recent(request: PageRequest) -> DashboardRecent:
    found = await request.queries.sessions(request.number, SessionFilter(), limit=RECENT, as_of=request.as_of)
    chargers = [] if found.items else await request.queries.charge_points(request.number)
    return DashboardRecent(recent=session_table(request, found.items), chargers=chargers)


async def _summed(request: PageRequest, period: str, day: date) -> Summary:
    return await request.queries.summary(
        request.number, period, day, now=request.then, time_zone=request.locations.zone(), as_of=request.as_of
    )


def _day(request: PageRequest) -> date:
    text = request.query("date")
    return date.fromisoformat(text) if text else request.today


def _title(period: str, since: date) -> str:
    match period:
        case "day":
            return format_day(since)
        case "month":
            return month(since)
        case _:
            return str(since.year)


def _shifted(period: str, summary: Summary, steps: int) -> str:
    day = summary.since - timedelta(days=1) if steps < 0 else summary.until
    return day.isoformat() if period == "day" else day.replace(day=1).isoformat()


def _revenue(summary: Summary, currency: str, compared: str) -> Card:
    now, before = _of(summary.figures, currency), _of(summary.compared.figures, currency)
    return Card(
        metric="revenue",
        title=gettext("Revenue {period}", period=currency),
        value=minor(now.gross, currency),
        before=minor(before.gross, currency),
        compared=compared,
        change=_change(now.gross, before.gross),
        series=tuple(_of(bucket.figures, currency).gross for bucket in summary.series),
        formula=gettext(
            "{formula} Net {net}, VAT {vat}.",
            formula=_FORMULAS["revenue"],
            net=minor(now.net, currency),
            vat=minor(now.vat, currency),
        ),
    )


def _amounts(summary: Summary, compared: str) -> list[Card]:
    delivered, delivered_before = _energy(summary.figures), _energy(summary.compared.figures)
    ended, ended_before = _sessions(summary.figures), _sessions(summary.compared.figures)
    return [
        Card(
            metric="energy",
            title=gettext("Consumption"),
            value=energy(delivered),
            before=energy(delivered_before),
            compared=compared,
            change=_change(delivered, delivered_before),
            series=tuple(_energy(bucket.figures) for bucket in summary.series),
            formula=_FORMULAS["energy"],
        ),
        Card(
            metric="sessions",
            title=gettext("Sessions"),
            value=count(ended),
            before=count(ended_before),
            compared=compared,
            change=_change(ended, ended_before),
            series=tuple(_sessions(bucket.figures) for bucket in summary.series),
            formula=_FORMULAS["sessions"],
        ),
    ]


def _question(metric: str, period: str, summary: Summary) -> str:
    span = _title(period, summary.since)
    if period == "day":
        span = gettext("the week up to {day}", day=span)
    by_step = _QUESTIONS[metric]
    return str(by_step.month if period == "year" else by_step.day).format(span=span)


def _chart(metric: str, currency: str, now: Summary, before: Summary) -> dict[str, Any]:
    """What the browser draws: a bar for each step, and as a line the same step of the period before."""
    digits = minor_digits(currency) if currency else 0

    def values(summary: Summary) -> list[float]:
        match metric:
            case "revenue":
                return [_of(bucket.figures, currency).gross / 10**digits for bucket in summary.series]
            case "energy":
                return [_energy(bucket.figures) / 1000 for bucket in summary.series]
            case _:
                return [float(_sessions(bucket.figures)) for bucket in summary.series]

    # A single day is shown within its week; the week before it ends seven days earlier, not one.
    compared = [] if now.period == "day" else values(before)
    return {
        "kind": "summary",
        "labels": [bucket.since.isoformat() for bucket in now.series],
        "by": "month" if now.period == "year" else "day",
        "values": values(now),
        "before": compared,
        "unit": {"revenue": currency, "energy": "kWh", "sessions": gettext("sessions")}[metric],
        "digits": {"revenue": digits, "energy": 1, "sessions": 0}[metric],
        "names": [_title(now.period, now.since), _title(before.period, before.since)],
        "formula": str(_FORMULAS[metric]),
        "marked": now.since.isoformat() if now.period == "day" else "",
    }


def _of(figures: Sequence[Figures], currency: str) -> Figures:
    none = Figures(currency=currency, gross=0, net=0, vat=0, energy_wh=0, sessions=0)
    return next((each for each in figures if each.currency == currency), none)


def _energy(figures: Sequence[Figures]) -> int:
    return sum(each.energy_wh for each in figures)


def _sessions(figures: Sequence[Figures]) -> int:
    return sum(each.sessions for each in figures)


def _change(now: int, before: int) -> int | None:
    """By how many percent, rounded; ``None`` from zero."""
    return round((now - before) * 100 / before) if before > 0 else None
