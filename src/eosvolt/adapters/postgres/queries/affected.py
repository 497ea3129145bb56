"""The sessions and the revenue that faults affected, computed for the entries of a page."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import LiteralString

from eosvolt.adapters.postgres.queries.base_query import BaseQuery
from eosvolt.application.questions import Affected
from eosvolt.domain.faults.revenue import LOOKED_BACK, revenue_affected
from eosvolt.domain.money import Money
from eosvolt.projections.faults import FaultRow

# For each entry: the sessions on its plugs (0: on all of the charger's) that ran when it began, that failed
# or lost their power while it was open, or that it names; and the revenue of the sessions that ended in the
# weeks before, by currency. Both use the index of a charger's sessions by their start.
_ASKED: LiteralString = """
    WITH wanted AS (
        SELECT * FROM unnest(%(ids)s::text[], %(chargers)s::text[], %(plugs)s::int[], %(sessions)s::text[],
                             %(since)s::timestamptz[], %(until)s::timestamptz[])
        AS wanted (id, charge_point, plug, session, since, until)
    )
    SELECT wanted.id, cars.number, charger.added_at, earned.currency, earned.minor
    FROM wanted
    LEFT JOIN {charge_points} AS charger
      ON charger.company = %(company)s AND charger.charge_box_id = wanted.charge_point
    CROSS JOIN LATERAL (
        SELECT count(*) AS number FROM {session_history} AS s
        WHERE s.company = %(company)s AND s.charge_point = wanted.charge_point
          AND s.started_at > wanted.since - %(looked_back)s AND s.started_at <= wanted.until
          AND (wanted.plug = 0 OR s.connector = wanted.plug)
          AND (s.id = wanted.session
               OR (s.started_at <= wanted.since AND (s.ended_at IS NULL OR s.ended_at >= wanted.since))
               OR (s.started_at > wanted.since
                   AND (s.status = 'failed'
                        OR (s.reason IN ('PowerLoss', 'EmergencyStop') AND s.ended_at <= wanted.until))))
    ) AS cars
    LEFT JOIN LATERAL (
        SELECT s.currency, sum(s.total_gross)::bigint AS minor FROM {session_history} AS s
        WHERE s.company = %(company)s AND s.charge_point = wanted.charge_point
          AND s.started_at > wanted.since - %(looked_back)s AND s.started_at < wanted.since
          AND s.ended_at < wanted.since
          AND (wanted.plug = 0 OR s.connector = wanted.plug)
        GROUP BY s.currency
    ) AS earned ON true
    ORDER BY wanted.id, earned.currency
"""


class PostgresAffectedQueries(BaseQuery):
    """Sessions and revenue."""

    async def affected(
        self, company: int, faults: Sequence[FaultRow], at: datetime
    ) -> Mapping[str, Affected]:
        """What each entry affected up to ``at``, by its id.

        Lost revenue is estimated if the plug or charger could not charge: its revenue per hour in the four
        weeks before (or since it was added), times the hours for which the entry was open.
        """
        rows = {row.id: row for row in faults}
        found = await self._live.ask(
            _ASKED,
            {
                "company": company,
                "looked_back": LOOKED_BACK,
                "ids": list(rows),
                "chargers": [row.charge_point for row in rows.values()],
                "plugs": [row.connector for row in rows.values()],
                "sessions": [row.session for row in rows.values()],
                "since": [row.since for row in rows.values()],
                "until": [row.recovered_at or row.solved_at or at for row in rows.values()],
            },
        )
        answers: dict[str, Affected] = {}
        for fault, sessions, added_at, currency, minor in found:
            before = answers.get(fault, Affected(sessions))
            lost = None
            if currency is not None and added_at is not None:
                lost = _lost(rows[fault], added_at, Money(currency, minor), at)
            answers[fault] = before if lost is None else Affected(sessions, (*before.revenue, lost))
        return answers


def _lost(row: FaultRow, added_at: datetime, earned: Money, at: datetime) -> Money | None:
    if not row.stops_charging:
        return None
    return revenue_affected(earned, min(LOOKED_BACK, row.since - added_at), row.down(at))
