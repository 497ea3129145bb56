"""Queries of load balancing zones, the limits of their chargers, their decisions and their power."""

import copy
from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString, Self

from eosvolt.adapters.postgres.queries.base_query import ALL_CHARGERS_HERE, OF_CHARGERS_HERE
from eosvolt.adapters.postgres.queries.event_search import PostgresEventSearch
from eosvolt.application.event_search import EventSearch
from eosvolt.application.zone_questions import DecisionOnZone, about
from eosvolt.domain.calendar import MICROSECOND
from eosvolt.domain.vocabulary import tags
from eosvolt.domain.zones.events import ZoneDecided
from eosvolt.projections.charger_limits import LimitsRow, charger_limits
from eosvolt.projections.charger_settings import SettingsRow, charger_settings
from eosvolt.projections.zone_power import NOW, ZonePowerRow, zone_power
from eosvolt.projections.zones import ZoneRow, ZoneTreeKeys, tree_of, zones

_POINTS: LiteralString = (
    "WHERE company = %(company)s AND zone = ANY(%(zones)s) AND by = %(by)s"
    " AND since >= %(since)s AND since < %(until)s ORDER BY since, id"
)
_BEFORE: LiteralString = (
    "WHERE id IN (SELECT DISTINCT ON (zone, charger) id FROM {zone_power}"
    " WHERE company = %(company)s AND zone = ANY(%(zones)s) AND by <> %(now)s AND since < %(since)s"
    " ORDER BY zone, charger, since DESC, by) ORDER BY id"
)


class PostgresZoneQueries(PostgresEventSearch):
    """Zones of a company."""

    async def zones(self, company: int, *, removed: bool = False) -> Sequence[ZoneRow]:
        """The zones by name; with ``removed`` those as well that are there no more."""
        return await self._live.rows(
            zones,
            "WHERE company = %(company)s AND (%(removed)s OR NOT removed)"
            f"{ALL_CHARGERS_HERE} ORDER BY lower(name), zone",
            {"company": company, "removed": removed, **self._here},
        )

    async def zone(self, company: int, zone: str) -> ZoneRow | None:
        """One zone that was not removed."""
        return await self._live.first(
            zones,
            f"WHERE zone = %(zone)s AND company = %(company)s AND NOT removed{ALL_CHARGERS_HERE}",
            {"company": company, "zone": zone, **self._here},
        )

    async def charger_limits(self, company: int, zone: str = "") -> Sequence[LimitsRow]:
        """The limits of the chargers of a zone, or of all, and of those that it withdraws limits from."""
        return await self._live.rows(
            charger_limits,
            "WHERE company = %(company)s"
            " AND (%(zone)s = '' OR zone = %(zone)s OR zone = '' AND withdrawn_zone = %(zone)s)"
            " AND (%(within)s::text[] IS NULL OR charge_point IN"
            " (SELECT box.charge_point FROM {charge_points} box WHERE box.location = ANY(%(within)s)))"
            " ORDER BY charge_box_id",
            {"company": company, "zone": zone, **self._here},
        )

    async def all_settings(self, company: int) -> Sequence[SettingsRow]:
        """The settings of all chargers that told any."""
        return await self._live.rows(
            charger_settings,
            f"WHERE company = %(company)s{OF_CHARGERS_HERE}",
            {"company": company, **self._here},
        )

    async def zone_decisions(
        self,
        company: int,
        zone: str,
        *,
        before: int | None = None,
        limit: int = 20,
        as_of: datetime | None = None,
    ) -> Sequence[DecisionOnZone]:
        """What was decided about a zone and its sub-zones, the newest first, older than a position.

        Decisions are kept by the root of the tree, which whoever sees the zone need not see.
        """
        known = await self._tree(company, zone, as_of)
        if known is None:
            return []
        wanted = EventSearch(
            stream=f"zone:{known.root}",
            types=tags(ZoneDecided),
            until=None if as_of is None else as_of + MICROSECOND,
        )
        everywhere = self._everywhere()
        found: list[DecisionOnZone] = []
        while len(found) < limit:
            page = await everywhere.events(company, wanted, behind=before, limit=limit - len(found))
            found += [
                about(fact.event, fact.position, zone, known.parts, known.chargers)
                for fact in page.items
                if isinstance(fact.event, ZoneDecided)
            ]
            before = page.reached
            if page.ended:
                break
        return found

    async def zone_power(
        self,
        company: int,
        zone: str,
        since: datetime,
        until: datetime,
        by: str,
        *,
        as_of: datetime | None = None,
    ) -> Sequence[ZonePowerRow]:
        """The points in ``[since, until)`` of a zone and of the chargers in it and its sub-zones, by time.

        ``by`` is ``minute`` or ``quarter``. The last point before ``since`` of each of them comes first.
        As of an earlier instant, the minute that it is in is left out.
        """
        known = await self._tree(company, zone, as_of)
        if known is None:
            return []
        if as_of is not None:
            until = min(until, as_of.replace(second=0, microsecond=0))
        params = {
            "company": company,
            "zones": sorted(known.parts),
            "by": by,
            "now": NOW,
            "since": since,
            "until": until,
        }
        before = await self._live.rows(zone_power, _BEFORE, params)
        points = await self._live.rows(zone_power, _POINTS, params)
        return [each for each in (*before, *points) if each.charger or each.zone == zone]

    async def _tree(self, company: int, zone: str, as_of: datetime | None) -> ZoneTreeKeys | None:
        """The root of the zone's tree, and the zone with all zones below it; ``None`` for no zone to see."""
        here = self if as_of is None else await self.of_past_rows(as_of)
        if await here.zone(company, zone) is None:
            return None
        every = await here._everywhere().zones(company, removed=True)  # noqa: SLF001 - of the same class
        return tree_of(every, zone)

    def _everywhere(self) -> Self:
        everywhere = copy.copy(self)
        everywhere._within = None  # noqa: SLF001 - of the copy
        return everywhere
