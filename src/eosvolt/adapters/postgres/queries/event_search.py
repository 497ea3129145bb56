"""The search of the history for auditors: bounded work for each page, however long the history is.

Events of one stream, charger or session are merged from the index of each of their streams, rare types and
authors come from indexes of their own. Everything else is looked for in the company's events one stretch
after the other, at most ``SCANNED`` events for a page.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, LiteralString, NamedTuple

import msgspec

from eosvolt.adapters.postgres.queries.event_streams import END, PositionRange, PostgresEventStreams
from eosvolt.adapters.postgres.stored_events import originator_id
from eosvolt.application.event_search import EventPage, EventSearch
from eosvolt.domain.calendar import MICROSECOND

# Events looked at for one page where no index helps.
SCANNED = 20_000
# Events of which the locations are looked up at once, and how often for one page.
PLACED = 2_000
ROUNDS = 5
# Left out of the index of types.
FREQUENT = "energy-metered"
_COLUMNS: LiteralString = "notification_id, originator_version, topic, state"
_BY: LiteralString = (
    'substring(state FROM position(\'"by":"\'::bytea IN state) + 6 FOR length(%(by)s)) = %(by)s::bytea'
)

# Events cannot be recorded at the first instant that there is.
_FIRST = datetime.min.replace(tzinfo=UTC)


class _Found(NamedTuple):
    """Rows of a stretch, the last position that was looked at, and whether nothing comes after it."""

    rows: Sequence[tuple[Any, ...]]
    reached: int
    ended: bool


class PostgresEventSearch(PostgresEventStreams):
    """Searches the events of a company."""

    async def events(
        self,
        company: int,
        wanted: EventSearch,
        *,
        behind: int | None = None,
        ascending: bool = False,
        limit: int = 100,
    ) -> EventPage:
        """The next matching events behind a position: newer ones if ``ascending``, else older ones.

        A search of some locations finds what belongs to them alone, and nothing of the company as a whole.
        """
        if wanted.location:
            here = self._within is None or wanted.location in self._within
            narrowed = self.narrowed(frozenset({wanted.location} if here else ()))
            wanted = msgspec.structs.replace(wanted, location="")
            return await narrowed.events(company, wanted, behind=behind, ascending=ascending, limit=limit)
        stretch = await self._stretch(company, wanted, behind, ascending=ascending)
        if stretch.empty:
            return EventPage([], stretch.far_end, ended=True)
        if wanted.stream or wanted.session or wanted.charger:
            found = await self._merged(stretch, wanted, limit)
        elif self._within is None:
            found = await self._first(stretch, wanted, limit)
        else:
            found = await self._placed(stretch, wanted, limit)
        return EventPage([self._store.mapper.fact(*row) for row in found.rows], found.reached, found.ended)

    async def recorded_at(self, position: int) -> datetime | None:
        """When the last event at or before a position was recorded; ``None`` if there is none."""
        return await self._store.recorded_at(position)

    async def _stretch(
        self, company: int, wanted: EventSearch, behind: int | None, *, ascending: bool
    ) -> PositionRange:
        low, high = 0, END
        if wanted.since is not None:
            low = await self._store.position_at(_before(wanted.since))
        if wanted.until is not None:
            high = await self._store.position_at(_before(wanted.until)) + 1
        whole = PositionRange(company, low, high, ascending)
        if behind is None:
            return whole
        return whole.behind(max(low, behind) if ascending else min(high, behind))

    async def _first(self, stretch: PositionRange, wanted: EventSearch, limit: int) -> _Found:
        """The first rows of the stretch that match types and author."""
        tags = wanted.tags
        by_hand: LiteralString = " AND stored_events_by_hand(state)"
        if wanted.people:
            return _cut(stretch, await self._matching(stretch, wanted, limit, by_hand), limit)
        if tags is not None and FREQUENT not in tags and not wanted.by:
            return _cut(stretch, await self._of_types(stretch, tags, limit), limit)
        if wanted.by.startswith(("admin:", "api-key:", "staff:")):
            return _cut(stretch, await self._matching(stretch, wanted, limit, by_hand), limit)
        if tags is None and not wanted.by:
            return _cut(stretch, await self._matching(stretch, wanted, limit), limit)
        edge = await self._edge(stretch)
        if edge is None:
            return _cut(stretch, await self._matching(stretch, wanted, limit), limit)
        found = _cut(stretch, await self._matching(stretch.up_to(edge), wanted, limit), limit)
        return found._replace(reached=edge, ended=False) if found.ended else found

    async def _placed(self, stretch: PositionRange, wanted: EventSearch, limit: int) -> _Found:
        """The first rows of the stretch that belong to the locations of the search."""
        kept: list[tuple[Any, ...]] = []
        reached = stretch.far_end
        for _ in range(ROUNDS):
            found = await self._first(stretch, wanted, PLACED)
            reached = found.reached
            streams = [_STREAMS.decode(row[3]).stream for row in found.rows]
            here = await self._here_only(stretch.company, set(streams))
            kept += (row for row, stream in zip(found.rows, streams, strict=True) if stream in here)
            if len(kept) > limit:
                return _cut(stretch, kept, limit)
            stretch = stretch.behind(reached)
            if found.ended or stretch.empty:
                return _Found(kept, reached, ended=True)
        return _Found(kept, reached, ended=False)

    async def _edge(self, stretch: PositionRange) -> int | None:
        """The position of the last event that is looked at; ``None`` if that is the whole stretch."""
        rows = await self._ask(
            "SELECT notification_id FROM stored_events WHERE company = %(company)s"
            " AND notification_id > %(low)s AND notification_id < %(high)s"
            f" ORDER BY notification_id {stretch.direction} OFFSET %(scanned)s LIMIT 1",
            stretch.params() | {"scanned": SCANNED - 1},
        )
        return int(rows[0][0]) if rows else None

    async def _matching(
        self, stretch: PositionRange, wanted: EventSearch, limit: int, condition: LiteralString = ""
    ) -> list[tuple[Any, ...]]:
        return await self._ask(
            f"SELECT {_COLUMNS} FROM stored_events WHERE company = %(company)s AND notification_id > %(low)s"
            f" AND notification_id < %(high)s{condition}{_conditions(wanted)}"
            f" ORDER BY notification_id {stretch.direction} LIMIT %(rows)s",
            stretch.params() | self._values(wanted) | {"rows": limit + 1},
        )

    async def _of_types(
        self, stretch: PositionRange, tags: frozenset[str], limit: int
    ) -> list[tuple[Any, ...]]:
        """The first rows of some types, each from its part of the index."""
        return await self._ask(
            f"SELECT e.* FROM unnest(%(topics)s::text[]) AS t (wanted) CROSS JOIN LATERAL (SELECT {_COLUMNS}"
            f" FROM stored_events WHERE company = %(company)s AND topic = t.wanted AND topic <> '{FREQUENT}'"
            " AND notification_id > %(low)s AND notification_id < %(high)s"
            f" ORDER BY notification_id {stretch.direction} LIMIT %(rows)s) e"
            f" ORDER BY 1 {stretch.direction} LIMIT %(rows)s",
            stretch.params() | {"topics": self._topics(tags), "rows": limit + 1},
        )

    async def _merged(self, stretch: PositionRange, wanted: EventSearch, limit: int) -> _Found:
        """The first rows of some streams, merged from the index of each of them."""
        part, streams = await self._streams(stretch, wanted)
        rows = await self._ask(
            f"SELECT e.* FROM unnest(%(streams)s::uuid[]) AS s (stream) CROSS JOIN LATERAL (SELECT {_COLUMNS}"
            " FROM stored_events WHERE originator_id = s.stream AND company = %(company)s"
            f" AND notification_id > %(low)s AND notification_id < %(high)s{_conditions(wanted)}"
            # The version has the same order within a stream, and the primary key is in its order.
            f" ORDER BY originator_version {part.direction} LIMIT %(rows)s) e"
            f" ORDER BY 1 {part.direction} LIMIT %(rows)s",
            part.params()
            | self._values(wanted)
            | {"streams": [originator_id(stream) for stream in streams], "rows": limit + 1},
        )
        found = _cut(part, rows, limit)
        return found._replace(ended=found.ended and part == stretch)

    def _topics(self, tags: frozenset[str]) -> list[str]:
        return [topic for topic, belongs in self._store.mapper.topics(tags).items() if belongs]

    def _values(self, wanted: EventSearch) -> dict[str, Any]:
        tags = wanted.tags
        return {
            "topics": None if tags is None else self._topics(tags),
            # As in the envelope, with the quotation mark behind it.
            "by": msgspec.json.encode(wanted.by)[1:],
        }

    async def _ask(self, query: LiteralString, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        # Plan for these values: a plan for a large company would read the whole log for a small one.
        return await self._store.reading.fetch(query, values, prepare=False)


def _before(instant: datetime) -> datetime:
    """The last instant before another; for the first that there is, itself."""
    return instant - MICROSECOND if instant > _FIRST else instant


def _conditions(wanted: EventSearch) -> LiteralString:
    types: LiteralString = "" if wanted.tags is None else " AND topic = ANY(%(topics)s)"
    return f"{types} AND {_BY}" if wanted.by else types


def _cut(stretch: PositionRange, rows: Sequence[tuple[Any, ...]], limit: int) -> _Found:
    """The first ``limit`` of rows; if there are more, the next part of the search goes on behind them."""
    if len(rows) > limit:
        return _Found(rows[:limit], rows[limit - 1][0], ended=False)
    return _Found(rows, stretch.far_end, ended=True)


class _Stream(msgspec.Struct, frozen=True, gc=False):
    """The part of an envelope that says where an event belongs."""

    stream: str


_STREAMS = msgspec.json.Decoder(_Stream)
