"""Who gets how much: what the zones of a tree can use, divided among the sessions on their plugs."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from eosvolt.domain.load_balancing.demand import ASLEEP_MA, GOES_ON_AFTER, taken_ma, wanted_ma
from eosvolt.domain.load_balancing.sharer import Sharer
from eosvolt.domain.load_balancing.situation import BalancedCharger, BalancedPlug, lines_in_use
from eosvolt.domain.zones import capacity
from eosvolt.domain.zones.allocation import Bound, Claim, Grant, fair, in_turn
from eosvolt.domain.zones.capacity import LINES, NOTHING, SILENT_AFTER, VOLTS
from eosvolt.domain.zones.limits import LEAST_MA, STEP_MA
from eosvolt.domain.zones.tree import ZoneTree, lines_of
from eosvolt.domain.zones.values import (
    Distribution,
    LimitReason,
    Lines,
    PlugDecision,
    ZoneRoom,
)


class Shares:
    """The shares of a tree of zones at ``now``.

    A room is one line of one zone; ``usable`` is what each has for chargers, ``counted`` what their plugs
    count with. ``again`` are instants at which something changes although nothing happens.
    """

    def __init__(
        self,
        tree: ZoneTree,
        chargers: Sequence[BalancedCharger],
        now: datetime,
        drawn: Mapping[str, Lines],
    ) -> None:
        """Sort out who takes part, and divide. ``drawn`` is what chargers drew when each zone was metered."""
        self._tree, self._chargers, self._now = tree, chargers, now
        self.again: list[datetime] = []
        self._zones = {name: number for number, name in enumerate(tree.zones)}
        self._chains = {name: tree.chain(name) for name in tree.zones}
        self._distribution = tree.zones[tree.root].settings.distribution
        self.base_ma = tree.fallback_ma
        self.zone_rooms = self._zone_rooms(drawn)
        self.usable = [current for room in self.zone_rooms for current in room.usable_ma]
        self.counted = [0] * len(self.usable)
        # What those that take no part keep.
        self._kept = [0] * len(self.usable)
        self.sharers: list[Sharer] = []
        self.reserved: list[PlugDecision] = []
        self._sort_out()
        self._share_out()

    def rooms_of(self, charger: BalancedCharger, plug: BalancedPlug) -> tuple[int, ...]:
        """The rooms of a plug."""
        rooms = [self._zones[name] * LINES for name in self._chains[charger.zone]]
        return tuple(first + line for first in rooms for line in lines_in_use(plug, self._now))

    def wake(self, at: datetime) -> None:
        """Something changes at an instant."""
        if at > self._now:
            self.again.append(at)

    def _share_out(self) -> None:
        self.sharers.sort(key=Sharer.order)
        self._divide(self.sharers)
        stuck = [each for each in self.sharers if each.stuck]
        if stuck:
            # They keep what they count with, and others make up for it.
            for each in stuck:
                for room in each.uses:
                    self._kept[room] += each.counted_ma
            self._divide([each for each in self.sharers if not each.stuck])

    def _zone_rooms(self, drawn: Mapping[str, Lines]) -> tuple[ZoneRoom, ...]:
        assumed: dict[str, list[int]] = {name: [0] * LINES for name in self._tree.zones}
        for charger in self._chargers:
            for plug in charger.plugs:
                counted = charger.counted_ma(plug, self._now)
                for name in self._chains[charger.zone]:
                    for line in lines_in_use(plug, self._now):
                        assumed[name][line] += counted
        return tuple(self._room(name, drawn.get(name, NOTHING), assumed[name]) for name in self._tree.zones)

    def _room(self, name: str, drawn: Lines, assumed: Sequence[int]) -> ZoneRoom:
        zone = self._tree.zones[name]
        full = capacity.capacity_ma(zone.settings, self._now)
        rest, silent = capacity.rest_ma(zone.settings, zone.reading, drawn, self._now)
        if zone.reading is not None and not silent:
            self.wake(zone.reading.at + SILENT_AFTER + timedelta(milliseconds=1))
        return ZoneRoom(
            zone=name,
            capacity_ma=full,
            rest_ma=rest,
            usable_ma=capacity.minus(full, rest),
            assumed_ma=(assumed[0], assumed[1], assumed[2]),
            meter_silent=silent,
        )

    def _sort_out(self) -> None:
        """Who takes part, and what all others count with."""
        for charger in self._chargers:
            follows = charger.online and charger.state.controllable
            for plug in charger.plugs:
                uses = self.rooms_of(charger, plug)
                counted = charger.counted_ma(plug, self._now)
                exceeding = charger.exceeding_ma(plug, self._now) is not None
                for room in uses:
                    self.counted[room] += counted
                if plug.car is not None and follows:
                    session = Sharer(charger, plug, plug.car, uses)
                    session.counted_ma, session.exceeding = counted, exceeding
                    self._claim(session)
                    continue
                # Without a session it has the fallback, or soon has.
                kept = min(self.base_ma, plug.wiring.max_ma) if follows else counted
                for room in uses:
                    self._kept[room] += kept
                if not follows and (plug.car is not None or counted > self.base_ma):
                    self._reserve(charger, plug, counted)

    def _claim(self, session: Sharer) -> None:
        wiring, car = session.plug.wiring, session.car
        watts = self._tree.zones[session.charger.zone].settings.minimum_session_w
        least = max(LEAST_MA, -(-watts * 1000 // (VOLTS * wiring.phases)))
        most = wiring.max_ma // STEP_MA * STEP_MA
        session.minimum_ma = min(-(-least // STEP_MA) * STEP_MA, most)
        taken = None
        if self._distribution is not Distribution.STATIC:
            taken = taken_ma(session.plug.taking, car.session, self._now)
            if taken is None and session.plug.taking is not None:
                self.wake(session.plug.taking.since + GOES_ON_AFTER)
        session.asleep = taken is not None and taken < ASLEEP_MA
        session.demand_ma = wanted_ma(taken, session.minimum_ma, most)
        self.sharers.append(session)

    def _reserve(self, charger: BalancedCharger, plug: BalancedPlug, counted: int) -> None:
        reason = LimitReason.UNCONTROLLABLE if charger.online else LimitReason.OFFLINE
        limit, car = charger.limit(plug), plug.car
        self.reserved.append(
            PlugDecision(
                zone=charger.zone,
                charge_point=charger.charge_point,
                plug=plug.wiring.plug,
                session="" if car is None else car.session,
                reason=reason,
                target_ma=counted,
                limit_ma=limit.in_force_ma,
                before_ma=limit.in_force_ma,
                assumed_ma=counted,
                measured_ma=None if plug.draw is None else plug.draw.least_ma,
            )
        )

    def _divide(self, sessions: Sequence[Sharer]) -> None:
        """Set the targets. Every session has the fallback anyway; what is divided is what comes on top."""
        rooms = [size - kept for size, kept in zip(self.usable, self._kept, strict=True)]
        base = [min(self.base_ma, each.plug.wiring.max_ma) for each in sessions]
        for each, own in zip(sessions, base, strict=True):
            for room in each.uses:
                rooms[room] -= own
        shares = self._charger_rooms(sessions, rooms)
        claims = [
            Claim(
                (*each.uses, *shares.get((each.charger.charge_point, each.plug.wiring.plug), ())),
                max(each.minimum_ma - own, 0),
                max(each.demand_ma - own, each.minimum_ma - own, 0),
            )
            for each, own in zip(sessions, base, strict=True)
        ]
        divide = in_turn if self._distribution is Distribution.SEQUENTIAL else fair
        for each, own, grant in zip(sessions, base, divide(claims, rooms), strict=True):
            self._granted(each, own, grant)

    def _charger_rooms(
        self, sessions: Sequence[Sharer], rooms: list[int]
    ) -> dict[tuple[str, int], tuple[int, ...]]:
        """A room for each line of each charger of a static zone, added to ``rooms``: its equal share."""
        static = [
            name
            for name, zone in self._tree.zones.items()
            if zone.settings.distribution is Distribution.STATIC
        ]
        if not static:
            return {}
        on_line = dict.fromkeys(((name, line) for name in static for line in range(LINES)), 0)
        for charger in self._chargers:
            lines = {line for plug in charger.plugs for line in lines_of(plug.wiring)}
            for name in self._chains[charger.zone]:
                for line in lines if name in static else ():
                    on_line[name, line] += 1
        found: dict[tuple[str, int], int] = {}
        uses: dict[tuple[str, int], tuple[int, ...]] = {}
        for each in sessions:
            key, own = each.charger.charge_point, []
            for line in lines_of(each.plug.wiring):
                shares = [
                    self.usable[self._zones[name] * LINES + line] // on_line[name, line]
                    for name in self._chains[each.charger.zone]
                    if name in static
                ]
                if not shares:
                    continue
                if (key, line) not in found:
                    found[key, line] = len(rooms)
                    plugs = sum(line in lines_of(plug.wiring) for plug in each.charger.plugs)
                    rooms.append(min(shares) - plugs * self.base_ma)
                own.append(found[key, line])
            uses[key, each.plug.wiring.plug] = tuple(own)
        return uses

    def _granted(self, each: Sharer, base: int, grant: Grant) -> None:
        own_share = grant.room >= len(self.usable)
        each.waits = grant.bound is Bound.WAITS
        if each.waits:
            each.target_ma = 0
            each.reason = LimitReason.SHARE_TOO_SMALL if own_share else LimitReason.NO_ROOM
            return
        each.target_ma = (base + grant.current_ma) // STEP_MA * STEP_MA
        if each.exceeding:
            each.reason = LimitReason.EXCEEDED
        elif each.asleep:
            each.reason = LimitReason.NOT_TAKEN
        elif grant.bound is Bound.ROOM:
            each.reason = LimitReason.FIXED_SHARE if own_share else LimitReason.SHARE
        elif each.demand_ma == each.plug.wiring.max_ma // STEP_MA * STEP_MA:
            each.reason = LimitReason.FULL
        else:
            each.reason = LimitReason.DEMAND
