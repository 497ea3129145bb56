"""What happens to zones and their chargers: which trees of zones are to be decided, and when.

It follows the log and keeps in memory to which tree each charger belongs, and what plugs draw.
"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Protocol, get_args

from eosvolt.application.executor import Application
from eosvolt.application.measurements import MeasuredPlugs
from eosvolt.application.ports import Clock
from eosvolt.application.zones import zone_tree
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import (
    ChargePointBooted,
    ChargePointConnected,
    ChargePointDisconnected,
    ChargePointRemoved,
    ConnectionPolicyChanged,
    ConnectorReported,
    TransactionClosed,
    TransactionOpened,
    TransactionReopened,
)
from eosvolt.domain.kernel import Fact
from eosvolt.domain.sessions.events import EnergyMetered
from eosvolt.domain.smart_charging.decider import smart_charging
from eosvolt.domain.smart_charging.events import (
    FALLBACK,
    LimitConfirmed,
    LimitExceeded,
    LimitExpired,
    LimitKept,
    LimitNotSent,
    LimitRefused,
    LimitsDoubted,
    LimitUnanswered,
    SmartChargingChanged,
    SmartChargingEvent,
    WithdrawalConfirmed,
    WithdrawalFailed,
    ZoneJoined,
    ZoneLeft,
)
from eosvolt.domain.smart_charging.state import SmartCharging
from eosvolt.domain.vocabulary import tags
from eosvolt.domain.zones.decider import zones
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
from eosvolt.runtime.log_follower import Log, LogPage

# Between two decisions of a tree, so that many news at once are decided together.
SHORTEST_PAUSE = timedelta(milliseconds=500)

# The streams by which trees are decided.
STREAMS = tuple(f"{each.category}:" for each in (zones, smart_charging, charge_points))

_STRUCTURE = (ZoneCreated, ZoneChanged, SubZoneAttached, SubZoneDetached, ZoneRemoved)
_ZONES = (
    *_STRUCTURE,
    ZoneChargerAdded,
    ZoneChargerChanged,
    ZoneChargerRemoved,
    ZoneEnabled,
    ZoneDisabled,
    ZoneMetered,
)
_LIMITS = get_args(SmartChargingEvent)
_CHARGERS = (
    ChargePointConnected,
    ChargePointDisconnected,
    ChargePointBooted,
    ChargePointRemoved,
    ConnectionPolicyChanged,
    ConnectorReported,
    TransactionOpened,
    TransactionClosed,
    TransactionReopened,
)
FOLLOWED = tags(*_ZONES, *_LIMITS, *_CHARGERS, EnergyMetered)
# What a start reads of the history: which zones there are, and which chargers ever were in one.
KNOWN_BY = tags(ZoneCreated, ZoneJoined)


class History(Log, Protocol):
    """The log, which can be searched for events of some types."""

    def search(self, *, tags: frozenset[str]) -> AsyncIterator[Fact]:
        """All events of some types, in log order."""
        ...


class ZoneNews:
    """Which trees of zones are due, and which chargers have limits to be withdrawn."""

    def __init__(self, history: History, application: Application, clock: Clock) -> None:
        """Nothing is known before ``begin``."""
        self._history = history
        self._application = application
        self._clock = clock
        self.measured = MeasuredPlugs()
        # When each root is due, and each charger with limits to be withdrawn.
        self.due: dict[str, datetime] = {}
        self.withdrawals: dict[str, datetime] = {}
        # The zone of each charger, the root of each zone, and when each root was decided last.
        self._zones: dict[str, str] = {}
        self._roots: dict[str, str] = {}
        self._decided: dict[str, datetime] = {}
        # All chargers that ever were in a zone.
        self._joined: set[str] = set()

    def decided(self, root: str) -> None:
        """A tree is being decided now: what happens from here on makes it due again."""
        self.due.pop(root, None)
        self._decided[root] = self._clock.now()

    async def begin(self) -> None:
        """Find out which zones there are, and which chargers have limits to be withdrawn."""
        for kept in (self._zones, self._roots, self.due, self.withdrawals, self._decided):
            kept.clear()
        # While another process had the lease, this one did not follow the log.
        self._application.forget_kinds(STREAMS)
        now = self._clock.now()
        async for fact in self._history.search(tags=KNOWN_BY):
            match fact.event:
                case ZoneCreated(zone=zone):
                    self._roots[zone] = zone
                case ZoneJoined(charge_point=charge_point):
                    self._joined.add(charge_point)
                case _:
                    pass
        for zone in list(self._roots):
            await self._look_up(zone)
        await self._application.recall(smart_charging, sorted(self._joined))
        for charge_point in self._joined:
            state = await self._application.state(smart_charging, charge_point)
            if isinstance(state, SmartCharging) and state.owed:
                self.withdrawals[charge_point] = now
            if isinstance(state, SmartCharging) and state.zone:
                self._zones[charge_point] = state.zone

    async def _look_up(self, zone: str) -> None:
        """Find out to which tree a zone belongs, which is to be decided."""
        tree = await zone_tree(self._application, zone)
        if tree is None:
            self._roots.pop(zone, None)
            self.due.pop(zone, None)
            return
        for name in tree.zones:
            self._roots[name] = tree.root
        self._now(tree.root)

    async def take(self, page: LogPage) -> None:
        """Take what a page of the log says."""
        for fact in page.facts:
            # What this process has in memory may be older than the log.
            self._application.learnt(fact.stream, fact.version)
        for fact in page.facts:
            await self._take_fact(fact)

    async def _take_fact(self, fact: Fact) -> None:
        event = fact.event
        if isinstance(event, EnergyMetered):
            await self._metered(fact.key, event)
        elif isinstance(event, _STRUCTURE):
            await self._look_up(event.zone)
            if isinstance(event, SubZoneDetached):
                await self._look_up(event.child)
        elif isinstance(event, _ZONES):
            self._now(self._roots.get(event.zone, event.zone))
        elif isinstance(event, _LIMITS):
            self._limited(event)
        elif isinstance(event, _CHARGERS):
            await self._happened(fact.key, event)

    def _limited(self, event: object) -> None:
        match event:
            case ZoneJoined(charge_point=charge_point, zone=zone):
                self._zones[charge_point] = zone
                self._joined.add(charge_point)
                self._news(charge_point)
            case ZoneLeft(charge_point=charge_point):
                self._zones.pop(charge_point, None)
                self.measured.forget(charge_point)
                self.withdrawals[charge_point] = self._clock.now()
            case SmartChargingChanged(charge_point=charge_point, following=following):
                if not following:
                    self.withdrawals[charge_point] = self._clock.now()
                self._news(charge_point)
            case WithdrawalFailed(charge_point=charge_point) | WithdrawalConfirmed(charge_point=charge_point):
                self.withdrawals[charge_point] = self._clock.now()
                self._news(charge_point)
            case LimitConfirmed(charge_point=charge_point):
                # It may have been asked for before the zone was turned off.
                if charge_point in self.withdrawals or charge_point not in self._zones:
                    self.withdrawals[charge_point] = self._clock.now()
                self._news(charge_point)
            case (
                LimitRefused(charge_point=charge_point)
                | LimitUnanswered(charge_point=charge_point)
                | LimitNotSent(charge_point=charge_point)
                | LimitExpired(charge_point=charge_point)
                | LimitsDoubted(charge_point=charge_point)
                | LimitExceeded(charge_point=charge_point)
                | LimitKept(charge_point=charge_point)
            ):
                self._news(charge_point)
            case _:
                # What was asked for or sent changes nothing that could be decided.
                pass

    async def _happened(self, charge_point: str, event: object) -> None:
        arrived = isinstance(event, ChargePointConnected | ChargePointBooted)
        if arrived and await self._owes(charge_point):
            self.withdrawals[charge_point] = self._clock.now()
        if charge_point not in self._zones:
            return
        if isinstance(event, ConnectorReported) and event.session:
            limit_ma = (await self._limit(charge_point, event.connector))[1]
            self.measured.reported(charge_point, event.session, event, limit_ma)
        self._news(charge_point)

    async def _metered(self, session: str, event: EnergyMetered) -> None:
        company, _, rest = event.plug.partition("/")
        charge_box_id, _, plug = rest.rpartition("/")
        charge_point = f"{company}/{charge_box_id}"
        if charge_point not in self._zones:
            return
        phases, limit_ma = await self._limit(charge_point, int(plug))
        if self.measured.metered(charge_point, int(plug), session, event, phases, limit_ma):
            self._news(charge_point)

    async def _owes(self, charge_point: str) -> bool:
        """Whether a charger has limits of a zone that it follows no more."""
        if charge_point not in self._joined:
            return False
        state = await self._application.state(smart_charging, charge_point)
        return isinstance(state, SmartCharging) and bool(state.owed)

    async def _limit(self, charge_point: str, plug: int) -> tuple[int, int]:
        """The number of phases of a plug, and the limit that it has, in mA."""
        state = await self._application.state(smart_charging, charge_point)
        if not isinstance(state, SmartCharging):
            return 3, 0
        wiring = state.wiring(plug)
        limits = (state.limits.get(number) for number in (plug, FALLBACK))
        in_force = (limit.in_force_ma for limit in limits if limit is not None)
        found = next((each for each in in_force if each is not None), None)
        if wiring is None:
            return 3, 0
        return wiring.phases, wiring.max_ma if found is None else min(found, wiring.max_ma)

    def _news(self, charge_point: str) -> None:
        """The tree to which a charger belongs is decided soon."""
        zone = self._zones.get(charge_point)
        if zone is not None:
            self._now(self._roots.get(zone, zone))

    def _now(self, root: str) -> None:
        """A tree is due: at once, unless it was decided only just before."""
        now = self._clock.now()
        last = self._decided.get(root)
        at = now if last is None else max(now, last + SHORTEST_PAUSE)
        self.due[root] = min(self.due.get(root, at), at)
