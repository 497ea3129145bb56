"""The query of the plugs' states, now and as of an earlier instant.

An earlier state is folded from the latest fact of each kind before that instant, which the table of plug
changes lists. So it needs only a few facts for each plug, however long the history is.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

from eosvolt.adapters.postgres.queries.as_of import refolded
from eosvolt.adapters.postgres.queries.base_query import HERE, NO_HOMES, BaseQuery
from eosvolt.adapters.postgres.stored_events import originator_id
from eosvolt.domain.kernel import Fact
from eosvolt.domain.locations.homes import is_home
from eosvolt.domain.sessions.events import ChargingEnded, EnergyMetered
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.connector_status import ConnectorRow, PlugsInState, connector_status, in_states

_OF: LiteralString = (
    "FROM {status_changes} c WHERE c.plug = p.plug AND c.position <= %(position)s AND c.what ="
)
_LATEST: LiteralString = "ORDER BY c.position DESC LIMIT 1"
_STATES: LiteralString = (
    "SELECT location, shown, count(*), count(power_w), coalesce(sum(power_w), 0), array_agg(charge_point)"
    f" FROM {{connector_status}} WHERE company = %(company)s{NO_HOMES}{HERE} GROUP BY location, shown"
    " ORDER BY location, shown"
)
_CANDIDATES: LiteralString = (
    "SELECT DISTINCT charge_point || '/' || (spec ->> 'number')"
    " FROM {charge_points}, jsonb_array_elements(connectors) spec WHERE company = %(company)s"
)
_DECISIVE: LiteralString = (
    "SELECT f.position, f.session FROM unnest(%(plugs)s::text[]) AS p (plug) CROSS JOIN LATERAL ("
    f" (SELECT c.position, NULL AS session {_OF} 'described' ORDER BY c.position LIMIT 1)"
    f" UNION ALL (SELECT c.position, NULL {_OF} 'described' {_LATEST})"
    f" UNION ALL (SELECT c.position, NULL {_OF} 'described' AND c.value = 'removed' {_LATEST})"
    f" UNION ALL (SELECT c.position, NULL {_OF} 'status' ORDER BY c.position LIMIT 1)"
    f" UNION ALL (SELECT c.position, NULL {_OF} 'station' {_LATEST})"
    f" UNION ALL (SELECT c.position, NULL {_OF} 'connection' {_LATEST})"
    f" UNION ALL (SELECT c.position, NULL {_OF} 'connection' AND c.value = 'offline' {_LATEST})"
    # A state begins with the first of consecutive equal reports: the one after another state's.
    " UNION ALL SELECT unnest(ARRAY[latest.position, other.position,"
    " (SELECT c.position FROM {status_changes} c WHERE c.plug = p.plug AND c.what = 'status'"
    " AND c.position > coalesce(other.position, 0) ORDER BY c.position LIMIT 1)]), NULL"
    f" FROM (SELECT c.position, c.value {_OF} 'status' {_LATEST}) latest LEFT JOIN LATERAL"
    f" (SELECT c.position {_OF} 'status' AND c.value <> latest.value {_LATEST}) other ON true"
    " UNION ALL SELECT unnest(ARRAY[opened.position,"
    f" (SELECT c.position {_OF} 'closed' AND c.value = opened.value"
    f" AND c.position > opened.position {_LATEST})]),"
    f" opened.value FROM (SELECT c.position, c.value {_OF} 'opened' {_LATEST}) opened"
    ") f WHERE f.position IS NOT NULL"
)
_FACTS: LiteralString = (
    "SELECT notification_id, originator_version, topic, state FROM stored_events"
    " WHERE notification_id = ANY(%(positions)s::bigint[])"
    " UNION SELECT notification_id, originator_version, topic, state FROM stored_events"
    " WHERE originator_id = ANY(%(sessions)s::uuid[]) AND notification_id <= %(position)s"
    " AND topic = ANY(%(topics)s)"
    " ORDER BY 1"
)
_POWER = tags(EnergyMetered, ChargingEnded)


class PostgresPlugQueries(BaseQuery):
    """Plugs and their states."""

    async def plug_states(self, company: int, *, as_of: datetime | None = None) -> Sequence[PlugsInState]:
        """How many plugs of each location are in each state."""
        if as_of is not None:
            return in_states(await self.connectors(company, as_of=as_of))
        found = await self._live.ask(_STATES, {"company": company, **self._here})
        return [
            PlugsInState(location, state, plugs, measured, int(power), tuple(sorted({*chargers})))
            for location, state, plugs, measured, power, chargers in found
        ]

    async def connectors(
        self,
        company: int,
        *,
        locations: Sequence[str] | None = None,
        location: str = "",
        charge_box_id: str = "",
        shown: str = "",
        as_of: datetime | None = None,
    ) -> Sequence[ConnectorRow]:
        """The plugs of a company, by charger and number; ``shown`` is a state as the dashboard shows it.

        Those at homes only if a charger or a location is named.
        """
        named = bool(location or charge_box_id or locations)
        where: LiteralString = HERE if named else f"{NO_HOMES}{HERE}"
        if as_of is not None:
            rows = await self._looked_back(company, as_of)
            return [
                row
                for row in rows
                if (self._within is None or row.location in self._within)
                and (not location or row.location == location)
                and (locations is None or row.location in locations)
                and (not charge_box_id or row.charge_point == charge_box_id)
                and (not shown or row.shown == shown)
                and (named or not is_home(row.location))
            ]
        return await self._live.rows(
            connector_status,
            "WHERE company = %(company)s AND (%(location)s = '' OR location = %(location)s)"
            " AND (%(locations)s::text[] IS NULL OR location = ANY(%(locations)s))"
            " AND (%(charge_box_id)s = '' OR charge_point = %(charge_box_id)s)"
            f" AND (%(shown)s = '' OR shown = %(shown)s){where} ORDER BY charge_point, connector",
            {
                "company": company,
                "location": location,
                "locations": None if locations is None else list(locations),
                "charge_box_id": charge_box_id,
                "shown": shown,
                **self._here,
            },
        )

    async def _looked_back(self, company: int, as_of: datetime) -> list[ConnectorRow]:
        position = await self._store.position_at(as_of)
        rows = await self._live.changed_rows(
            connector_status, "WHERE company = %(company)s", {"company": company}
        )
        kept = {row.plug: row for row, changed in rows if changed <= position}
        described = await self._live.ask(_CANDIDATES, {"company": company})
        asked = {plug for (plug,) in described} | {row.plug for row, _ in rows}
        then = await self._folded(sorted(asked - set(kept)), position)
        return sorted([*kept.values(), *then], key=lambda row: (row.charge_point, row.connector))

    async def _folded(self, plugs: list[str], position: int) -> list[ConnectorRow]:
        decisive = await self._live.ask(_DECISIVE, {"plugs": plugs, "position": position})
        sessions = {session for _, session in decisive if session}
        stored = await self._live.ask(
            _FACTS,
            {
                "positions": [at for at, _ in decisive],
                "sessions": [originator_id(f"session:{session}") for session in sessions],
                "position": position,
                "topics": [topic for topic, wanted in self._store.mapper.topics(_POWER).items() if wanted],
            },
        )
        facts: dict[str, list[Fact]] = defaultdict(list)
        for row in stored:
            fact = self._store.mapper.fact(*row)
            for plug in connector_status.keys(fact):
                facts[plug].append(fact)
        found = (refolded(connector_status, plug, facts[plug]) for plug in plugs)
        return [row for row in found if row is not None]
