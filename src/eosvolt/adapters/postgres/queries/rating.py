"""Past sessions rated again: under a draft tariff, or under their own as the program rates today."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import LiteralString

from eosvolt.adapters.postgres.queries.base_query import HERE, BaseQuery
from eosvolt.domain.kernel import Fact
from eosvolt.domain.tariffs.tariff import Tariff
from eosvolt.projections.session_history import session_history
from eosvolt.projections.session_row import SessionRow
from eosvolt.projections.what_if import WhatIf, what_if

# Sessions of which the events are in memory at a time.
AT_ONCE = 50
_ENDED: LiteralString = (
    "WHERE ended_at >= %(since)s AND ended_at < %(until)s AND tariff IS NOT NULL"
    " AND (%(company)s::int IS NULL OR company = %(company)s)"
    f" AND (%(asked)s::text[] IS NULL OR location = ANY(%(asked)s)){HERE}"
)

Draft = Callable[[Tariff], Tariff | None]
Rated = tuple[SessionRow, WhatIf]


class PostgresRatingQueries(BaseQuery):
    """Sessions and what they would cost."""

    async def ended_sessions(
        self, company: int, since: datetime, until: datetime, locations: Sequence[str] = ()
    ) -> int:
        """The number of sessions that ended in ``[since, until)``, at some locations or anywhere."""
        ((number,),) = await self._live.ask(
            f"SELECT count(*) FROM {{session_history}} {_ENDED}",
            self._params(company, since, until, locations),
        )
        return int(number)

    async def rated_sessions(
        self,
        company: int | None,
        since: datetime,
        until: datetime,
        draft: Draft,
        locations: Sequence[str] = (),
    ) -> AsyncIterator[Sequence[Rated]]:
        """The sessions that ended in ``[since, until)``, some at a time, with what they would cost.

        ``draft`` gives the tariff to rate by for the one that was pinned; ``None`` leaves the session out.
        Without ``company`` those of all companies. Nothing is stored.
        """
        rows = await self._live.rows(
            session_history,
            f"{_ENDED} ORDER BY ended_at, number",
            self._params(company, since, until, locations),
        )
        for first in range(0, len(rows), AT_ONCE):
            some = rows[first : first + AT_ONCE]
            facts: dict[str, list[Fact]] = defaultdict(list)
            for fact in await self._store.read_together([f"session:{row.id}" for row in some]):
                facts[fact.key].append(fact)
            yield await asyncio.to_thread(_rated, some, facts, draft)

    def _params(
        self, company: int | None, since: datetime, until: datetime, locations: Sequence[str]
    ) -> dict[str, object]:
        return {
            "company": company,
            "since": since,
            "until": until,
            "asked": list(locations) or None,
            **self._here,
        }


def _rated(rows: Sequence[SessionRow], facts: dict[str, list[Fact]], draft: Draft) -> Sequence[Rated]:
    found = []
    for row in rows:
        tariff = None if row.tariff is None else draft(row.tariff)
        rated = None if tariff is None else what_if(facts[row.id], tariff)
        if rated is not None:
            found.append((row, rated))
    return found
