"""Queries of the chargers pages: a page of the list, and the figures of its chargers."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, LiteralString

from eosvolt.adapters.postgres.queries.base_query import HERE, NO_HOMES, BaseQuery
from eosvolt.application.charger_questions import (
    CHARGER_SORTS,
    AnomalyCounts,
    ChargerFilter,
    ChargerPage,
    DayBegin,
    PlugUse,
    Uses,
)
from eosvolt.application.questions import Unanswerable
from eosvolt.projections.charge_points import ChargePointRow, charge_points
from eosvolt.projections.connector_status import ConnectorRow, connector_status
from eosvolt.projections.uptime import UptimeRow, uptime

# A connected charger sends at least a heartbeat within this time.
_HEARD_WITHIN = timedelta(days=1)
_NEVER_LONGER = timedelta(days=400)
_WANTED: LiteralString = (
    "WHERE company = %(company)s AND NOT removed"
    " AND (%(location)s = '' OR location = %(location)s)"
    " AND (%(model)s = '' OR model = %(model)s)"
    " AND (%(search)s = '' OR strpos(lower(concat_ws(' ', charge_box_id, vendor, model, serial)),"
    " lower(%(search)s)) > 0)"
    " AND CASE %(connection)s WHEN 'online' THEN online WHEN 'offline' THEN NOT online"
    " WHEN 'never' THEN since IS NULL"
    " WHEN 'insecure' THEN NOT has_password ELSE true END"
    " AND (%(state)s = '' OR charge_box_id IN (SELECT charge_point FROM {connector_status}"
    " WHERE company = %(company)s AND shown = %(state)s))"
    " AND (%(faults)s <> 'open' OR charge_box_id IN (SELECT charge_point FROM {faults}"
    " WHERE company = %(company)s AND state = 'open'))"
    f"{NO_HOMES}{HERE}"
)
_PLACE: LiteralString = "(SELECT name FROM {locations} l WHERE l.location = {charge_points}.location)"
_ORDERS: dict[str, LiteralString] = {
    "chargeBoxId": "ORDER BY charge_box_id",
    "-chargeBoxId": "ORDER BY charge_box_id DESC",
    "location": f"ORDER BY {_PLACE}, charge_box_id",
    "-location": f"ORDER BY {_PLACE} DESC, charge_box_id",
    "model": "ORDER BY vendor, model, charge_box_id",
    "-model": "ORDER BY vendor DESC, model DESC, charge_box_id",
    "firmware": "ORDER BY firmware, charge_box_id",
    "-firmware": "ORDER BY firmware DESC, charge_box_id",
    "connection": "ORDER BY online, since NULLS FIRST, charge_box_id",
    "-connection": "ORDER BY online DESC, since DESC NULLS LAST, charge_box_id",
}
_USES: LiteralString = (
    "SELECT s.charge_point, s.connector,"
    " count(*) FILTER (WHERE coalesce(s.ended_at, %(now)s) >= box.today),"
    " coalesce(sum(s.energy_wh) FILTER (WHERE coalesce(s.ended_at, %(now)s) >= box.today), 0)::bigint,"
    " coalesce(extract(epoch FROM sum(greatest(least(coalesce(s.freed_at, %(now)s), %(now)s)"
    " - greatest(s.started_at, %(since)s), interval '0'))), 0)::double precision"
    " FROM unnest(%(boxes)s::text[], %(days)s::timestamptz[]) AS box (charge_point, today)"
    " JOIN {session_history} s ON s.company = %(company)s AND s.charge_point = box.charge_point"
    " WHERE s.started_at > %(oldest)s AND coalesce(s.freed_at, %(now)s) >= least(%(since)s, box.today)"
    " GROUP BY 1, 2"
)
_HEARD: LiteralString = (
    "SELECT box.key, last_message.at FROM unnest(%(keys)s::text[]) AS box (key) CROSS JOIN LATERAL"
    " (SELECT f.at FROM ocpp_frames f WHERE f.company = %(company)s AND f.charge_point = box.key"
    " AND f.at > %(since)s AND f.direction = 'in' ORDER BY f.at DESC LIMIT 1) last_message"
)


class PostgresChargerQueries(BaseQuery):
    """Chargers by the page."""

    async def charger_page(
        self,
        company: int,
        wanted: ChargerFilter,
        *,
        sort: str = "chargeBoxId",
        offset: int = 0,
        limit: int = 50,
    ) -> ChargerPage[ChargePointRow]:
        """One page of the matching chargers, by ``sort`` (one of ``CHARGER_SORTS``, ``-``: descending)."""
        order = _ORDERS.get(sort)
        if order is None:
            raise Unanswerable(f"Chargers can be sorted by {', '.join(CHARGER_SORTS)}.")
        params: dict[str, Any] = {
            "company": company,
            "location": wanted.location,
            "model": wanted.model,
            "search": wanted.search,
            "connection": wanted.connection,
            "state": wanted.state,
            "faults": wanted.faults,
            **self._here,
            "rows": limit,
            "offset": offset,
        }
        count: LiteralString = f"SELECT count(*) FROM {{charge_points}} {_WANTED}"
        ((total,),) = await self._live.ask(count, params)
        rows = await self._live.rows(
            charge_points, f"{_WANTED} {order} LIMIT %(rows)s OFFSET %(offset)s", params
        )
        return ChargerPage(rows, int(total))

    async def chargers_named(self, company: int, charge_box_ids: Sequence[str]) -> Sequence[ChargePointRow]:
        """The named chargers that exist and were not removed, by charge box id."""
        return await self._live.rows(
            charge_points,
            "WHERE company = %(company)s AND NOT removed AND charge_box_id = ANY(%(boxes)s)"
            f"{HERE} ORDER BY charge_box_id",
            {"company": company, "boxes": list(charge_box_ids), **self._here},
        )

    async def charger_models(self, company: int) -> Sequence[str]:
        """The models that the company's chargers reported."""
        rows = await self._live.ask(
            "SELECT DISTINCT model FROM {charge_points} WHERE company = %(company)s AND NOT removed"
            f" AND model <> ''{NO_HOMES}{HERE} ORDER BY model LIMIT 200",
            {"company": company, **self._here},
        )
        return [model for (model,) in rows]

    async def plugs_of(self, company: int, charge_box_ids: Sequence[str]) -> Sequence[ConnectorRow]:
        """The plugs of the named chargers, by charger and number."""
        return await self._live.rows(
            connector_status,
            f"WHERE company = %(company)s AND charge_point = ANY(%(boxes)s){HERE}"
            " ORDER BY charge_point, connector",
            {"company": company, "boxes": list(charge_box_ids), **self._here},
        )

    async def plug_uses(
        self, company: int, chargers: Sequence[DayBegin], *, since: datetime, now: datetime
    ) -> Uses:
        """The use of the plugs of some chargers.

        The sessions that ended today or are still open, with their energy, and the time since ``since`` in
        which a session was open or its car still plugged in.
        """
        rows = await self._live.ask(
            _USES,
            {
                "company": company,
                "boxes": [each.charge_box_id for each in chargers],
                "days": [each.today for each in chargers],
                "since": since,
                "oldest": now - _NEVER_LONGER,
                "now": now,
            },
        )
        return {
            (box, connector): PlugUse(sessions, energy_wh, in_use_s)
            for box, connector, sessions, energy_wh, in_use_s in rows
        }

    async def uptimes(
        self, company: int, *, charge_box_ids: Sequence[str] | None = None, location: str = ""
    ) -> Sequence[UptimeRow]:
        """The uptime rows of plugs, by charger."""
        return await self._live.rows(
            uptime,
            "WHERE company = %(company)s AND (%(boxes)s::text[] IS NULL OR charge_box_id = ANY(%(boxes)s))"
            f" AND (%(location)s = '' OR location = %(location)s){HERE} ORDER BY charge_box_id",
            {
                **self._here,
                "company": company,
                "boxes": None if charge_box_ids is None else list(charge_box_ids),
                "location": location,
            },
        )

    async def last_heard(
        self, company: int, charge_box_ids: Sequence[str], now: datetime
    ) -> Mapping[str, datetime]:
        """The time of each charger's last frame; chargers without a recent one are left out."""
        rows = await self._live.ask(
            _HEARD,
            {
                "company": company,
                "keys": [f"{company}/{box}" for box in charge_box_ids],
                "since": now - _HEARD_WITHIN,
            },
        )
        return {key.partition("/")[2]: at for key, at in rows}

    async def anomaly_counts(
        self, company: int, charge_box_ids: Sequence[str]
    ) -> Mapping[str, AnomalyCounts]:
        """The protocol violations of some chargers; chargers that never reported anything are left out."""
        rows = await self._live.ask(
            "SELECT charge_point, clock_ahead_s, repaired, unreadable FROM {charger_upkeep}"
            " WHERE charge_point = ANY(%(keys)s) AND company = %(company)s",
            {"company": company, "keys": [f"{company}/{box}" for box in charge_box_ids]},
        )
        return {key.partition("/")[2]: AnomalyCounts(*counts) for key, *counts in rows}

    async def open_faults(self, company: int, charge_box_ids: Sequence[str]) -> Mapping[str, int]:
        """The number of open faults of each named charger; chargers without any are left out."""
        rows = await self._live.ask(
            "SELECT charge_point, count(*) FROM {faults} WHERE company = %(company)s AND state = 'open'"
            " AND charge_point = ANY(%(boxes)s) GROUP BY 1",
            {"company": company, "boxes": list(charge_box_ids)},
        )
        return {box: int(number) for box, number in rows}
