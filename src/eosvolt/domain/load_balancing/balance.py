"""Decides the limits of a tree of zones: who gets how much, and what can be sent now.

First the shares: what every zone can use, divided among the sessions (``allocation.py``). Then what is sent:
whoever has more than the share is lowered at once; whoever has less is raised only as far as all others leave
room by what they *may* draw, which a lower limit changes once its charger has confirmed it. So at no time can
the plugs together draw more than a zone can use, as long as chargers keep what they confirmed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from eosvolt.domain.load_balancing.demand import ASLEEP_MA, GOES_ON_AFTER, taken_ma, wanted_ma
from eosvolt.domain.load_balancing.situation import CarNow, ChargerNow, PlugNow, surely_on_lines
from eosvolt.domain.smart_charging.state import FALLBACK, PlugLimit
from eosvolt.domain.zones import capacity
from eosvolt.domain.zones.allocation import Bound, Claim, Grant, fair, in_turn
from eosvolt.domain.zones.capacity import LINES, SILENT_AFTER, VOLTS
from eosvolt.domain.zones.limits import LEAST_MA, STEP_MA
from eosvolt.domain.zones.tree import ZoneTree, lines_of
from eosvolt.domain.zones.values import (
    ChargingPriority,
    Distribution,
    LimitReason,
    Lines,
    PlugDecision,
    SiteMeter,
    ZoneRoom,
)

# No more than one command for a charger in so long, unless it lowers.
PACE = timedelta(seconds=10)
# A charger that refused a limit, or did not answer, is asked again after so long; then after twice as long.
FIRST_RETRY, LAST_RETRY = timedelta(seconds=5), timedelta(minutes=10)
# A raise by less than this waits until there is more; so does a lower, unless there is too little room.
WORTH_MA = 500
# A charger that draws more than its limit is told it again after so long.
TOLD_AGAIN = timedelta(seconds=60)
# Limits depend on the time of day.
LOOKS_AGAIN = timedelta(seconds=60)


class Ask(NamedTuple):
    """A limit to ask for; of plug 0, the fallback."""

    charge_point: str
    zone: str
    plug: int
    limit_ma: int
    session: str = ""
    transaction: int = 0


class Decision(NamedTuple):
    """What is to be asked for, and what the decision is about.

    ``again_at`` is when another decision is due although nothing happens.
    """

    asks: tuple[Ask, ...]
    rooms: tuple[ZoneRoom, ...]
    plugs: tuple[PlugDecision, ...]
    reserved: tuple[PlugDecision, ...]
    again_at: datetime


class _Session:
    """A session that takes part: its claim, and what becomes of it."""

    def __init__(self, charger: ChargerNow, plug: PlugNow, car: CarNow, uses: tuple[int, ...]) -> None:
        self.charger, self.plug, self.car = charger, plug, car
        self.uses = uses
        self.limit: PlugLimit = charger.limit(plug)
        self.have_ma = charger.have_ma(plug)
        self.minimum_ma = self.demand_ma = self.target_ma = self.counted_ma = 0
        self.asleep = self.exceeding = False
        self.reason = LimitReason.SHARE
        self.waits = False
        self.asked_ma: int | None = None

    @property
    def newest_ma(self) -> int:
        """The limit that was asked for last, or else the one in force."""
        pending = self.limit.pending
        return self.have_ma if pending is None else pending.limit_ma

    @property
    def highest_ma(self) -> int:
        """The highest of the limits that may be in force for the session."""
        return max((self.have_ma, *(each.limit_ma for each in self.limit.outstanding)))

    @property
    def stuck(self) -> bool:
        """Whether the plug draws more than its limit, or was not lowered as far as is known."""
        if self.exceeding:
            return True
        failed = bool(self.limit.refusals) or any(each.over for each in self.limit.outstanding)
        return failed and self.limit.pending is None and self.counted_ma > self.target_ma

    def order(self) -> tuple[bool, bool, datetime, str, int]:
        """Who is admitted before whom: not the sleeping, those with priority, those who came first."""
        first = self.car.first or self.charger.priority is ChargingPriority.FIRST
        number = self.plug.wiring.plug
        return self.asleep, not first, self.car.began, self.charger.charge_point, number


def balance(tree: ZoneTree, chargers: Sequence[ChargerNow], now: datetime) -> Decision:
    """The decision for a tree of zones at ``now``."""
    return _Balance(tree, chargers, now).decision()


class _Balance:
    def __init__(self, tree: ZoneTree, chargers: Sequence[ChargerNow], now: datetime) -> None:
        self._tree, self._chargers, self._now = tree, chargers, now
        self._again: list[datetime] = [now + LOOKS_AGAIN]
        self._zones = {name: number for number, name in enumerate(tree.zones)}
        self._chains = {name: tree.chain(name) for name in tree.zones}
        self._rooms = self._zone_rooms()
        self._usable = [current for room in self._rooms for current in room.usable_ma]
        self._distribution = tree.zones[tree.root].settings.distribution
        self._base_ma = tree.fallback_ma
        self._sessions: list[_Session] = []
        self._reserved: list[PlugDecision] = []
        # What the plugs count with by room, and what those that take no part keep.
        self._counted = [0] * len(self._usable)
        self._kept = [0] * len(self._usable)
        self._charger_rooms_begin = len(self._usable)
        self._sort_out()
        self._asks: list[Ask] = []
        # Chargers that get a command now that does not lower.
        self._told: set[str] = set()

    def decision(self) -> Decision:
        rooms = self._rooms
        self._sessions.sort(key=_Session.order)
        self._divide(self._sessions)
        stuck = [each for each in self._sessions if each.stuck]
        if stuck:
            for each in stuck:
                for room in each.uses:
                    self._kept[room] += each.counted_ma
            self._divide([each for each in self._sessions if not each.stuck])
        self._ask_fallbacks()
        for each in self._sessions:
            self._lower(each)
        for each in self._sessions:
            self._tell_again(each)
        free = [size - taken for size, taken in zip(self._usable, self._counted, strict=True)]
        self._raise_fallbacks(free)
        for each in self._sessions:
            self._raise(each, free)
        said = tuple(self._said(each) for each in self._sessions if each.asked_ma is not None or each.waits)
        return Decision(tuple(self._asks), rooms, said, tuple(self._reserved), min(self._again))

    # What there is.

    def _zone_rooms(self) -> tuple[ZoneRoom, ...]:
        drawn: dict[str, list[Lines]] = {name: [] for name in self._tree.zones}
        assumed: dict[str, list[int]] = {name: [0] * LINES for name in self._tree.zones}
        metered = [
            name for name, zone in self._tree.zones.items() if zone.settings.site_meter is SiteMeter.EXTERNAL
        ]
        for charger in self._chargers:
            for plug in charger.plugs:
                for name in self._chains[charger.zone]:
                    if name in metered:
                        drawn[name].append(surely_on_lines(plug, self._now))
                    counted = charger.counted_ma(plug, self._now)
                    for line in lines_of(plug.wiring):
                        assumed[name][line] += counted
        return tuple(self._room(name, drawn[name], assumed[name]) for name in self._tree.zones)

    def _room(self, name: str, drawn: Iterable[Lines], assumed: Sequence[int]) -> ZoneRoom:
        zone = self._tree.zones[name]
        full = capacity.capacity_ma(zone.settings, self._now)
        rest, silent = capacity.rest_ma(zone.settings, zone.reading, drawn, self._now)
        if zone.reading is not None and not silent:
            self._wake(zone.reading.at + SILENT_AFTER + timedelta(milliseconds=1))
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
            rooms = [self._zones[name] * LINES for name in self._chains[charger.zone]]
            follows = charger.online and charger.state.controllable
            for plug in charger.plugs:
                uses = tuple(first + line for first in rooms for line in lines_of(plug.wiring))
                counted = charger.counted_ma(plug, self._now)
                exceeding = charger.exceeding_ma(plug, self._now) is not None
                for room in uses:
                    self._counted[room] += counted
                if plug.car is not None and follows:
                    session = _Session(charger, plug, plug.car, uses)
                    session.counted_ma, session.exceeding = counted, exceeding
                    self._claim(session)
                    continue
                # Without a session it has the fallback, or soon has.
                kept = min(self._base_ma, plug.wiring.max_ma) if follows else counted
                for room in uses:
                    self._kept[room] += kept
                if not follows and (plug.car is not None or counted > self._base_ma):
                    self._reserve(charger, plug, counted)

    def _claim(self, session: _Session) -> None:
        wiring, car = session.plug.wiring, session.car
        watts = self._tree.zones[session.charger.zone].settings.minimum_session_w
        least = max(LEAST_MA, -(-watts * 1000 // (VOLTS * wiring.phases)))
        session.minimum_ma = min(-(-least // STEP_MA) * STEP_MA, wiring.max_ma)
        taken = None
        if self._distribution is not Distribution.STATIC:
            taken = taken_ma(session.plug.taking, car.session, self._now)
            if taken is None and session.plug.taking is not None:
                self._wake(session.plug.taking.since + GOES_ON_AFTER)
        session.asleep = taken is not None and taken < ASLEEP_MA
        session.demand_ma = wanted_ma(taken, session.minimum_ma, wiring.max_ma)
        self._sessions.append(session)

    def _reserve(self, charger: ChargerNow, plug: PlugNow, counted: int) -> None:
        reason = LimitReason.UNCONTROLLABLE if charger.online else LimitReason.OFFLINE
        limit, car = charger.limit(plug), plug.car
        self._reserved.append(
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

    # Who gets how much.

    def _divide(self, sessions: Sequence[_Session]) -> None:
        """Set the targets. Every session has the fallback anyway; what is divided is what comes on top."""
        rooms = [size - kept for size, kept in zip(self._usable, self._kept, strict=True)]
        base = [min(self._base_ma, each.plug.wiring.max_ma) for each in sessions]
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
        self, sessions: Sequence[_Session], rooms: list[int]
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
                    self._usable[self._zones[name] * LINES + line] // on_line[name, line]
                    for name in self._chains[each.charger.zone]
                    if name in static
                ]
                if not shares:
                    continue
                if (key, line) not in found:
                    found[key, line] = len(rooms)
                    plugs = sum(line in lines_of(plug.wiring) for plug in each.charger.plugs)
                    rooms.append(min(shares) - plugs * self._base_ma)
                own.append(found[key, line])
            uses[key, each.plug.wiring.plug] = tuple(own)
        return uses

    def _granted(self, each: _Session, base: int, grant: Grant) -> None:
        own_share = grant.room >= self._charger_rooms_begin
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
        elif each.demand_ma == each.plug.wiring.max_ma:
            each.reason = LimitReason.FULL
        else:
            each.reason = LimitReason.DEMAND

    # What is sent.

    def _lower(self, each: _Session) -> None:
        """Lower a session at once, unless a limit that is low enough is under way."""
        limit, pending = each.limit, each.limit.pending
        if each.target_ma >= each.highest_ma:
            return
        if each.highest_ma - each.target_ma < WORTH_MA and not self._overloaded(each):
            each.target_ma = each.highest_ma
            return
        if (pending is None or pending.limit_ma > each.target_ma) and self._may_retry(limit):
            self._ask(each, each.target_ma)

    def _tell_again(self, each: _Session) -> None:
        """Tell a charger a limit again that it may not know, or that it does not keep."""
        limit = each.limit
        if each.asked_ma is not None or limit.pending is not None or each.target_ma > each.have_ma:
            return
        if each.exceeding:
            due = limit.confirmed_at is None or self._now >= limit.confirmed_at + TOLD_AGAIN
        else:
            due = limit.doubted or any(one.over for one in limit.outstanding)
        if due and self._may_retry(limit) and self._in_pace(each.charger):
            self._told.add(each.charger.charge_point)
            self._ask(each, each.target_ma)

    def _raise(self, each: _Session, free: list[int]) -> None:
        """Raise a session as far as there is room now. ``free`` is what each room has beyond what counts."""
        if each.asked_ma is not None or each.exceeding or each.target_ma <= each.newest_ma:
            return
        charger, limit = each.charger, each.limit
        if limit.pending is not None:
            self._holds(each, LimitReason.OUTSTANDING)
            return
        room = each.counted_ma + min(free[room] for room in each.uses)
        amount = min(each.target_ma, room) // STEP_MA * STEP_MA
        worth = amount >= each.minimum_ma and (amount == each.target_ma or amount >= each.have_ma + WORTH_MA)
        if not worth:
            self._holds(each, LimitReason.ROOM_NOT_FREE)
            return
        if not self._in_pace(charger):
            self._holds(each, LimitReason.PACE)
            return
        if not self._may_retry(limit):
            self._holds(each, LimitReason.OUTSTANDING)
            return
        self._told.add(charger.charge_point)
        self._ask(each, amount)
        more = max(amount - each.counted_ma, 0)
        for used in each.uses:
            free[used] -= more

    def _ask_fallbacks(self) -> None:
        """Send the fallback to chargers that may draw more without a limit, or have booted."""
        for charger in self._chargers:
            fallback = charger.fallback
            in_force = fallback.in_force_ma
            uncertain = fallback.doubted or any(each.over for each in fallback.outstanding)
            if not charger.online or fallback.pending is not None:
                continue
            lowers = in_force is None or self._base_ma < in_force
            again = uncertain and self._base_ma == in_force
            if (lowers or again) and self._may_retry(fallback):
                self._asks.append(Ask(charger.charge_point, charger.zone, FALLBACK, self._base_ma))

    def _raise_fallbacks(self, free: list[int]) -> None:
        """Send a higher fallback as soon as all plugs of the charger have room for it."""
        for charger in self._chargers:
            in_force = charger.fallback.in_force_ma
            if not charger.online or in_force is None or self._base_ma <= in_force:
                continue
            if charger.fallback.pending is not None or not self._may_retry(charger.fallback):
                continue
            more: dict[int, int] = {}
            for plug in charger.plugs:
                counted = charger.counted_ma(plug, self._now)
                by = max(min(self._base_ma, plug.wiring.max_ma) - counted, 0)
                for name in self._chains[charger.zone]:
                    for line in lines_of(plug.wiring):
                        room = self._zones[name] * LINES + line
                        more[room] = more.get(room, 0) + by
            if all(free[room] >= by for room, by in more.items()):
                for room, by in more.items():
                    free[room] -= by
                self._asks.append(Ask(charger.charge_point, charger.zone, FALLBACK, self._base_ma))

    def _ask(self, each: _Session, limit_ma: int) -> None:
        each.asked_ma = limit_ma
        ask = Ask(
            each.charger.charge_point,
            each.charger.zone,
            each.plug.wiring.plug,
            limit_ma,
            each.car.session,
            each.car.transaction,
        )
        self._asks.append(ask)

    def _holds(self, each: _Session, reason: LimitReason) -> None:
        """The session has less than its share for now."""
        if each.newest_ma < each.minimum_ma:
            each.waits, each.reason = True, reason

    def _in_pace(self, charger: ChargerNow) -> bool:
        """Whether a charger may get a command that does not lower."""
        last = self._now if charger.charge_point in self._told else charger.state.asked_at
        if last is None or self._now >= last + PACE:
            return True
        self._wake(last + PACE)
        return False

    def _may_retry(self, limit: PlugLimit) -> bool:
        """Whether enough time has passed since the charger refused the limit or did not answer."""
        lately = [each.at for each in limit.outstanding if each.over]
        failures = limit.refusals + len(lately)
        if not failures:
            return True
        last = max((*lately, limit.refused_at)) if limit.refused_at is not None else max(lately)
        due = last + min(FIRST_RETRY * 2 ** min(failures - 1, 10), LAST_RETRY)
        if self._now >= due:
            return True
        self._wake(due)
        return False

    def _overloaded(self, each: _Session) -> bool:
        """Whether the plugs of one of its rooms count with more than there is."""
        return any(self._counted[room] > self._usable[room] for room in each.uses)

    def _wake(self, at: datetime) -> None:
        if at > self._now:
            self._again.append(at)

    def _said(self, each: _Session) -> PlugDecision:
        limit = each.limit.in_force_ma
        draw = each.plug.draw
        return PlugDecision(
            zone=each.charger.zone,
            charge_point=each.charger.charge_point,
            plug=each.plug.wiring.plug,
            session=each.car.session,
            reason=each.reason,
            target_ma=each.target_ma,
            limit_ma=limit if each.asked_ma is None else each.asked_ma,
            before_ma=limit,
            demand_ma=each.demand_ma,
            assumed_ma=each.counted_ma,
            measured_ma=None if draw is None else draw.least_ma,
            changed=each.asked_ma is not None,
            waiting=each.waits,
        )
