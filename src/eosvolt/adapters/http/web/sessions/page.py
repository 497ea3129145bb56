"""The list of sessions: every filter, the order and the page are in the address."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.ports.queries import SessionFilter
from eosvolt.adapters.http.web.sessions.table import session_table
from eosvolt.adapters.http.web.shell.addresses import PART
from eosvolt.adapters.http.web.shell.labels import SESSION_COLUMNS, SESSION_STATES, SESSION_TYPES
from eosvolt.adapters.http.web.shell.page_request import Pages, Part, Visit, show
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


class Chip(NamedTuple):
    """A filter that is set, and the address without it."""

    text: str
    without: str


def session_list_routes(pages: Pages) -> list[Route]:
    """``/sessions``."""
    asks = {
        "from": lived_day,
        "to": lived_day,
        "status": one_of(SESSION_STATES),
        "type": one_of(SESSION_TYPES),
        "plug": number(0, MOST_PLUGS),
        "column": one_of(SESSION_COLUMNS),
        "sort": in_order_of(SORTS),
    }
    return [pages.get("/sessions", session_list, asks, needs=VIEW)]


async def session_list(visit: Visit) -> Response:
    """The page, or its list alone."""
    parts: dict[str, Part] = {"list": _list}
    lazy = visit.request.headers.get(PART) == "totals" or visit.ask("totals")
    if visit.as_of is None and lazy:
        parts["totals"] = _totals
    return await show(
        visit,
        "sessions/page.html",
        parts,
        page="sessions",
        sums=None,
        columns=_columns(visit) or tuple(SESSION_COLUMNS),
        chips=_chips(visit),
        presets=presets(visit),
        chargers=await visit.queries.charge_points(visit.number),
    )


async def _list(visit: Visit) -> Mapping[str, Any]:
    sorts = SORTS_THEN if visit.as_of else SORTS
    sort = visit.ask("sort") if visit.ask("sort").removeprefix("-") in sorts else "-startedAt"
    found = await visit.queries.sessions(
        visit.number,
        wanted(visit),
        sort=sort,
        cursor=visit.ask("before") or visit.ask("cursor") or None,
        backward=bool(visit.ask("before")),
        limit=PAGE,
        as_of=visit.as_of,
    )
    asked = _columns(visit)
    table = session_table(
        visit,
        found.items,
        columns=asked or tuple(SESSION_COLUMNS),
        sort=sort,
        sorts=sorts,
        chosen=bool(asked),
    )
    return {"table": table, "cursor": found.cursor, "before": found.before, "filtered": _filtered(visit)}


async def _totals(visit: Visit) -> Mapping[str, Any]:
    return {"sums": await visit.queries.session_sums(visit.number, wanted(visit)), "most": MOST_SUMMED}


def _columns(visit: Visit) -> list[str]:
    """The columns that the address names, in the order that they always have."""
    return [name for name in SESSION_COLUMNS if name in visit.asked("column")]


def _filtered(visit: Visit) -> bool:
    return any(visit.ask(name) for name in FILTERS)


def wanted(visit: Visit) -> SessionFilter:
    """Which sessions the address asks for. Dates are local ones of the chosen or the first location."""
    zone = visit.places.zone(visit.ask("location"))
    since, until, plug = visit.ask("from"), visit.ask("to"), visit.ask("plug")
    return SessionFilter(
        since=local_day(date.fromisoformat(since), zone)[0] if since else None,
        until=local_day(date.fromisoformat(until), zone)[1] if until else None,
        status=visit.asked("status"),
        type=visit.ask("type"),
        location=visit.ask("location"),
        charge_point=visit.ask("charger"),
        connector=int(plug) if plug else None,
        token=folded(visit.ask("token")),
        search=visit.ask("search"),
    )


def _chips(visit: Visit) -> list[Chip]:
    chips = [
        Chip(
            SESSION_STATES[status],
            visit.link(status=[s for s in visit.asked("status") if s != status], cursor=None, before=None),
        )
        for status in visit.asked("status")
    ]
    texts = {
        "search": f"“{visit.ask('search')}”",
        "from": f"from {visit.ask('from')}",
        "to": f"to {visit.ask('to')}",
        "type": SESSION_TYPES.get(visit.ask("type"), ""),
        "location": visit.places.name(visit.ask("location")),
        "charger": visit.ask("charger"),
        "plug": f"plug {visit.ask('plug')}",
        "token": f"token {visit.ask('token')}",
    }
    chips += [
        Chip(text, visit.link(**{name: None, "cursor": None, "before": None}))
        for name, text in texts.items()
        if visit.ask(name)
    ]
    return chips


def presets(visit: Visit) -> list[tuple[str, str]]:
    """Date ranges that are asked for often, with their addresses."""
    today = visit.today

    def span(since: date, until: date) -> str:
        return visit.link(
            **{"from": since.isoformat(), "to": until.isoformat(), "cursor": None, "before": None}
        )

    return [
        ("Today", span(today, today)),
        ("Yesterday", span(today - timedelta(days=1), today - timedelta(days=1))),
        ("7 days", span(today - timedelta(days=6), today)),
        ("This month", span(today.replace(day=1), today)),
    ]
