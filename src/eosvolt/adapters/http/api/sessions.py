"""``/sessions``: running and past sessions, with prices, events and OCPP messages."""

from typing import Annotated, Literal

from msgspec import Meta
from starlette.responses import Response, StreamingResponse

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.frames import ENDINGS, MEDIA, written
from eosvolt.adapters.http.api.session_views import (
    SessionDetailView,
    SessionView,
    session_detail,
    session_view,
)
from eosvolt.adapters.http.framework.api_types import (
    ApiInput,
    Cursor,
    Instant,
    Items,
    Limit,
    ShortText,
    maybe_utc,
)
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import PageQuery, next_link, paged
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.ports.queries import SessionFilter
from eosvolt.adapters.http.presentation.event_view import EventView, event_view
from eosvolt.adapters.http.presentation.exports import download
from eosvolt.adapters.http.presentation.frame_table import frame_table, in_batches
from eosvolt.application.operations.sessions import VIEW
from eosvolt.application.payment_methods import PaymentMethod
from eosvolt.application.table_files import TableFormat

Status = Literal["pending", "charging", "suspended", "blocking", "completed", "failed"]
Sort = Literal[
    "-startedAt",
    "startedAt",
    "-endedAt",
    "endedAt",
    "-number",
    "number",
    "-duration",
    "duration",
    "-energy",
    "energy",
    "-total",
    "total",
    "-charger",
    "charger",
    "-token",
    "token",
]


class SessionFilterQuery(ApiInput, frozen=True, kw_only=True):
    """The filter and order of sessions."""

    since: Annotated[Instant, Meta(description="Started at or after.")] | None = None
    until: Annotated[Instant, Meta(description="Started before.")] | None = None
    status: tuple[Status, ...] = ()
    type: Literal["", "onDemand", "booking", "home"] = ""
    location: ShortText = ""
    charger: ShortText = ""
    plug: Annotated[int, Meta(ge=0, le=1000)] | None = None
    token: ShortText = ""
    customer: Annotated[ShortText, Meta(description="The id of a customer.")] = ""
    payment_method: PaymentMethod | None = None
    search: Annotated[
        str,
        Meta(
            max_length=200, description="Session number, charger, plug, token or a customer's e-mail address."
        ),
    ] = ""
    sort: Sort = "-startedAt"
    as_of: Instant | None = None


class SessionsQuery(SessionFilterQuery, frozen=True, kw_only=True):
    """The filter, order and page of sessions."""

    limit: Limit = 50
    cursor: Cursor | None = None


class SessionQuery(ApiInput, frozen=True, kw_only=True):
    """The instant of the query."""

    as_of: Instant | None = None


class LogQuery(ApiInput, frozen=True, kw_only=True):
    """The format of the log: lines of text, one JSON object per line, or a table."""

    format: Literal["text", "ndjson", "csv"] = "text"


def wanted(query: SessionFilterQuery) -> SessionFilter:
    """The filter of a query. Raises a 422 ``Problem`` for instants outside the calendar."""
    return SessionFilter(
        since=maybe_utc(query.since, "?since"),
        until=maybe_utc(query.until, "?until"),
        status=tuple(dict.fromkeys(query.status)),
        type=query.type,
        location=query.location,
        charge_point=query.charger,
        connector=query.plug,
        token=query.token,
        customer=query.customer,
        payment_method=query.payment_method or "",
        search=query.search,
    )


@endpoint("GET", "/sessions", needs=VIEW)
async def list_sessions(call: ApiCall, query: SessionsQuery) -> Answer[Items[SessionView]]:
    """Sessions, the newest first. As of an earlier instant they can be sorted by start and number only."""
    as_of = call.as_of(query.as_of)
    now = as_of or call.now
    page = await call.queries.sessions(
        call.company,
        wanted(query),
        sort=query.sort,
        cursor=query.cursor,
        limit=query.limit,
        now=now,
        as_of=as_of,
    )
    items = Items(items=[session_view(row, now) for row in page.items], cursor=page.cursor)
    return Answer(items, next_link(call.request, page.cursor))


@endpoint("GET", "/sessions/{session}", needs=VIEW)
async def session(call: ApiCall, session: str, query: SessionQuery) -> SessionDetailView:
    """One session with its price lines and its tariff."""
    as_of = call.as_of(query.as_of)
    row = await call.queries.session(call.company, session, as_of=as_of)
    if row is None:
        raise not_found()
    return session_detail(row, as_of or call.now)


@endpoint("GET", "/sessions/{session}/events", needs=VIEW)
async def session_events(call: ApiCall, session: str, query: PageQuery) -> Answer[Items[EventView]]:
    """The events of a session, oldest first, with actor and cause."""
    facts = await call.queries.session_facts(call.company, session)
    if not facts:
        raise not_found()
    return paged(call, [event_view(fact) for fact in facts], lambda each: str(each.position), query)


@endpoint(
    "GET", "/sessions/{session}/log", media=("text/plain", "application/x-ndjson", "text/csv"), needs=VIEW
)
async def session_log(call: ApiCall, session: str, query: LogQuery) -> Response:
    """Every OCPP message about a session, oldest first, to download."""
    if await call.queries.session(call.company, session) is None:
        raise not_found()
    frames = call.queries.session_frames(call.company, session)
    if query.format == "csv":
        table, batches = frame_table(call.now), in_batches(frames)
        name = f"session-{session}"
        return await download(call.dependencies, call.company, name, table, batches, TableFormat())
    name = f'attachment; filename="session-{session}.{ENDINGS[query.format]}"'
    return StreamingResponse(
        written(frames, query.format),
        media_type=MEDIA[query.format],
        headers={"content-disposition": name, "cache-control": "no-store"},
    )


ENDPOINTS = (list_sessions, session, session_events, session_log)
