"""Balances the load of zones: reads what is, decides, and asks chargers for limits, in one commit.

Everything but measurements is in the streams, so this may stop and start at any time. The fence of all
decisions of a tree of zones is the stream of its root: of two that are made at once one is made again.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from eosvolt.application.executor import Application, Plan
from eosvolt.application.ports import Clock
from eosvolt.application.zones import zone_tree
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.charge_points.state import Registered, Transaction, known
from eosvolt.domain.kernel import CommandEnvelope, Provenance
from eosvolt.domain.load_balancing.balance import Ask, Decision, balance
from eosvolt.domain.load_balancing.demand import Draw, Taking
from eosvolt.domain.load_balancing.situation import CarNow, ChargerNow, PlugNow
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.reactions.load_balancing import LOAD_BALANCING
from eosvolt.domain.smart_charging.commands import (
    AskFallback,
    AskLimit,
    AskWithdrawal,
    DoubtLimits,
    LapseLimit,
    NoteMeasured,
)
from eosvolt.domain.smart_charging.decider import smart_charging
from eosvolt.domain.smart_charging.state import FALLBACK, SmartCharging
from eosvolt.domain.tokens.uid import folded
from eosvolt.domain.zones.commands import DecideZone
from eosvolt.domain.zones.decider import said_of, zones
from eosvolt.domain.zones.tree import ZoneTree
from eosvolt.domain.zones.values import PlugWiring, ZoneCharger

# A withdrawal that failed is tried again after so long; then after twice as long.
FIRST_RETRY, LAST_RETRY = timedelta(seconds=5), timedelta(minutes=10)

Aside = Callable[[Callable[[], Decision]], Awaitable[Decision]]


class Measurements(Protocol):
    """What plugs drew last, and what their sessions take of their shares."""

    def draw(self, charge_point: str, plug: int, session: str) -> Draw | None:
        """The last measurement of a session."""
        ...

    def taking(self, charge_point: str, plug: int) -> Taking | None:
        """What the session on a plug takes."""
        ...


class _Known(NamedTuple):
    """A charger of a zone with its streams."""

    now: ChargerNow
    charger: Registered | None


async def _here(decide: Callable[[], Decision]) -> Decision:
    return decide()


class LoadBalancing:
    """Decides for trees of zones and withdraws limits."""

    def __init__(
        self,
        application: Application,
        clock: Clock,
        new_id: Callable[[], str],
        measurements: Measurements,
        aside: Aside = _here,
    ) -> None:
        """``new_id`` makes ids of commands. ``aside`` computes a decision where it holds up nothing else."""
        self._application = application
        self._clock = clock
        self._new_id = new_id
        self._measurements = measurements
        self._aside = aside

    async def decide(self, root: str) -> datetime | None:
        """Decide for a tree of zones, and ask for limits where something has changed.

        Returns when another decision is due although nothing happens; ``None`` for a zone that is off.
        """
        tree = await zone_tree(self._application, root)
        if tree is None or not tree.zones[tree.root].enabled:
            return None
        why = Provenance(tree.zones[tree.root].company, LOAD_BALANCING, f"zone:{tree.root}")
        noted = await self._application.perform(lambda: self._noting(root), why)
        return await self._application.perform(lambda: self._deciding(root), why) if noted else None

    async def withdraw(self, charge_point: str) -> datetime | None:
        """Withdraw the limits of a charger that follows no zone any more, as far as it can be told.

        Returns when to try again; ``None`` where nothing is left to be withdrawn, or the charger is away.
        """
        why = Provenance(
            int(charge_point.partition("/")[0]), LOAD_BALANCING, f"smart-charging:{charge_point}"
        )
        return await self._application.perform(lambda: self._withdrawing(charge_point), why)

    async def _noting(self, root: str) -> Plan[bool]:
        """What is to be known before a decision: sessions that are over, boots, limits exceeded or kept."""
        tree = await self._tree(root)
        if tree is None:
            return Plan((), answer=False)
        now, envelopes = self._clock.now(), []
        for each in await self._chargers(tree):
            envelopes += _to_note(each, now)
        return Plan(envelopes, answer=True)

    async def _deciding(self, root: str) -> Plan[datetime | None]:
        tree = await self._tree(root)
        if tree is None:
            return Plan((), None)
        now = self._clock.now()
        chargers = [each.now for each in await self._chargers(tree)]
        decision = await self._aside(lambda: balance(tree, chargers, now))
        # Any of the streams may have changed meanwhile: the executor compares them before it stores.
        zone = tree.zones[tree.root]
        if not decision.asks and said_of(decision.plugs, decision.reserved) == zone.said:
            return Plan((), decision.again_at)
        kept = DecideZone(
            at=now,
            after=zone.decisions,
            rooms=decision.rooms,
            plugs=decision.plugs,
            reserved=decision.reserved,
        )
        asks = [self._asked(each, now) for each in decision.asks]
        return Plan((CommandEnvelope(zones, tree.root, kept), *asks), decision.again_at, guarded=True)

    async def _withdrawing(self, charge_point: str) -> Plan[datetime | None]:
        state = await self._application.state(smart_charging, charge_point)
        charger = known(await self._application.state(charge_points, charge_point))
        if not isinstance(state, SmartCharging) or not state.owed:
            return Plan((), None)
        now = self._clock.now()
        envelopes = _lapsed(state, charger, now)
        if charger is None or not _reachable(charger):
            return Plan(envelopes, None)
        again: list[datetime] = []
        for plug in state.owed:
            before = state.withdrawals.get(plug)
            if before is not None and not before.outcome:
                continue
            pause = (
                timedelta(0)
                if before is None
                else min(FIRST_RETRY * 2 ** min(before.attempts - 1, 10), LAST_RETRY)
            )
            due = now if before is None else before.at + pause
            if due > now:
                again.append(due)
                continue
            ask = AskWithdrawal(plug=plug, command=self._new_id(), at=now)
            envelopes.append(CommandEnvelope(smart_charging, charge_point, ask))
        return Plan(envelopes, min(again, default=None))

    async def _tree(self, root: str) -> ZoneTree | None:
        tree = await zone_tree(self._application, root)
        return tree if tree is not None and tree.zones[tree.root].enabled else None

    async def _chargers(self, tree: ZoneTree) -> Sequence[_Known]:
        keys = [charger.charge_point for _, charger in tree.chargers()]
        for decider in (smart_charging, charge_points, maintenance):
            await self._application.recall(decider, keys)
        found = [await self._charger(name, charger, tree) for name, charger in tree.chargers()]
        return [each for each in found if each is not None]

    async def _charger(self, zone: str, charger: ZoneCharger, tree: ZoneTree) -> _Known | None:
        key = charger.charge_point
        state = await self._application.state(smart_charging, key)
        if not isinstance(state, SmartCharging) or state.zone != zone:
            return None
        registered = known(await self._application.state(charge_points, key))
        first = frozenset(
            folded(token) for name in tree.chain(zone) for token in tree.zones[name].settings.first_tokens
        )
        plugs = tuple(self._plug(key, wiring, registered, first) for wiring in state.plugs)
        now = ChargerNow(
            zone,
            key,
            state,
            plugs,
            online=registered is not None and _reachable(registered),
            priority=charger.priority,
        )
        return _Known(now, registered)

    def _plug(
        self, key: str, wiring: PlugWiring, charger: Registered | None, first: frozenset[str]
    ) -> PlugNow:
        transaction = None if charger is None else charger.open_on(wiring.plug)
        if transaction is None:
            return PlugNow(wiring)
        opened = transaction.opened
        car = CarNow(opened.session, opened.transaction, transaction.began, folded(opened.token) in first)
        return PlugNow(
            wiring,
            car,
            self._measurements.draw(key, wiring.plug, opened.session),
            self._measurements.taking(key, wiring.plug),
        )

    def _asked(self, ask: Ask, now: datetime) -> CommandEnvelope:
        command = self._new_id()
        if ask.plug == FALLBACK:
            return CommandEnvelope(smart_charging, ask.charge_point, AskFallback(command=command, at=now))
        return CommandEnvelope(
            smart_charging,
            ask.charge_point,
            AskLimit(
                zone=ask.zone,
                plug=ask.plug,
                session=ask.session,
                transaction=ask.transaction,
                limit_ma=ask.limit_ma,
                command=command,
                at=now,
            ),
        )


def _reachable(charger: Registered) -> bool:
    """Whether commands reach it: it is connected, and not told to wait at its boot."""
    return charger.online and not charger.waits and not charger.removed


def _to_note(each: _Known, now: datetime) -> list[CommandEnvelope]:
    charger, state = each.now, each.now.state
    envelopes = _lapsed(state, each.charger, now)
    booted = None if each.charger is None else each.charger.booted_at
    if booted is not None and booted > (state.doubted_at or state.joined_at):
        envelopes.append(CommandEnvelope(smart_charging, charger.charge_point, DoubtLimits(at=booted)))
    for plug in charger.plugs:
        exceeding = charger.exceeding_ma(plug, now)
        if (exceeding is None) != (charger.limit(plug).exceeded_ma is None):
            measured = NoteMeasured(
                plug=plug.wiring.plug,
                measured_ma=exceeding or 0,
                exceeded=exceeding is not None,
                at=now,
            )
            envelopes.append(CommandEnvelope(smart_charging, charger.charge_point, measured))
    return envelopes


def _lapsed(state: SmartCharging, charger: Registered | None, now: datetime) -> list[CommandEnvelope]:
    """The ends of limits whose sessions are over.

    A session that is only presumed to be over may still draw: its limit counts until the plug is free, or
    until another one begins.
    """
    if charger is None:
        return []
    envelopes = []
    for plug, limit in state.limits.items():
        if plug == FALLBACK:
            continue
        transaction = next((t for t in charger.transactions if t.opened.session == limit.session), None)
        if _is_over(transaction, charger, plug, limit.session):
            lapse = LapseLimit(plug=plug, session=limit.session, at=now)
            envelopes.append(CommandEnvelope(smart_charging, state.charge_point, lapse))
    return envelopes


def _is_over(transaction: Transaction | None, charger: Registered, plug: int, session: str) -> bool:
    present = charger.open_on(plug)
    if present is not None:
        return present.opened.session != session
    status = charger.plugs.get(plug)
    free = status is not None and status.status is ConnectorStatus.AVAILABLE
    return transaction is None or transaction.closed == "final" or free
