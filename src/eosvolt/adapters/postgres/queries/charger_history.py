"""The events of a charger or a location, newest first: of a charger those of its upkeep and refusals too."""

from collections.abc import Sequence
from typing import LiteralString

from eosvolt.adapters.postgres.queries.base_query import BaseQuery
from eosvolt.adapters.postgres.stored_events import originator_id
from eosvolt.domain.kernel import Fact

_STREAMS = ("charge-point", "maintenance", "refusals")
_BACK: LiteralString = (
    "SELECT e.* FROM unnest(%(streams)s::uuid[]) AS s (stream) CROSS JOIN LATERAL ("
    " SELECT notification_id, originator_version, topic, state FROM stored_events"
    " WHERE originator_id = s.stream AND company = %(company)s AND notification_id < %(before)s"
    " AND (%(topics)s::text[] IS NULL OR topic = ANY(%(topics)s))"
    # Sort by the version, which has the same order within a stream, so that the primary key is used.
    " ORDER BY originator_version DESC LIMIT %(rows)s) e ORDER BY 1 DESC LIMIT %(rows)s"
)
_BEHIND_ALL = 2**63 - 1


class PostgresChargerHistoryQueries(BaseQuery):
    """A charger's facts in reverse order."""

    async def charger_facts(
        self,
        company: int,
        charge_box_id: str,
        *,
        before: int | None = None,
        tags: Sequence[str] = (),
        limit: int = 100,
    ) -> Sequence[Fact]:
        """The newest facts about a charger before a position; of all types if ``tags`` is empty."""
        streams = [f"{kind}:{company}/{charge_box_id}" for kind in _STREAMS]
        return await self._newest(company, streams, before, tags, limit)

    async def location_facts(self, company: int, location: str, limit: int = 200) -> Sequence[Fact]:
        """The newest facts about a location, the newest first."""
        return await self._newest(company, [f"location:{location}"], None, (), limit)

    async def _newest(
        self, company: int, streams: Sequence[str], before: int | None, tags: Sequence[str], limit: int
    ) -> Sequence[Fact]:
        topics = self._store.mapper.topics(frozenset(tags))
        rows = await self._live.ask(
            _BACK,
            {
                "streams": [originator_id(stream) for stream in streams],
                "company": company,
                "before": _BEHIND_ALL if before is None else before,
                "topics": [topic for topic, wanted in topics.items() if wanted] if tags else None,
                "rows": limit,
            },
        )
        return [self._store.mapper.fact(*row) for row in rows]
