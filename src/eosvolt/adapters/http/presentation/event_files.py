"""Every event of a filter, for files: read in parts, so that memory does not grow with the history."""

from collections.abc import AsyncGenerator, Sequence

from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.application.event_search import EventSearch
from eosvolt.domain.kernel import Fact

EVENTS_AT_ONCE = 200


async def every_event(
    queries: Queries, company: int, wanted: EventSearch
) -> AsyncGenerator[Sequence[Fact], None]:
    """The matching events that are recorded by now, oldest first, some at a time."""
    newest = await queries.events(company, wanted, limit=1)
    last = newest.items[0].position if newest.items else newest.reached
    behind, ended = 0, False
    while not ended and behind < last:
        page = await queries.events(company, wanted, behind=behind, ascending=True, limit=EVENTS_AT_ONCE)
        if page.items:
            yield page.items
        behind, ended = page.reached, page.ended
