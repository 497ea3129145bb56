"""Queries of the dashboard's performance area: time in use, outages, exclusions.

As of an earlier instant, chargers that changed later are folded again from their facts up to then.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import LiteralString, NamedTuple

import msgspec

from eosvolt.adapters.postgres.queries.base_query import HERE
from eosvolt.adapters.postgres.queries.plug_filter import EQUIPMENT_HERE, PlugQuery
from eosvolt.adapters.postgres.queries.port_rows import ChargerNow, ports_of
from eosvolt.adapters.postgres.stored_events import originator_id
from eosvolt.application.performance_questions import PlugFilter, Stretch
from eosvolt.domain.kernel import Fact
from eosvolt.domain.locations.homes import is_home
from eosvolt.projections.exclusions import ExclusionRow, exclusions
from eosvolt.projections.fold import Fold
from eosvolt.projections.locations import locations
from eosvolt.projections.plug_clock import ChargerClock
from eosvolt.projections.plug_time import (
    CLAIM,
    CLOCK,
    DAY,
    DOWN,
    PlugTimeRow,
    plug_time,
    zones_key,
)
from eosvolt.projections.time_sums import NOTHING, TimeOn, TimeSum, plus
from eosvolt.projections.time_under_way import Lasting, lasting, under_way
from eosvolt.projections.uptime_definitions import Port

_A_DAY = timedelta(days=1)
_CLOCKS: LiteralString = (
    "SELECT charge_point, location, clock::text FROM {plug_time}"
    f" WHERE company = %(company)s AND by = %(by)s{EQUIPMENT_HERE}"
)
_CLOCK = msgspec.json.Decoder(ChargerClock)
# A clock that has not changed since it was last asked for is not read again. One takes about 2 kB.
_CLOCKS_KEPT = 10_000
_NOT_AGAIN: LiteralString = " AND NOT charge_point = ANY(%(again)s::text[])"
_SUMS: LiteralString = (
    "SELECT CASE WHEN %(apart)s THEN location ELSE '' END, day, sum(observed), sum(faulted),"
    " sum(unavailable), sum(offline), sum(planned), sum(in_use), sum(occupied), sum(down_in_use), sum(rated)"
    " FROM {plug_time} WHERE company = %(company)s AND by = %(by)s AND day >= %(since)s AND day < %(until)s"
    f"{EQUIPMENT_HERE}{_NOT_AGAIN} GROUP BY 1, 2"
)
_FACTS: LiteralString = (
    "SELECT notification_id, originator_version, topic, state FROM stored_events"
    " WHERE originator_id = ANY(%(streams)s::uuid[]) AND notification_id <= %(position)s"
    " AND topic = ANY(%(topics)s) ORDER BY 1"
)


class _Now(NamedTuple):
    """Chargers as they are, or were at a position.

    Those ``changed`` since then were folded ``again``: the rows of them are not those of the table.
    """

    chargers: list[ChargerNow]
    zones: dict[str, str]
    changed: list[str]
    again: list[PlugTimeRow]


class PostgresPerformanceQueries(PlugQuery):
    """How plugs are used and how well they work."""

    async def plug_times(
        self,
        company: int,
        wanted: PlugFilter,
        stretches: Sequence[Stretch],
        *,
        now: datetime,
        apart: bool = False,
        as_of: datetime | None = None,
    ) -> Sequence[Sequence[TimeOn]]:
        """The time of plugs up to ``now`` in the steps of each stretch; ``apart``: by location as well."""
        here = await self._chargers(company, wanted, as_of)
        open_sums = under_way(
            (
                (each.location if apart else "", each.lasting, here.zones.get(each.location, "UTC"))
                for each in here.chargers
            ),
            now,
            wanted.plug,
        )
        found = []
        for stretch in stretches:
            times = await self._recorded(company, wanted, here, stretch, apart=apart)
            for (location, day), time in open_sums.items():
                step = day if stretch.by == DAY else day.replace(day=1)
                if stretch.since <= step < stretch.until:
                    times[location, step] = plus(times[location, step], time)
            found.append([TimeOn(location, day, time) for (location, day), time in sorted(times.items())])
        return found

    async def _recorded(
        self, company: int, wanted: PlugFilter, here: _Now, stretch: Stretch, *, apart: bool
    ) -> dict[tuple[str, date], TimeSum]:
        """The sums of what has ended."""
        found: dict[tuple[str, date], TimeSum] = defaultdict(lambda: NOTHING)
        params = self._plugs(company, wanted) | {
            "by": stretch.by,
            "since": stretch.since,
            "until": stretch.until,
            "apart": apart,
            "again": here.changed,
        }
        if wanted.plug is None:
            for location, day, *sums in await self._live.ask(_SUMS, params):
                found[location, day] = TimeSum(*map(int, sums))
        else:
            rows = await self._live.rows(
                plug_time,
                "WHERE company = %(company)s AND by = %(by)s AND day >= %(since)s AND day < %(until)s"
                f"{EQUIPMENT_HERE}{_NOT_AGAIN}",
                params,
            )
            _add_plugs(found, rows, wanted.plug, apart=apart)
        again = [
            row
            for row in here.again
            if row.by == stretch.by
            and row.day is not None
            and stretch.since <= row.day < stretch.until
            and self._matches(row, wanted)
        ]
        _add_plugs(found, again, wanted.plug, apart=apart)
        return found

    async def ports(
        self, company: int, wanted: PlugFilter, *, now: datetime, as_of: datetime | None = None
    ) -> Sequence[Port]:
        """The ports with their outages and exclusions, by charger and number."""
        here = await self._chargers(company, wanted, as_of)
        spans = await self._live.rows(
            plug_time,
            f"WHERE company = %(company)s AND by = ANY(%(kinds)s){EQUIPMENT_HERE}{_NOT_AGAIN} ORDER BY since",
            self._plugs(company, wanted) | {"kinds": [DOWN, CLAIM], "again": here.changed},
        )
        by_plug: dict[tuple[str, int], list[PlugTimeRow]] = defaultdict(list)
        for span in (*spans, *(row for row in here.again if row.by in (DOWN, CLAIM))):
            by_plug[span.charge_point, span.connector].append(span)
        recorded = [
            row
            for row in await self.exclusions(company)
            if (row.recorded_at <= as_of if as_of else True)
            and (row.withdrawn_at is None or (as_of is not None and row.withdrawn_at > as_of))
        ]
        places = await self._live.rows(locations, "WHERE company = %(company)s", {"company": company})
        hours = {place.location: place.access.opening_hours for place in places}
        # Thousands of ports take longer than the event loop may be held.
        return await asyncio.to_thread(
            ports_of, here.chargers, here.zones, by_plug, recorded, hours, wanted.plug, now
        )

    async def exclusions(
        self, company: int, *, location: str = "", charge_box_id: str = ""
    ) -> Sequence[ExclusionRow]:
        """The exclusions, also withdrawn ones, the latest first."""
        return await self._live.rows(
            exclusions,
            "WHERE company = %(company)s AND (%(location)s = '' OR location = %(location)s)"
            f" AND (%(charger)s = '' OR charge_point = %(charger)s){HERE} ORDER BY since DESC, exclusion",
            {"company": company, "location": location, "charger": charge_box_id, **self._here},
        )

    async def exclusion(self, company: int, exclusion: str) -> ExclusionRow | None:
        """One exclusion."""
        return await self._live.first(
            exclusions,
            f"WHERE exclusion = %(exclusion)s AND company = %(company)s{HERE}",
            {"exclusion": exclusion, "company": company, **self._here},
        )

    def _matches(self, row: PlugTimeRow, wanted: PlugFilter) -> bool:
        return (
            (not wanted.locations or row.location in wanted.locations)
            and (not wanted.charger or row.charge_point == wanted.charger)
            and (self._within is None or row.location in self._within)
            and not is_home(row.location)
        )

    async def _chargers(self, company: int, wanted: PlugFilter, as_of: datetime | None) -> _Now:
        """The chargers that are at the wanted locations, and, as of an earlier instant, their other rows."""
        found = await self._live.ask(
            "SELECT zones FROM {plug_time} WHERE company = %(company)s AND by = 'zones'", {"company": company}
        )
        zones: dict[str, str] = found[0][0] if found else {}
        params = self._plugs(company, wanted) | {"by": CLOCK}
        if as_of is None:
            # Of thousands of chargers only the clocks: their sums are rows of their own.
            found = await self._live.ask(_CLOCKS, params)
            return _Now([ChargerNow(place, box, _clock(clock)) for box, place, clock in found], zones, [], [])
        position = await self._store.position_at(as_of)
        # Where a charger stood then is in its history alone.
        changed = await self._live.changed_rows(
            plug_time,
            "WHERE company = %(company)s AND by = %(by)s"
            " AND (%(charger)s = '' OR charge_point = %(charger)s)",
            params,
        )
        kept = [row for row, at in changed if at <= position]
        later = [row.charge_point for row, at in changed if at > position]
        again = await self._folded_again(company, later, position, zones)
        chargers = [
            ChargerNow(row.location, row.charge_point, lasting(row.clock))
            for row in (*kept, *again)
            if row.clock is not None and self._matches(row, wanted)
        ]
        return _Now(chargers, zones, later, again)

    async def _folded_again(
        self, company: int, chargers: Sequence[str], position: int, zones: dict[str, str]
    ) -> list[PlugTimeRow]:
        if not chargers:
            return []
        mapper = self._store.mapper
        streams = [f"{kind}:{company}/{box}" for box in chargers for kind in ("charge-point", "maintenance")]
        stored = await self._live.ask(
            _FACTS,
            {
                "streams": [originator_id(stream) for stream in streams],
                "position": position,
                "topics": [topic for topic, read in mapper.topics(plug_time.reads).items() if read],
            },
        )
        fold: Fold[PlugTimeRow] = Fold(plug_time, lambda _row, _key: None)
        key = zones_key(company)
        fold.rows[key] = PlugTimeRow(id=key, company=company, by="zones", zones=zones)
        for row in stored:
            fact: Fact = mapper.fact(*row)
            keys = fold.keys(fact)
            for each in keys:
                fold.rows.setdefault(each, None)
            fold.apply(fact, keys)
        return [row for row in fold.rows.values() if row is not None and row.by != "zones"]


@lru_cache(maxsize=_CLOCKS_KEPT)
def _clock(text: str) -> Lasting:
    return lasting(_CLOCK.decode(text))


def _add_plugs(
    found: dict[tuple[str, date], TimeSum], rows: Iterable[PlugTimeRow], plug: int | None, *, apart: bool
) -> None:
    for row in rows:
        for each in row.plugs:
            if row.day is not None and plug in (None, each.connector):
                place = row.location if apart else "", row.day
                found[place] = plus(found[place], each.time)
