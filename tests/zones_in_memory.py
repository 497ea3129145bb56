"""The questions about load balancing zones, answered from the read models over the in-memory store."""

from collections.abc import Sequence
from datetime import datetime

from eosvolt.adapters.memory.read_models import MemoryReadModels
from eosvolt.application.zone_questions import DecisionOnZone, about
from eosvolt.domain.zones.events import ZoneDecided
from eosvolt.projections.charge_points import charge_points
from eosvolt.projections.charger_limits import LimitsRow
from eosvolt.projections.charger_limits import charger_limits as limits_model
from eosvolt.projections.charger_settings import SettingsRow, charger_settings
from eosvolt.projections.zone_power import NOW, ZonePowerRow
from eosvolt.projections.zone_power import zone_power as power_model
from eosvolt.projections.zones import ZoneRow, ZoneTreeKeys, tree_of
from eosvolt.projections.zones import zones as zone_model


class MemoryZoneQueries:
    """The questions of ``ports.zones``."""

    models: MemoryReadModels
    within: frozenset[str] | None

    async def zones(self, company: int, *, removed: bool = False) -> Sequence[ZoneRow]:
        rows = self.models.rows(
            zone_model,
            lambda row: row.company == company and (removed or not row.removed) and self._sees(row),
        )
        return sorted(rows, key=lambda row: (row.name.lower(), row.zone))

    async def zone(self, company: int, zone: str) -> ZoneRow | None:
        return next((row for row in await self.zones(company) if row.zone == zone), None)

    async def charger_limits(self, company: int, zone: str = "") -> Sequence[LimitsRow]:
        rows = self.models.rows(
            limits_model,
            lambda row: (
                row.company == company
                and (zone in {"", row.zone} or (not row.zone and row.withdrawn_zone == zone))
                and self._stands_here(row.charge_point)
            ),
        )
        return sorted(rows, key=lambda row: row.charge_box_id)

    async def all_settings(self, company: int) -> Sequence[SettingsRow]:
        return self.models.rows(
            charger_settings, lambda row: row.company == company and self._stands_here(row.charge_point)
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
        assert as_of is None
        if await self.zone(company, zone) is None:
            return []
        tree = self._tree(company, zone)
        facts = await self.models.store.read(f"zone:{tree.root}")
        return [
            about(fact.event, fact.position, zone, tree.parts, tree.chargers)
            for fact in reversed(list(facts))
            if isinstance(fact.event, ZoneDecided) and (before is None or fact.position < before)
        ][:limit]

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
        assert as_of is None
        if await self.zone(company, zone) is None:
            return []
        parts = self._tree(company, zone).parts
        rows = self.models.rows(
            power_model,
            lambda row: (
                row.company == company and row.zone in parts and row.by != NOW and row.since is not None
            ),
        )
        mine = sorted((row.since, row.by != by, row.id, row) for row in rows if row.since)
        mine = [each for each in mine if each[3].charger or each[3].zone == zone]
        before = {(row.zone, row.charger): row for at, _, _, row in mine if at < since}
        points = [row for at, _, _, row in mine if since <= at < until and row.by == by]
        return [*before.values(), *points]

    def _tree(self, company: int, zone: str) -> ZoneTreeKeys:
        return tree_of(self.models.rows(zone_model, lambda row: row.company == company), zone)

    def _sees(self, row: ZoneRow) -> bool:
        if self.within is None:
            return True
        parts = self._tree(row.company, row.zone).parts
        rows = self.models.rows(zone_model, lambda each: each.zone in parts)
        return all(self._stands_here(each) for zone in rows for each in zone.charge_points)

    def _stands_here(self, charge_point: str) -> bool:
        if self.within is None:
            return True
        charger = self.models.row(charge_points, charge_point)
        return charger is not None and charger.location in self.within
