"""``/events``: the audit feed. Everything that happened in the company, in order, from any position on."""

from typing import Annotated

from msgspec import Meta

from eosvolt.adapters.http.endpoint import Answer, Call, endpoint
from eosvolt.adapters.http.event_view import EventView, event_view
from eosvolt.adapters.http.paging import next_link
from eosvolt.adapters.http.problems import invalid
from eosvolt.adapters.http.shapes import Items, Limit, Wish
from eosvolt.domain.vocabulary import EVENTS

Position = Annotated[int, Meta(ge=0, le=2**63 - 1, description="The position behind which to go on.")]

EventType = Annotated[str, Meta(extra_json_schema={"enum": sorted(EVENTS)})]


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


ENDPOINTS = (list_events,)
