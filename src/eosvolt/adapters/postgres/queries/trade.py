"""Queries of what sessions brought, by day, and of charging attempts."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, LiteralString

import msgspec

from eosvolt.adapters.postgres.queries.base_query import HERE, REVENUE
from eosvolt.adapters.postgres.queries.plug_filter import PLUGS_HERE, PlugQuery
from eosvolt.adapters.postgres.stored_events import moment
from eosvolt.application.performance_questions import (
    Attempts,
    PlugFilter,
    StartedAt,
    Traded,
)
from eosvolt.projections.charging_attempts import TROUBLED_ENDS
from eosvolt.projections.plug_time import DAY, MONTH

_A_DAY = timedelta(days=1)
_HOURS = msgspec.json.Decoder(tuple[int, ...])
_STEP: dict[str, LiteralString] = {DAY: "day", MONTH: "date_trunc('month', day)::date"}
_TRADED: LiteralString = (
    "SELECT CASE WHEN %(apart)s THEN location ELSE '' END, {step}, currency, sum(gross)::bigint,"
    " sum(energy_wh)::bigint, sum(sessions)::bigint FROM {summary}"
    " WHERE company = %(company)s AND day >= %(since)s AND day < %(until)s"
    f" AND (%(places)s::text[] IS NULL OR location = ANY(%(places)s)){HERE} GROUP BY 1, 2, 3"
)
_MOVED: LiteralString = (
    "SELECT CASE WHEN %(apart)s THEN location ELSE '' END, {step}, currency, sum(gross)::bigint,"
    " sum(energy_wh)::bigint, sum(sessions)::bigint FROM {ledger} moved"
    f" WHERE company = %(company)s AND {REVENUE} AND day >= %(since)s AND day < %(until)s"
    " AND (%(position)s::bigint IS NULL OR position <= %(position)s)"
    " AND (%(plug)s::bigint IS NULL OR EXISTS (SELECT FROM {session_history} s"
    " WHERE s.id = moved.session AND s.connector = %(plug)s)"
    # Tables of releases without bookings have no such column.
    " OR (moved.session = '' AND (to_jsonb(moved) ->> 'connector')::bigint = %(plug)s))"
    f"{PLUGS_HERE} GROUP BY 1, 2, 3"
)
_SESSIONS: LiteralString = (
    "WHERE company = %(company)s AND (%(plug)s::bigint IS NULL OR connector = %(plug)s)"
    f"{PLUGS_HERE} AND (%(as_of)s::timestamptz IS NULL OR started_at <= %(as_of)s)"
)
# Of the days' rows, that of all locations where nothing is restricted. What they leave out is few sessions:
# those of which only the stop is known, and those that have not ended.
_ROWS: LiteralString = (
    " WHERE company = %(company)s AND day >= %(since)s AND day < %(until)s AND CASE"
    " WHEN %(places)s::text[] IS NULL AND %(within)s::text[] IS NULL THEN location = ''"
    f" ELSE location <> '' AND (%(places)s::text[] IS NULL OR location = ANY(%(places)s)){HERE} END"
)
_ATTEMPTS_BY_DAY: LiteralString = (
    "SELECT coalesce(sum(attempts), 0)::bigint, coalesce(sum(successful), 0)::bigint"
    f" FROM {{charging_attempts}}{_ROWS}"
)
_ORPHANS: LiteralString = (
    f"SELECT count(*) FROM {{session_history}} {_SESSIONS} AND status = 'failed' AND flags @> '[\"orphan\"]'"
    " AND started_at >= %(earliest)s AND started_at < %(latest)s"
    " AND (started_at AT TIME ZONE time_zone)::date >= %(since)s"
    " AND (started_at AT TIME ZONE time_zone)::date < %(until)s"
)
_STARTS_BY_DAY: LiteralString = (
    f"SELECT extract(isodow FROM day)::int - 1, starts::text FROM {{charging_attempts}}{_ROWS}"
)
_UNDER_WAY: LiteralString = " AND coalesce(ended_at, 'infinity'::timestamptz) = 'infinity'"
_ATTEMPTS: LiteralString = (
    "SELECT count(*), count(*) FILTER (WHERE energy_wh > 0 AND NOT reason = ANY(%(troubled)s))"
    f" FROM {{session_history}} {_SESSIONS}"
    " AND ended_at >= %(earliest)s AND ended_at < %(latest)s"
    " AND (%(as_of)s::timestamptz IS NULL OR ended_at <= %(as_of)s)"
    " AND (ended_at AT TIME ZONE time_zone)::date >= %(since)s"
    " AND (ended_at AT TIME ZONE time_zone)::date < %(until)s"
)
_STARTS: LiteralString = (
    "SELECT extract(isodow FROM started_at AT TIME ZONE time_zone)::int - 1,"
    " extract(hour FROM started_at AT TIME ZONE time_zone)::int, count(*)"
    f" FROM {{session_history}} {_SESSIONS} AND energy_wh > 0{{open}}"
    " AND started_at >= %(earliest)s AND started_at < %(latest)s"
    " AND (started_at AT TIME ZONE time_zone)::date >= %(since)s"
    " AND (started_at AT TIME ZONE time_zone)::date < %(until)s GROUP BY 1, 2"
)


_NEWEST: LiteralString = (
    "SELECT state FROM stored_events WHERE company = %(company)s"
    " AND (%(last)s::bigint IS NULL OR notification_id <= %(last)s) ORDER BY notification_id DESC LIMIT 1"
)


class PostgresTradeQueries(PlugQuery):
    """What sessions brought, and how attempts ended."""

    async def traded(
        self,
        company: int,
        wanted: PlugFilter,
        since: date,
        until: date,
        *,
        by: str = DAY,
        apart: bool = False,
        as_of: datetime | None = None,
    ) -> Sequence[Traded]:
        """What sessions brought by local day or ``month`` and currency."""
        position = None if as_of is None else await self._store.position_at(as_of)
        params = self._plugs(company, wanted) | {
            "since": since,
            "until": until,
            "apart": apart,
            "plug": wanted.plug,
            "position": position,
        }
        query = (_TRADED if _of_days(wanted, as_of) else _MOVED).replace("{step}", _STEP[by])
        return [Traded(*row) for row in await self._live.ask_any_version(query, params)]

    async def attempts(
        self, company: int, wanted: PlugFilter, since: date, until: date, *, as_of: datetime | None = None
    ) -> Attempts:
        """The charging attempts that ended on these local days."""
        params = self._sessions_of(company, wanted, since, until, as_of)
        if not _of_days(wanted, as_of):
            ((attempts, successful),) = await self._live.ask(
                _ATTEMPTS, params | {"troubled": list(TROUBLED_ENDS)}
            )
            return Attempts(attempts, successful)
        ((attempts, successful),) = await self._live.ask(_ATTEMPTS_BY_DAY, params)
        ((orphans,),) = await self._live.ask(_ORPHANS, params)
        return Attempts(attempts + orphans, successful)

    async def session_starts(
        self, company: int, wanted: PlugFilter, since: date, until: date, *, as_of: datetime | None = None
    ) -> Sequence[StartedAt]:
        """When the sessions of these local days began, by weekday and hour; only those with energy."""
        params = self._sessions_of(company, wanted, since, until, as_of)
        if not _of_days(wanted, as_of):
            return [StartedAt(*row) for row in await self._live.ask(_STARTS.replace("{open}", ""), params)]
        found = Counter[tuple[int, int]]()
        for weekday, starts in await self._live.ask(_STARTS_BY_DAY, params):
            for hour, sessions in enumerate(_HOURS.decode(starts)):
                found[weekday, hour] += sessions
        for weekday, hour, sessions in await self._live.ask(_STARTS.replace("{open}", _UNDER_WAY), params):
            found[weekday, hour] += sessions
        return [StartedAt(*when, sessions) for when, sessions in sorted(found.items()) if sessions]

    async def newest_recorded_at(self, company: int, *, as_of: datetime | None = None) -> datetime | None:
        """When the newest event of the company was recorded."""
        last = None if as_of is None else await self._store.position_at(as_of)
        found = await self._live.ask(_NEWEST, {"company": company, "last": last})
        return moment(found[0][0]).recorded_at if found else None

    def _sessions_of(
        self, company: int, wanted: PlugFilter, since: date, until: date, as_of: datetime | None
    ) -> dict[str, Any]:
        # No local day begins or ends more than a day from the one in UTC.
        return self._plugs(company, wanted) | {
            "plug": wanted.plug,
            "since": since,
            "until": until,
            "earliest": since - _A_DAY,
            "latest": until + _A_DAY,
            "as_of": as_of,
        }


def _of_days(wanted: PlugFilter, as_of: datetime | None) -> bool:
    """Whether the rows of the days answer: they know locations only, and the present only."""
    return not wanted.charger and wanted.plug is None and as_of is None
