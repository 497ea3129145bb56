"""Every load balancing zone: its settings, its chargers, whether it is on, and its last meter reading."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import msgspec

from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tags
from eosvolt.domain.zones.events import (
    SubZoneAttached,
    SubZoneDetached,
    ZoneChanged,
    ZoneChargerAdded,
    ZoneChargerChanged,
    ZoneChargerRemoved,
    ZoneCreated,
    ZoneDisabled,
    ZoneEnabled,
    ZoneMetered,
    ZoneRemoved,
)
from eosvolt.domain.zones.values import MeterReading, ZoneCharger, ZoneSettings
from eosvolt.projections.read_model import ReadModel, Row

change = msgspec.structs.replace
EDITIONS = (ZoneCreated, ZoneChanged, ZoneChargerAdded, ZoneChargerChanged, ZoneChargerRemoved)


class ZoneRow(Row, frozen=True, kw_only=True):
    """A zone. ``parts`` are the ids of its sub-zones, ``chargers`` those of its own, in order of joining.

    ``read_at`` is when ``reading``, the last one of the site meter, reached us. ``version`` is that of the
    last edition. ``since`` is when it was turned on or off.
    """

    zone: str
    company: int
    name: str
    settings: ZoneSettings
    created_at: datetime
    chargers: tuple[ZoneCharger, ...] = ()
    parts: tuple[str, ...] = ()
    enabled: bool = False
    since: datetime | None = None
    reading: MeterReading | None = None
    read_at: datetime | None = None
    removed: bool = False
    version: int = 0

    @property
    def charge_points(self) -> tuple[str, ...]:
        """The keys of its own chargers."""
        return tuple(each.charge_point for each in self.chargers)


def keys(fact: Fact) -> Iterable[str]:
    """The zone itself."""
    return (fact.key,)


def apply(row: ZoneRow | None, fact: Fact, key: str) -> ZoneRow | None:
    """The zone after the fact."""
    changed = _changed(row, fact, key)
    if changed is None or not isinstance(fact.event, EDITIONS):
        return changed
    return change(changed, version=fact.version)


def _changed(row: ZoneRow | None, fact: Fact, key: str) -> ZoneRow | None:
    match fact.event, row:
        case ZoneCreated(settings=settings) as created, _:
            return ZoneRow(
                zone=key,
                company=created.company,
                name=settings.name,
                settings=settings,
                created_at=created.at,
            )
        case ZoneChanged(settings=settings), ZoneRow() as known:
            return change(known, name=settings.name, settings=settings)
        case ((ZoneChargerAdded(charger=charger) | ZoneChargerChanged(charger=charger)), ZoneRow() as known):
            return change(known, chargers=_with(known.chargers, charger))
        case ZoneChargerRemoved(charge_point=gone), ZoneRow() as known:
            return change(known, chargers=tuple(each for each in known.chargers if each.charge_point != gone))
        case SubZoneAttached(child=child), ZoneRow() as known:
            return change(known, parts=tuple(sorted({*known.parts, child})))
        case SubZoneDetached(child=child), ZoneRow() as known:
            return change(known, parts=tuple(each for each in known.parts if each != child))
        case ZoneEnabled(at=at), ZoneRow() as known:
            return change(known, enabled=True, since=at)
        case ZoneDisabled(at=at), ZoneRow() as known:
            return change(known, enabled=False, since=at)
        case ZoneMetered(reading=reading, received_at=received_at), ZoneRow() as known:
            return change(known, reading=reading, read_at=received_at)
        case ZoneRemoved(at=at), ZoneRow() as known:
            return change(known, removed=True, enabled=False, since=at)
        case _:
            return row


class ZoneTreeKeys(NamedTuple):
    """The root of the tree that a zone is in, the zone with all zones below it, and the chargers of these."""

    root: str
    parts: frozenset[str]
    chargers: frozenset[str]


def tree_of(every: Iterable[ZoneRow], zone: str) -> ZoneTreeKeys:
    """Where a zone is among ``every`` zone."""
    by_id = {each.zone: each for each in every}
    root, seen = zone, {zone}
    while (above := by_id[root].settings.parent) in by_id and above not in seen:
        root = above
        seen.add(root)
    parts, unseen = {zone}, [zone]
    while unseen:
        below = [part for part in by_id[unseen.pop()].parts if part in by_id and part not in parts]
        parts.update(below)
        unseen += below
    chargers = frozenset(key for part in parts for key in by_id[part].charge_points)
    return ZoneTreeKeys(root, frozenset(parts), chargers)


def _with(chargers: tuple[ZoneCharger, ...], charger: ZoneCharger) -> tuple[ZoneCharger, ...]:
    if all(each.charge_point != charger.charge_point for each in chargers):
        return (*chargers, charger)
    return tuple(charger if each.charge_point == charger.charge_point else each for each in chargers)


zones = ReadModel(
    name="zones",
    version=1,
    row=ZoneRow,
    reads=tags(
        ZoneCreated,
        ZoneChanged,
        ZoneChargerAdded,
        ZoneChargerChanged,
        ZoneChargerRemoved,
        SubZoneAttached,
        SubZoneDetached,
        ZoneEnabled,
        ZoneDisabled,
        ZoneMetered,
        ZoneRemoved,
    ),
    keys=keys,
    apply=apply,
    indexes=("company, name",),
)
