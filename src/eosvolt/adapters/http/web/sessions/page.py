"""The list of sessions: every filter, the order and the page are in the address."""

from datetime import date, timedelta

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.page_parts import PART
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.sessions.export import exported, session_export_form
from eosvolt.adapters.http.web.sessions.filter import (
    FILTER_CHECKS,
    SORTS_THEN,
    chips_of,
    filtered,
    order,
    wanted,
)
from eosvolt.adapters.http.web.sessions.saved_views import view_links
from eosvolt.adapters.http.web.sessions.table import session_table
from eosvolt.adapters.http.web.sessions.view_models import SessionRows, SessionsPage, SessionTotals
from eosvolt.adapters.http.web.shell.customer_names import customer_names
from eosvolt.adapters.http.web.shell.export_form import export_problem
from eosvolt.adapters.http.web.shell.exports import FILE_KINDS
from eosvolt.adapters.http.web.shell.labels import SESSION_COLUMNS
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, Part, show
from eosvolt.adapters.http.web.shell.query_parameters import one_of
from eosvolt.application.operations.sessions import EXPORT, VIEW
from eosvolt.application.questions import MOST_SUMMED, SESSION_SORTS

PAGE = 50


def session_list_routes(pages: Pages) -> list[Route]:
    """``/sessions``."""
    exports = {**FILTER_CHECKS, "format": one_of(FILE_KINDS)}
    checks = {**FILTER_CHECKS, "column": one_of(SESSION_COLUMNS)}
    return [
        pages.get("/sessions", session_list, checks, VIEW, past=True),
        pages.get("/sessions/export", export, exports, EXPORT, past=True),
    ]


async def session_list(request: PageRequest) -> Response:
    """The page, or its list alone."""
    return await _page(request)


async def export(request: PageRequest) -> Response:
    """The sessions of the filter as a file, or the page that says why there is none."""
    if wrong := export_problem(request):
        return await _page(request, wrong)
    return await exported(request)


async def _page(request: PageRequest, problem: str = "") -> Response:
    parts: dict[str, Part] = {"list": _list}
    lazy = request.raw.headers.get(PART) == "totals" or request.query("totals")
    if request.as_of is None and lazy:
        parts["totals"] = _totals
    return await show(
        request,
        SessionsPage(
            sums=None,
            columns=_columns(request) or tuple(SESSION_COLUMNS),
            chips=await chips_of(request),
            presets=presets(request),
            chargers=await request.queries.charge_points(request.number),
            export=session_export_form(request, problem),
            views=await view_links(request),
        ),
        parts,
        status=422 if problem else 200,
    )


async def _list(request: PageRequest) -> SessionRows:
    sort = order(request)
    found = await request.queries.sessions(
        request.number,
        wanted(request),
        sort=sort,
        cursor=request.query("before") or request.query("cursor") or None,
        backward=bool(request.query("before")),
        limit=PAGE,
        now=request.then,
        as_of=request.as_of,
    )
    asked = _columns(request)
    table = session_table(
        request,
        found.items,
        columns=asked or tuple(SESSION_COLUMNS),
        sort=sort,
        sorts=SORTS_THEN if request.as_of else SESSION_SORTS,
        chosen=bool(asked),
        people=await customer_names(request, (row.customer for row in found.items)),
    )
    return SessionRows(table=table, cursor=found.cursor, before=found.before, filtered=filtered(request))


async def _totals(request: PageRequest) -> SessionTotals:
    return SessionTotals(
        sums=await request.queries.session_sums(request.number, wanted(request)), most=MOST_SUMMED
    )


def _columns(request: PageRequest) -> list[str]:
    """The columns that the address names, in the order that they always have."""
    return [name for name in SESSION_COLUMNS if name in request.query_values("column")]


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
