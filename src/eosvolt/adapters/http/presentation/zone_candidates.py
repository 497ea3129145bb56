"""Which chargers can be chosen for a zone, and why others cannot: judged as the operations judge."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.application.zones import PROFILES, UNITS, NotChoosable, why_unsupported, wiring_of_plugs
from eosvolt.domain.zones.values import ZoneCharger
from eosvolt.projections.charge_points import ChargePointRow
from eosvolt.projections.charger_settings import SettingsRow


class Candidate(NamedTuple):
    """A charger, how it would be wired in a zone, the zone it is in, and why it cannot be chosen."""

    charge_box_id: str
    location: str
    member: ZoneCharger
    zone: str = ""
    why_not: NotChoosable | None = None


async def candidates(queries: Queries, company: int, zone: str = "") -> list[Candidate]:
    """All chargers of the company by charge box id, for the ``zone``; empty for a new one."""
    chargers, limits, settings, zones = await asyncio.gather(
        queries.charge_points(company),
        queries.charger_limits(company),
        queries.all_settings(company),
        queries.zones(company),
    )
    present = {each.charge_point: each.zone for each in limits if each.zone}
    told = {each.charge_point: each for each in settings}
    members = {each.charge_point: each for row in zones for each in row.chargers}
    found = []
    for charger in chargers:
        key = charger.charge_point
        found.append(_candidate(charger, zone, present.get(key, ""), told.get(key), members.get(key)))
    return found


def _candidate(
    charger: ChargePointRow,
    zone: str,
    present: str,
    settings: SettingsRow | None,
    member: ZoneCharger | None,
) -> Candidate:
    why_not: NotChoosable | None = None
    if present and present != zone:
        why_not = NotChoosable.OTHER_ZONE
    elif not present:
        why_not = why_unsupported(_value(settings, PROFILES), _value(settings, UNITS))
    if member is None:
        member = ZoneCharger(charge_point=charger.charge_point, plugs=wiring_of_plugs(charger.connectors))
    return Candidate(charger.charge_box_id, charger.location, member, present, why_not)


def _value(settings: SettingsRow | None, key: str) -> str | None:
    known: Sequence[str | None] = (
        [each.value for each in settings.settings if each.key.casefold() == key] if settings else []
    )
    return known[0] if known else None
