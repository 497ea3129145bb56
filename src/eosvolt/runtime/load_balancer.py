"""Balances the load of zones: follows the log for what matters to them, and decides each tree of zones.

A tree is decided within a second of news, and when time alone changes something: the schedule, a silent
meter, a share that is not taken, the pace of commands. What is measured is kept in memory; all else is in the
history. Each tree is decided in its own task, so that one that fails or hangs delays no other.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog

from eosvolt.application.executor import Application
from eosvolt.application.failed_jobs import Job
from eosvolt.application.load_balancing import Aside, LoadBalancing
from eosvolt.application.measurements import MeasuredPlugs
from eosvolt.application.ports import Clock
from eosvolt.application.zones import zone_tree
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
    LimitAsked,
    LimitConfirmed,
    LimitExceeded,
    LimitKept,
    LimitLapsed,
    LimitNotSent,
    LimitRefused,
    LimitsDoubted,
    LimitSent,
    LimitUnanswered,
    SmartChargingChanged,
    WithdrawalAsked,
    WithdrawalConfirmed,
    WithdrawalFailed,
    ZoneJoined,
    ZoneLeft,
)
from eosvolt.domain.smart_charging.state import FALLBACK, SmartCharging
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
from eosvolt.runtime.deadline_scheduler import DeadlineScheduler
from eosvolt.runtime.log_follower import OUTAGE_SECONDS, Cursor, FromNow, Log, LogFollower, LogPage, Outage
from eosvolt.runtime.supervisor import Supervisor, Work

log = structlog.get_logger("eosvolt")

NAME = "load balancing"
LOOK_EVERY_SECONDS = 0.2
# Between two decisions of a tree, so that many news at once are decided together.
SHORTEST_PAUSE = timedelta(milliseconds=500)
AFTER_FAILURE = timedelta(seconds=5)
DECIDING_SECONDS = 30.0
TREES_TOGETHER = 8

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
_LIMITS = (
    ZoneJoined,
    ZoneLeft,
    SmartChargingChanged,
    LimitAsked,
    LimitSent,
    LimitConfirmed,
    LimitRefused,
    LimitUnanswered,
    LimitNotSent,
    LimitLapsed,
    LimitsDoubted,
    LimitExceeded,
    LimitKept,
    WithdrawalAsked,
    WithdrawalConfirmed,
    WithdrawalFailed,
)
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


class LoadBalancer:
    """Runs in one process at a time: the one that holds the lease."""

    def __init__(
        self,
        history: History,
        hold: Callable[[], AbstractAsyncContextManager[Cursor]],
        application: Application,
        supervisor: Supervisor,
        clock: Clock,
        new_id: Callable[[], str],
        aside: Aside = asyncio.to_thread,
    ) -> None:
        """``hold`` waits until the lease is free and holds it. ``new_id`` makes ids of commands.

        ``aside`` computes a decision, by default in a thread.
        """
        self._history = history
        self._hold = hold
        self._application = application
        self._supervisor = supervisor
        self._clock = clock
        self._measured = MeasuredPlugs()
        self._balancing = LoadBalancing(application, clock, new_id, self._measured, aside=aside)
        # The zone of each charger, the root of each zone, and when each root or charger is due.
        self._zones: dict[str, str] = {}
        self._roots: dict[str, str] = {}
        self._due: dict[str, datetime] = {}
        self._withdrawals: dict[str, datetime] = {}
        self._decided: dict[str, datetime] = {}
        # All chargers that ever were in a zone.
        self._joined: set[str] = set()
        # What is surely not on the list of failed jobs.
        self._flawless: set[str] = set()

    async def run(self, outage: Outage) -> None:
        """Run for ever. After an error of a type in ``outage`` it acquires the lease again."""
        while True:
            try:
                async with self._hold():
                    await self._balance()
            except outage as error:
                log.warning("load balancing waits for the database", error=str(error).strip())
            await asyncio.sleep(OUTAGE_SECONDS)

    async def _balance(self) -> None:
        # What happens from here on is followed; what was before is read from the streams.
        head = await self._history.head()
        await self.begin()
        cursor = FromNow(partial(_at, head))
        follower = LogFollower(self._history, cursor, self.heed, tags=FOLLOWED)
        self._supervisor.follows(NAME, follower)
        async with DeadlineScheduler(self.due, TREES_TOGETHER) as deciding:
            with follower.listening():
                while True:
                    await follower.step()
                    await deciding.look()
                    await asyncio.sleep(0.02)
                    await follower.wait(LOOK_EVERY_SECONDS)

    async def begin(self) -> None:
        """Learn which zones there are, and which chargers have limits to be withdrawn."""
        for kept in (self._zones, self._roots, self._due, self._withdrawals, self._decided):
            kept.clear()
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
            await self._learn(zone)
        await self._application.recall(smart_charging, sorted(self._joined))
        for charge_point in self._joined:
            state = await self._application.state(smart_charging, charge_point)
            if isinstance(state, SmartCharging) and state.owed:
                self._withdrawals[charge_point] = now
            if isinstance(state, SmartCharging) and state.zone:
                self._zones[charge_point] = state.zone

    async def _learn(self, zone: str) -> None:
        """Learn to which tree a zone belongs; its tree is decided anew."""
        tree = await zone_tree(self._application, zone)
        if tree is None:
            self._roots.pop(zone, None)
            self._due.pop(zone, None)
            return
        for name in tree.zones:
            self._roots[name] = tree.root
        self._now(tree.root)

    async def heed(self, page: LogPage) -> None:
        """Take what a page of the log says."""
        for fact in page.facts:
            # What this process has in memory may be older than the log.
            self._application.learnt(fact.stream, fact.version)
        for fact in page.facts:
            await self._heed_one(fact)

    async def _heed_one(self, fact: Fact) -> None:
        event = fact.event
        if isinstance(event, EnergyMetered):
            await self._metered(fact.key, event)
        elif isinstance(event, _STRUCTURE):
            await self._learn(event.zone)
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
                self._measured.forget(charge_point)
                self._withdrawals[charge_point] = self._clock.now()
            case SmartChargingChanged(charge_point=charge_point, following=following):
                if not following:
                    self._withdrawals[charge_point] = self._clock.now()
                self._news(charge_point)
            case WithdrawalFailed(charge_point=charge_point) | WithdrawalConfirmed(charge_point=charge_point):
                self._withdrawals[charge_point] = self._clock.now()
                self._news(charge_point)
            case LimitConfirmed(charge_point=charge_point):
                # It may have been asked for before the zone was turned off.
                if charge_point in self._withdrawals or charge_point not in self._zones:
                    self._withdrawals[charge_point] = self._clock.now()
                self._news(charge_point)
            case (
                LimitRefused(charge_point=charge_point)
                | LimitUnanswered(charge_point=charge_point)
                | LimitNotSent(charge_point=charge_point)
                | LimitLapsed(charge_point=charge_point)
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
            self._withdrawals[charge_point] = self._clock.now()
        if charge_point not in self._zones:
            return
        if isinstance(event, ConnectorReported) and event.session:
            limit_ma = (await self._limit(charge_point, event.connector))[1]
            self._measured.reported(charge_point, event.session, event, limit_ma)
        self._news(charge_point)

    async def _metered(self, session: str, event: EnergyMetered) -> None:
        company, _, rest = event.plug.partition("/")
        charge_box_id, _, plug = rest.rpartition("/")
        charge_point = f"{company}/{charge_box_id}"
        if charge_point not in self._zones:
            return
        phases, limit_ma = await self._limit(charge_point, int(plug))
        if self._measured.metered(charge_point, int(plug), session, event, phases, limit_ma):
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
        self._due[root] = min(self._due.get(root, at), at)

    async def due(self) -> Mapping[str, Work]:
        """The decisions and withdrawals that are due now."""
        now = self._clock.now()
        return {
            **{f"zone:{root}": partial(self._decide, root) for root, at in self._due.items() if at <= now},
            **{
                f"charger:{charge_point}": partial(self._withdraw, charge_point)
                for charge_point, at in self._withdrawals.items()
                if at <= now
            },
        }

    async def _decide(self, root: str) -> None:
        self._due.pop(root, None)
        self._decided[root] = self._clock.now()
        again: list[datetime | None] = []

        async def work() -> None:
            again.append(await self._balancing.decide(root))

        done = await self._attempt(f"zone:{root}", work)
        at = again[0] if done and again else None if done else self._clock.now() + AFTER_FAILURE
        if at is not None:
            self._due[root] = min(self._due.get(root, at), at)

    async def _withdraw(self, charge_point: str) -> None:
        self._withdrawals.pop(charge_point, None)
        again: list[datetime | None] = []

        async def work() -> None:
            again.append(await self._balancing.withdraw(charge_point))

        done = await self._attempt(f"charger:{charge_point}", work)
        at = again[0] if done and again else None if done else self._clock.now() + AFTER_FAILURE
        if at is not None:
            self._withdrawals.setdefault(charge_point, at)

    async def _attempt(self, subject: str, work: Callable[[], Awaitable[None]]) -> bool:
        done = await self._supervisor.attempt(
            Job.LOAD_BALANCING,
            subject,
            work,
            failed_before=subject not in self._flawless,
            again_in=AFTER_FAILURE,
            seconds=DECIDING_SECONDS,
        )
        if done:
            self._flawless.add(subject)
        else:
            self._flawless.discard(subject)
        return done


async def _at(position: int) -> int:
    return position
