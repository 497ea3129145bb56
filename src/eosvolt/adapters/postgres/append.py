"""The statement that all writers use to append to the event table."""

from collections.abc import Iterable
from typing import LiteralString, NamedTuple
from uuid import UUID

from eosvolt.adapters.postgres.stored_events import Stored

APPEND: LiteralString = (
    "SELECT stored_events_append(%b::uuid[], %b::bigint[], %b::text[], %b::bytea[], %b::integer[])"
)
STORED_UP_TO: LiteralString = "SELECT coalesce(max(notification_id), 0) FROM stored_events"


class Columns(NamedTuple):
    """Rows as the arrays of the append function, which cost a thirtieth of the library's composite type."""

    ids: list[UUID]
    versions: list[int]
    topics: list[str]
    states: list[bytes]
    companies: list[int]


def columns(rows: Iterable[Stored]) -> Columns:
    """The arrays of ``rows``, which must not be empty."""
    ids, versions, topics, states, companies = zip(*rows, strict=True)
    return Columns(list(ids), list(versions), list(topics), list(states), list(companies))
