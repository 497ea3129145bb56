"""``/events``: the audit feed. Everything that happened in the company, in order, from any position on."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from eosvolt.adapters.http.endpoint import Answer, Call, endpoint
from eosvolt.adapters.http.paging import next_link
from eosvolt.adapters.http.problems import invalid
from eosvolt.adapters.http.shapes import Items, Limit, View, Wish, camel, camelised
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import EVENTS, tag

Position = Annotated[int, Meta(ge=0, le=2**63 - 1, description="The position behind which to go on.")]

EventType = Annotated[str, Meta(extra_json_schema={"enum": sorted(EVENTS)})]


class EventView(View, frozen=True, kw_only=True):
    """An event as it was recorded. ``by`` is who caused it, ``cause`` and ``frame`` (a SHA-256) what."""

    position: int
    stream: str
    version: int
    type: str
    recorded_at: datetime
    by: str
    data: dict[str, Any]
    cause: str = ""
    frame: str = ""


class EventsQuery(Wish, frozen=True, kw_only=True):
    """Which events."""

    after: Position = 0
    stream: Annotated[str, Meta(max_length=200, description="Only this stream, e.g. session:170001.")] = ""
    type: Annotated[tuple[EventType, ...], Meta(description="Only events of these types.")] = ()
    limit: Limit = 100


@endpoint("GET", "/events")
async def list_events(call: Call, query: EventsQuery) -> Answer[Items[EventView]]:
    """What happened, oldest first.

    Keep the last `position` and ask for what came `after` it, whenever you like.
    """
    for name in query.type:
        if name not in EVENTS:
            raise invalid("?type", f"There are no events of the type {name}.")
    facts = await call.queries.facts(
        call.company, after=query.after, stream=query.stream, tags=query.type, limit=query.limit
    )
    more = facts[-1].position if len(facts) == query.limit else None
    items = Items(items=[event_view(fact) for fact in facts])
    return Answer(items, next_link(call.request, more, "after"))


def event_view(fact: Fact) -> EventView:
    """A fact as the API shows it."""
    data = msgspec.to_builtins(fact.event)
    data.pop("type", None)
    return EventView(
        position=fact.position,
        stream=fact.stream,
        version=fact.version,
        type=tag(type(fact.event)),
        recorded_at=fact.recorded_at,
        by=fact.why.by,
        cause=fact.why.cause,
        frame=fact.why.frame,
        data={camel(name): camelised(inner) for name, inner in data.items()},
    )


ENDPOINTS = (list_events,)
