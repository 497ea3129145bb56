"""``/events``: the audit feed: the company's events in order, from any position."""

import re
from typing import Annotated

from msgspec import Meta

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.framework.api_types import ApiInput, Cursor, Items, Limit
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import next_link
from eosvolt.adapters.http.framework.problems import all_invalid, invalid
from eosvolt.adapters.http.presentation.event_view import EventView, event_view
from eosvolt.application.operations.views import HISTORY
from eosvolt.application.permissions import require_everywhere
from eosvolt.domain.vocabulary import EVENTS

Position = Annotated[int, Meta(ge=0, le=2**63 - 1, description="The position behind which to go on.")]

_POSITION = re.compile(r"[0-9]{1,18}")

EventType = Annotated[str, Meta(extra_json_schema={"enum": sorted(EVENTS)})]


class EventsQuery(ApiInput, frozen=True, kw_only=True):
    """The filter and the page of events."""

    after: Position = 0
    stream: Annotated[str, Meta(max_length=200, description="Only this stream, e.g. session:170001.")] = ""
    type: Annotated[tuple[EventType, ...], Meta(description="Only events of these types.")] = ()
    limit: Limit = 100
    cursor: Cursor | None = None


@endpoint("GET", "/events", needs=HISTORY)
async def list_events(call: ApiCall, query: EventsQuery) -> Answer[Items[EventView]]:
    """The company's events, oldest first.

    To follow the feed, keep the last `position` and request what came `after` it. `cursor` is the next page
    of the same list.
    """
    require_everywhere(call.identity.actor.grants)
    unknown = [name for name in query.type if name not in EVENTS]
    if unknown:
        raise all_invalid([("?type", f"There are no events of the type {name}.") for name in unknown])
    if query.cursor is not None and not _POSITION.fullmatch(query.cursor):
        raise invalid("?cursor", "This is no cursor of this list.")
    after = query.after if query.cursor is None else int(query.cursor)
    facts = await call.queries.facts(
        call.company, after=after, stream=query.stream, tags=query.type, limit=query.limit
    )
    more = facts[-1].position if len(facts) == query.limit else None
    cursor = None if more is None else str(more)
    items = Items(items=[event_view(fact) for fact in facts], cursor=cursor)
    return Answer(items, next_link(call.request, cursor))


ENDPOINTS = (list_events,)
