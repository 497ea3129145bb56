"""``/events``: the audit feed: the company's events in order, from any position, and as a file."""

import re
from collections.abc import AsyncIterator
from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from starlette.responses import Response, StreamingResponse

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.framework.api_types import ApiInput, Cursor, Instant, Items, Limit, maybe_utc
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import next_link
from eosvolt.adapters.http.framework.problems import all_invalid, invalid
from eosvolt.adapters.http.presentation.event_files import every_event
from eosvolt.adapters.http.presentation.event_view import EventView, event_view
from eosvolt.application.event_search import EventSearch, visible_tags
from eosvolt.application.operations.views import EXPORT_HISTORY, HISTORY
from eosvolt.domain.vocabulary import EVENTS

Position = Annotated[int, Meta(ge=0, le=2**63 - 1, description="The position behind which to go on.")]

_POSITION = re.compile(r"[0-9]{1,18}")

EventType = Annotated[str, Meta(extra_json_schema={"enum": sorted(EVENTS)})]


class WantedEvents(ApiInput, frozen=True, kw_only=True):
    """The filter of events."""

    stream: Annotated[str, Meta(max_length=200, description="Only this stream, e.g. session:170001.")] = ""
    type: Annotated[tuple[EventType, ...], Meta(description="Only events of these types.")] = ()
    charger: Annotated[
        str,
        Meta(max_length=200, description="Only this charger's, with its sessions, faults and commands."),
    ] = ""
    session: Annotated[
        str, Meta(max_length=20, description="Only this session's, with its commands and faults.")
    ] = ""
    location: Annotated[str, Meta(max_length=200, description="Only of this location.")] = ""
    by: Annotated[str, Meta(max_length=200, description="Only by this actor, e.g. api-key:… or admin:….")] = (
        ""
    )
    since: Annotated[Instant | None, Meta(description="Only recorded at or after this instant.")] = None
    until: Annotated[Instant | None, Meta(description="Only recorded before this instant.")] = None


class EventsQuery(WantedEvents, frozen=True, kw_only=True):
    """The filter and the page of events."""

    after: Position = 0
    sort: Annotated[
        Literal["position", "-position"], Meta(description="Oldest first, or newest first with a `-`.")
    ] = "position"
    limit: Limit = 100
    cursor: Cursor | None = None


@endpoint("GET", "/events", needs=HISTORY)
async def list_events(call: ApiCall, query: EventsQuery) -> Answer[Items[EventView]]:
    """The company's events, oldest first.

    To follow the feed, keep the last `position` and request what came `after` it. `cursor` is the next page
    of the same list. Where few events match, a page may hold fewer than `limit`, even none, and still have a
    `cursor`: each page looks at a bounded part of the history. Only events of areas that the key may view,
    and of its locations, are listed.
    """
    wanted = _wanted(call, query)
    if query.cursor is not None and not _POSITION.fullmatch(query.cursor):
        raise invalid("?cursor", "This is no cursor of this list.")
    ascending = query.sort == "position"
    behind = int(query.cursor) if query.cursor is not None else query.after if ascending else None
    if not ascending and query.after:
        raise invalid("?after", "What comes after a position is listed oldest first.")
    page = await call.queries.events(
        call.company, wanted, behind=behind, ascending=ascending, limit=query.limit
    )
    cursor = None if page.ended else str(page.reached)
    items = Items(items=[event_view(fact) for fact in page.items], cursor=cursor)
    return Answer(items, next_link(call.request, cursor))


@endpoint("GET", "/events/export", media=("application/x-ndjson",), needs=EXPORT_HISTORY)
async def export_events(call: ApiCall, query: WantedEvents) -> Response:
    """The events of a filter as a file, oldest first: one JSON object a line, as `/events` has them."""
    wanted = _wanted(call, query)

    async def lines() -> AsyncIterator[bytes]:
        async for facts in every_event(call.queries, call.company, wanted):
            yield b"".join(msgspec.json.encode(event_view(fact)) + b"\n" for fact in facts)

    return StreamingResponse(
        lines(),
        media_type="application/x-ndjson",
        headers={
            "content-disposition": f'attachment; filename="events-{call.company}.jsonl"',
            "cache-control": "no-store",
        },
    )


def _wanted(call: ApiCall, query: WantedEvents) -> EventSearch:
    unknown = [name for name in query.type if name not in EVENTS]
    if unknown:
        raise all_invalid([("?type", f"There are no events of the type {name}.") for name in unknown])
    since, until = maybe_utc(query.since, "?since"), maybe_utc(query.until, "?until")
    if since is not None and until is not None and until <= since:
        raise invalid("?until", "The end has to be after the beginning.")
    if sum(map(bool, (query.stream, query.charger, query.session))) > 1:
        raise invalid("?stream", "Ask for a stream, a charger or a session, not for several of them.")
    return EventSearch(
        stream=query.stream,
        types=frozenset(query.type),
        charger=query.charger,
        session=query.session,
        location=query.location,
        by=query.by,
        since=since,
        until=until,
        visible=visible_tags(call.identity.actor.grants),
    )


ENDPOINTS = (list_events, export_events)
