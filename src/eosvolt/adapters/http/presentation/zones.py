"""Load balancing zones for the API and the pages: what plugs may draw and do draw, who waits, and why."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.application.zone_questions import DecisionOnZone
from eosvolt.application.zone_what_if import ChargerPlug
from eosvolt.domain.smart_charging.events import FALLBACK
from eosvolt.domain.zones.capacity import VOLTS, capacity_ma, even, line_ma, minus, rest_ma
from eosvolt.domain.zones.values import LimitReason, Lines, PlugDecision, PlugWiring, ZoneCharger
from eosvolt.projections.charge_points import ChargePointRow
from eosvolt.projections.charger_limits import KeptLimit, KeptWithdrawal, LimitsRow
from eosvolt.projections.connector_status import ConnectorRow
from eosvolt.projections.zone_power import watts
from eosvolt.projections.zones import ZoneRow, tree_of

AllocationState = Literal[
    "off",
    "idle",
    "limited",
    "pending",
    "waiting",
    "notTaken",
    "refused",
    "unanswered",
    "notSent",
    "exceeded",
    "offline",
    "uncontrollable",
]
# What is looked through for why a plug has the limit that it has.
DECISIONS = 20
_PENDING = frozenset({"asked", "sent"})
_OUTCOMES: Mapping[str, AllocationState] = {
    "refused": "refused",
    "unanswered": "unanswered",
    "notSent": "notSent",
}


class ZonePlugLine(NamedTuple):
    """A plug of a zone. Currents are in mA for each of its phases.

    ``limit`` is that of its session, or the charger's fallback where it has none. ``reason`` is the newest
    one that a decision gave for it. ``power_w`` is what it draws, ``None`` where that is not known.
    """

    zone: str
    charge_box_id: str
    wiring: PlugWiring
    charger: ChargePointRow | None
    status: ConnectorRow | None
    limits: LimitsRow | None
    limit: KeptLimit | None
    state: AllocationState
    decided: PlugDecision | None

    @property
    def plug(self) -> int:
        """Its number."""
        return self.wiring.plug

    @property
    def session(self) -> str:
        """The session on it; empty without one."""
        return "" if self.status is None else self.status.session

    @property
    def power_w(self) -> int | None:
        """What it draws: nothing without a session, and nobody knows while its charger is away."""
        if self.status is None or not self.status.online:
            return None
        return self.status.power_w if self.session else 0

    @property
    def limit_ma(self) -> int | None:
        """The newest limit that was asked for; ``None`` while none is set."""
        return None if self.limit is None else self.limit.asked_ma

    @property
    def confirmed(self) -> bool:
        """Whether the charger has confirmed it."""
        return self.limit is not None and self.limit.state == "confirmed"

    @property
    def may_draw_ma(self) -> int:
        """The most that it may draw by what is known of its limits."""
        return self.wiring.max_ma if self.limits is None else self.limits.may_draw_ma(self.wiring)

    def in_watts(self, current_ma: int) -> int:
        """The power of all its phases at a current."""
        return current_ma * self.wiring.phases * VOLTS // 1000


class Untold(NamedTuple):
    """A charger that still may have limits of a zone which sets none any more, or not for it."""

    charge_box_id: str
    withdrawal: KeptWithdrawal


class ZoneState(NamedTuple):
    """A zone as it is: ``plugs`` are those of the zone and of all zones below it, ``decisions`` the newest.

    ``parts`` are the zones below it, ``parent`` the one that it is a part of. Powers are those of all lines.
    """

    row: ZoneRow
    root: str
    parent: ZoneRow | None
    parts: Sequence[ZoneRow]
    plugs: Sequence[ZonePlugLine]
    untold: Sequence[Untold]
    decisions: Sequence[DecisionOnZone]
    usable_ma: Lines
    meter_silent: bool

    @property
    def usable_w(self) -> int:
        """What chargers may use."""
        return watts(self.usable_ma)

    @property
    def measured_w(self) -> int:
        """What plugs draw, as far as it is known."""
        return sum(each.power_w or 0 for each in self.plugs)

    @property
    def may_draw_w(self) -> int:
        """The most that plugs may draw by all that is known of their limits."""
        return sum(each.in_watts(each.may_draw_ma) for each in self.plugs)

    @property
    def waiting(self) -> Sequence[ZonePlugLine]:
        """The plugs whose sessions wait."""
        return [each for each in self.plugs if each.state == "waiting"]

    @property
    def chargers(self) -> int:
        """How many chargers it has, with those of the zones below it."""
        return len({each.charge_box_id for each in self.plugs})


async def zone_state(queries: Queries, company: int, zone: str, now: datetime) -> ZoneState | None:
    """One zone; ``None`` where there is none to see."""
    if await queries.zone(company, zone) is None:
        return None
    found = await zone_states(queries, company, now, zone)
    return found[0] if found else None


async def zone_states(
    queries: Queries, company: int, now: datetime, zone: str = "", *, decisions: int = DECISIONS
) -> list[ZoneState]:
    """All zones by name, or the one ``zone``."""
    rows = {row.zone: row for row in await queries.zones(company)}
    wanted = [rows[zone]] if zone in rows else [] if zone else list(rows.values())
    trees = {row.zone: tree_of(rows.values(), row.zone) for row in wanted}
    shown = [rows[part] for part in sorted({part for tree in trees.values() for part in tree.parts})]
    known = await _Known.asked(queries, company, shown)
    found = await asyncio.gather(
        *(queries.zone_decisions(company, row.zone, limit=decisions) for row in wanted)
    )
    states = []
    for row, newest in zip(wanted, found, strict=True):
        root, parts, _ = trees[row.zone]
        own = [row, *(rows[part] for part in sorted(parts - {row.zone}))]
        plugs = [line for each in own for line in _lines(each, known, newest, enabled=row.enabled)]
        capacity = capacity_ma(row.settings, now)
        drawn = even(line_ma(sum(each.power_w or 0 for each in plugs)))
        rest, silent = rest_ma(row.settings, row.reading, drawn, now)
        states.append(
            ZoneState(
                row=row,
                root=root,
                parent=rows.get(row.settings.parent),
                parts=own[1:],
                plugs=plugs,
                untold=_untold(parts, known),
                decisions=newest,
                usable_ma=minus(capacity, rest),
                meter_silent=silent,
            )
        )
    return states


def charger_plugs(state: ZoneState) -> list[ChargerPlug]:
    """The plugs of the zone and all zones below it, for what-if."""
    return [ChargerPlug(each.charge_box_id, each.wiring) for each in state.plugs]


class _Known(NamedTuple):
    """What is known of chargers, by their charge box ids, and of plugs."""

    chargers: Mapping[str, ChargePointRow]
    plugs: Mapping[tuple[str, int], ConnectorRow]
    limits: Mapping[str, LimitsRow]

    @classmethod
    async def asked(cls, queries: Queries, company: int, zones: Iterable[ZoneRow]) -> "_Known":
        boxes = sorted({_box(each) for zone in zones for each in zone.chargers})
        chargers, limits = await asyncio.gather(
            queries.chargers_named(company, boxes), queries.charger_limits(company)
        )
        places = sorted({each.location for each in chargers})
        plugs = await queries.connectors(company, locations=places) if places else ()
        return cls(
            {each.charge_box_id: each for each in chargers},
            {(each.charge_point, each.connector): each for each in plugs},
            {each.charge_box_id: each for each in limits},
        )


def _lines(
    zone: ZoneRow, known: _Known, decisions: Sequence[DecisionOnZone], *, enabled: bool
) -> Iterable[ZonePlugLine]:
    for member in zone.chargers:
        box = _box(member)
        limits, charger = known.limits.get(box), known.chargers.get(box)
        for wiring in member.plugs:
            status = known.plugs.get((box, wiring.plug))
            session = "" if status is None else status.session
            own = None if limits is None else limits.limit(wiring.plug)
            limit = own if own is not None and session else limits.limit(FALLBACK) if limits else None
            decided = _decided(decisions, member.charge_point, wiring.plug, session)
            line = ZonePlugLine(
                zone=zone.zone,
                charge_box_id=box,
                wiring=wiring,
                charger=charger,
                status=status,
                limits=limits,
                limit=limit,
                state="off",
                decided=decided,
            )
            yield line._replace(state=_state(line, decisions)) if enabled else line


def _state(  # noqa: PLR0911 - one answer for each state
    line: ZonePlugLine, decisions: Sequence[DecisionOnZone]
) -> AllocationState:
    place = ("" if line.limits is None else line.limits.charge_point, line.plug)
    newest = decisions[:1]
    reserved = (each for one in newest for each in one.reserved)
    waiting = (each for one in newest for each in one.waiting)
    if any(
        (each.charge_point, each.plug) == place and each.reason is LimitReason.UNCONTROLLABLE
        for each in reserved
    ):
        return "uncontrollable"
    if line.charger is not None and not line.charger.online:
        return "offline"
    if line.limit is not None and line.limit.drawn_ma is not None:
        return "exceeded"
    if not line.session:
        return "idle"
    if any((each.charge_point, each.plug, each.session) == (*place, line.session) for each in waiting):
        return "waiting"
    if line.limit is None or line.limit.plug == FALLBACK or line.limit.state in _PENDING:
        return "pending"
    if line.limit.state in _OUTCOMES:
        return _OUTCOMES[line.limit.state]
    if line.decided is not None and line.decided.reason is LimitReason.NOT_TAKEN:
        return "notTaken"
    return "limited"


def _decided(
    decisions: Sequence[DecisionOnZone], charge_point: str, plug: int, session: str
) -> PlugDecision | None:
    """What the newest decision said of a plug with this session."""
    for decision in decisions:
        for each in (*decision.plugs, *decision.reserved):
            if (each.charge_point, each.plug) == (charge_point, plug) and each.session in {"", session}:
                return each
    return None


def _untold(parts: frozenset[str], known: _Known) -> list[Untold]:
    """The chargers that did not confirm that limits of the zone, or of one below it, were withdrawn."""
    return [
        Untold(each.charge_box_id, withdrawal)
        for each in known.limits.values()
        if each.withdrawn_zone in parts and not each.following
        for withdrawal in each.withdrawals[:1]
    ]


def _box(member: ZoneCharger) -> str:
    return member.charge_point.partition("/")[2]
