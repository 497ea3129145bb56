"""The rows of read models as of an earlier position, for the same SQL that asks for the present ones.

In a query, a table of the past stands in for the live one: its rows that have not changed since, and those
that have, folded again from their streams. So filters, orders and pages are the same as of any instant.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, LiteralString

import msgspec

from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.queries.as_of import refolded
from eosvolt.adapters.postgres.queries.live import LiveRows
from eosvolt.adapters.postgres.stored_events import originator_id
from eosvolt.application.questions import OnlyPresent
from eosvolt.domain.kernel import Fact
from eosvolt.projections.booking_feeds import booking_feeds
from eosvolt.projections.bookings import bookings
from eosvolt.projections.charge_points import charge_points
from eosvolt.projections.charger_limits import charger_limits
from eosvolt.projections.companies import companies
from eosvolt.projections.faults import faults
from eosvolt.projections.locations import locations
from eosvolt.projections.payouts import payouts
from eosvolt.projections.read_model import ReadModel
from eosvolt.projections.refused_starts import refused_starts
from eosvolt.projections.tokens import tokens
from eosvolt.projections.zones import zones

# The models of which each row follows from few streams, and the categories of these; from none if a row never
# changes once it is written.
_STREAMS: Mapping[str, tuple[ReadModel[Any], tuple[str, ...]]] = {
    model.name: (model, categories)
    for model, categories in (
        (companies, ("company",)),
        (locations, ("location",)),
        (tokens, ("token",)),
        (charge_points, ("charge-point", "maintenance")),
        (faults, ("fault",)),
        (bookings, ("booking",)),
        (booking_feeds, ("booking-feed",)),
        (payouts, ("payout",)),
        (refused_starts, ()),
        (zones, ("zone",)),
        (charger_limits, ("smart-charging",)),
    )
}
_FACTS: LiteralString = (
    "SELECT notification_id, originator_version, topic, state FROM stored_events"
    " WHERE originator_id = ANY(%(streams)s::uuid[]) AND notification_id <= %(position)s"
    " AND topic = ANY(%(topics)s::text[]) ORDER BY notification_id"
)
STREAMS_AT_ONCE = 500


class PastRows(LiveRows):
    """Answers queries of ``{name}`` from the rows as of ``position``.

    Raises ``OnlyPresent`` for models whose earlier rows are not known this way.
    """

    def __init__(self, live: LiveRows, store: PostgresEventStore, position: int) -> None:
        """``live`` has the present rows."""
        self._live = live
        self._readers = dict(live.readers)
        self._store = store
        self._position = position

    async def ask(self, query: LiteralString, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """The raw rows of a query."""
        named = [name for name in self._readers if f"{{{name}}}" in query]
        if not named or not set(named) <= set(_STREAMS):
            raise OnlyPresent
        company = int(params["company"] if "company" in params else str(params["key"]).partition("/")[0])
        tables: list[LiteralString] = []
        given: dict[str, Any] = {**params, "as_of_position": self._position}
        for name in named:
            model, categories = _STREAMS[name]
            given[f"as_of_{name}"] = await self._changed_since(model, categories, company)
            tables.append(_table_of(name))
            query = query.replace(f"{{{name}}}", f"{name}_then")
        return await self._live.ask(f"WITH {', '.join(tables)} {query}", given)

    async def _changed_since(self, model: ReadModel[Any], categories: Sequence[str], company: int) -> str:
        """The rows that were other ones at the position, as they were then, as JSON."""
        if not categories:
            return "[]"
        reader = self._readers[model.name]
        key = reader.columns[0].name
        found = await self._live.ask(
            # The name of the column is one of this program's own.
            f"SELECT {key} FROM {{{model.name}}} WHERE company = %(company)s AND changed > %(position)s",
            {"company": company, "position": self._position},
        )
        rows = []
        for first in range(0, len(found), STREAMS_AT_ONCE):
            keys = [str(each) for (each,) in found[first : first + STREAMS_AT_ONCE]]
            facts = await self._facts(model, categories, keys)
            for each in keys:
                row = refolded(model, each, facts[each])
                if row is not None:
                    rows.append(reader.plain(row) | {"changed": self._position})
            await asyncio.sleep(0)
        return msgspec.json.encode(rows).decode()

    async def _facts(
        self, model: ReadModel[Any], categories: Sequence[str], keys: Sequence[str]
    ) -> Mapping[str, Sequence[Fact]]:
        """The facts that each of the rows follows from."""
        topics = self._store.mapper.topics(model.reads)
        # Several entries of one fault share its stream.
        subjects = [key.rpartition("#")[0] for key in keys] if model is faults else keys
        streams = {f"{category}:{key}" for category in categories for key in subjects}
        stored = await self._store.reading.fetch(
            _FACTS,
            {
                "streams": [originator_id(stream) for stream in streams],
                "position": self._position,
                "topics": [topic for topic, wanted in topics.items() if wanted],
            },
            prepare=False,
        )
        facts: dict[str, list[Fact]] = defaultdict(list)
        for row in stored:
            fact = self._store.mapper.fact(*row)
            for key in model.keys(fact):
                facts[key].append(fact)
        return facts


def _table_of(name: str) -> LiteralString:
    return (
        f"{name}_then AS (SELECT {{{name}_columns_raw}}, changed FROM {{{name}}}"
        " WHERE changed <= %(as_of_position)s UNION ALL"
        f" SELECT {{{name}_columns_raw}}, changed"
        f" FROM jsonb_populate_recordset(NULL::{{{name}}}, %(as_of_{name})s::jsonb))"
    )
