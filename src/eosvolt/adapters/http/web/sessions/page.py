"""The list of sessions: every filter, the order and the page are in the address."""

from datetime import date, timedelta

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.auth import PART
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.ports.queries import SessionFilter
from eosvolt.adapters.http.web.sessions.table import session_table
from eosvolt.adapters.http.web.sessions.view_models import Chip, SessionRows, SessionsPage, SessionTotals
from eosvolt.adapters.http.web.shell.labels import SESSION_COLUMNS, SESSION_STATES, SESSION_TYPES
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, Part, show
from eosvolt.adapters.http.web.shell.query_parameters import in_order_of, lived_day, number, one_of
from eosvolt.application.operations.sessions import VIEW
from eosvolt.application.questions import MOST_SUMMED
from eosvolt.domain.calendar import local_day
from eosvolt.domain.tokens.uid import folded

SORTS = ("startedAt", "endedAt", "number", "total")
# As of an earlier instant only these are known without looking at every session.
SORTS_THEN = ("startedAt", "number")
PAGE = 50
MOST_PLUGS = 1_000
FILTERS = ("from", "to", "status", "type", "location", "charger", "plug", "token", "search")


def session_list_routes(pages: Pages) -> list[Route]:
    """``/sessions``."""
    query_checks = {
        "from": lived_day,
        "to": lived_day,
        "status": one_of(SESSION_STATES),
        "type": one_of(SESSION_TYPES),
        "plug": number(0, MOST_PLUGS),
        "column": one_of(SESSION_COLUMNS),
        "sort": in_order_of(SORTS),
    }
    return [pages.get("/sessions", session_list, query_checks, needs=VIEW)]


async def session_list(request: PageRequest) -> Response:
    """The page, or its list alone."""
    parts: dict[str, Part] = {"list": _list}
    lazy = request.raw.headers.get(PART) == "totals" or request.query("totals")
    if request.as_of is None and lazy:
        parts["totals"] = _totals
    return await show(
        request,
        SessionsPage(
            sums=None,
            columns=_columns(request) or tuple(SESSION_COLUMNS),
            chips=_chips(request),
            presets=presets(request),
            chargers=await request.queries.charge_points(request.number),
        ),
        parts,
    )


async def _list(request: PageRequest) -> SessionRows:
    sorts = SORTS_THEN if request.as_of else SORTS
    sort = request.query("sort") if request.query("sort").removeprefix("-") in sorts else "-startedAt"
    found = await request.queries.sessions(
        request.number,
        wanted(request),
        sort=sort,
        cursor=request.query("before") or request.query("cursor") or None,
        backward=bool(request.query("before")),
        limit=PAGE,
        as_of=request.as_of,
    )
    asked = _columns(request)
    table = session_table(
        request,
        found.items,
        columns=asked or tuple(SESSION_COLUMNS),
        sort=sort,
        sorts=sorts,
        chosen=bool(asked),
    )
    return SessionRows(table=table, cursor=found.cursor, before=found.before, filtered=_filtered(request))


async def _totals(request: PageRequest) -> SessionTotals:
    return SessionTotals(
        sums=await request.queries.session_sums(request.number, wanted(request)), most=MOST_SUMMED
    )


def _columns(request: PageRequest) -> list[str]:
    """The columns that the address names, in the order that they always have."""
    return [name for name in SESSION_COLUMNS if name in request.query_values("column")]


def _filtered(request: PageRequest) -> bool:
    return any(request.query(name) for name in FILTERS)


def wanted(request: PageRequest) -> SessionFilter:
    """Which sessions the address asks for. Dates are local ones of the chosen or the first location."""
    zone = request.locations.zone(request.query("location"))
    since, until, plug = request.query("from"), request.query("to"), request.query("plug")
    return SessionFilter(
        since=local_day(date.fromisoformat(since), zone)[0] if since else None,
        until=local_day(date.fromisoformat(until), zone)[1] if until else None,
        status=request.query_values("status"),
        type=request.query("type"),
        location=request.query("location"),
        charge_point=request.query("charger"),
        connector=int(plug) if plug else None,
        token=folded(request.query("token")),
        search=request.query("search"),
    )


def _chips(request: PageRequest) -> list[Chip]:
    chips = [
        Chip(
            SESSION_STATES[status],
            request.link(
                status=[s for s in request.query_values("status") if s != status], cursor=None, before=None
            ),
        )
        for status in request.query_values("status")
    ]
    texts = {
        "search": f"“{request.query('search')}”",
        "from": gettext("from {day}", day=request.query("from")),
        "to": gettext("to {day}", day=request.query("to")),
        "type": SESSION_TYPES.get(request.query("type"), ""),
        "location": request.locations.name(request.query("location")),
        "charger": request.query("charger"),
        "plug": gettext("plug {plug}", plug=request.query("plug")),
        "token": gettext("token {token}", token=request.query("token")),
    }
    chips += [
        Chip(text, request.link(**{name: None, "cursor": None, "before": None}))
        for name, text in texts.items()
        if request.query(name)
    ]
    return chips


def presets(request: PageRequest) -> list[tuple[str, str]]:
    """Date ranges that are asked for often, with their addresses."""
    today = request.today

    def span(since: date, until: date) -> str:
        return request.link(
            **{"from": since.isoformat(), "to": until.isoformat(), "cursor": None, "before": None}
        )

    return [
        (gettext("Today"), span(today, today)),
        (gettext("Yesterday"), span(today - timedelta(days=1), today - timedelta(days=1))),
        (gettext("7 days"), span(today - timedelta(days=6), today)),
        (gettext("This month"), span(today.replace(day=1), today)),
    ]
