"""``GET /api/v1/stream``: plug status, sessions and faults as they happen, as server-sent events.

Every event carries the present state of what changed. Its ``id`` is a position of the history: whoever
comes back with ``Last-Event-ID`` gets everything that changed behind it.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from typing import Any, NamedTuple

import msgspec
from starlette.requests import Request

from eosvolt.adapters.http.framework.problems import Finding, Problem
from eosvolt.adapters.http.framework.server_sent_events import comment, event, retry
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tag
from eosvolt.projections.connector_status import connector_status
from eosvolt.projections.faults import faults
from eosvolt.projections.read_model import ReadModel
from eosvolt.projections.session_history import session_history

_KINDS: tuple[tuple[str, ReadModel[Any]], ...] = (
    ("plug", connector_status),
    ("session", session_history),
    ("fault", faults),
)
_LARGEST = 2**63
_POSITION = re.compile("[0-9]{1,19}")


class Touched(NamedTuple):
    """A row that changed, and the position of its last change in the batch."""

    kind: str
    key: str
    position: int


def touched(batch: Sequence[Fact]) -> list[Touched]:
    """What a batch of facts changed, each thing once, in the order of its last change."""
    latest: dict[tuple[str, str], int] = {}
    for fact in batch:
        name = tag(type(fact.event))
        for kind, model in _KINDS:
            if name in model.reads:
                latest.update(((kind, key), fact.position) for key in model.keys(fact))
    return sorted((Touched(*what, at) for what, at in latest.items()), key=lambda each: each.position)


def last_event_id(request: Request) -> int | None:
    """The position that the reader has seen, ``None`` for a new one.

    Raises a ``Problem`` for something else.
    """
    given = request.headers.get("last-event-id", "") or request.query_params.get("after", "")
    if not given:
        return None
    if not _POSITION.fullmatch(given) or int(given) >= _LARGEST:
        raise Problem(
            400,
            "Last-Event-ID is not a position.",
            [Finding("?after", "It is not a position of the history.")],
        )
    return int(given)


async def messages(
    batches: AsyncIterator[Sequence[Fact]],
    shown: Callable[[Touched], Awaitable[object | None]],
    kinds: Collection[str],
) -> AsyncIterator[bytes]:
    """The event stream of some ``kinds`` of changes.

    ``shown`` gives the present state of what was touched, ``None`` where it is gone.

    The first of ``batches`` is empty and opens the stream: from then on nothing is missed.
    """
    await anext(batches)
    yield retry(2000) + comment("welcome")
    async for batch in batches:
        changes = [each for each in touched(batch) if each.kind in kinds]
        for index, change in enumerate(changes, 1):
            # Only the last event of a position says its id: who was cut off before it gets all of them.
            ends = index == len(changes) or changes[index].position != change.position
            state = await shown(change)
            yield _event(change, state, change.position if ends else None)
        if not changes:
            yield comment(str(batch[-1].position) if batch else "nothing new")


def _event(change: Touched, state: object | None, position: int | None) -> bytes:
    data = {"key": change.key, "removed": True} if state is None else state
    return event(change.kind, msgspec.json.encode(data), position)
