"""Keeps what is known of chargers' limits true, and withdraws the limits of chargers that follow no zone."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from eosvolt.application.executor import Application, Plan
from eosvolt.application.ports import Clock
from eosvolt.application.zone_situation import is_reachable
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.charge_points.state import Registered, Transaction, known
from eosvolt.domain.kernel import CommandEnvelope, Provenance
from eosvolt.domain.load_balancing.situation import BalancedCharger
from eosvolt.domain.smart_charging.commands import AskWithdrawal, DoubtLimits, ExpireLimit, NoteMeasured
from eosvolt.domain.smart_charging.decider import smart_charging
from eosvolt.domain.smart_charging.events import FALLBACK
from eosvolt.domain.smart_charging.state import SmartCharging
from eosvolt.domain.zones.limits import LOAD_BALANCING

# A withdrawal that failed is tried again after so long; then after twice as long.
FIRST_RETRY, LAST_RETRY = timedelta(seconds=5), timedelta(minutes=10)


class LimitUpkeep:
    """What follows for chargers' limits from what happens to chargers and from time."""

    def __init__(self, application: Application, clock: Clock, new_id: Callable[[], str]) -> None:
        """``new_id`` makes ids of commands."""
        self._application = application
        self._clock = clock
        self._new_id = new_id

    async def note(self, chargers: Sequence[BalancedCharger], why: Provenance) -> None:
        """Record which sessions are over, which chargers have booted, and which limits are exceeded."""

        async def plan() -> Plan[None]:
            now, envelopes = self._clock.now(), []
            for each in chargers:
                registered = known(await self._application.state(charge_points, each.charge_point))
                envelopes += _to_note(each, registered, now)
            return Plan(envelopes, None)

        await self._application.perform(plan, why)

    async def withdraw(self, charge_point: str) -> datetime | None:
        """Withdraw the limits of a charger that follows no zone any more, as far as it is reached.

        Returns when to try again; ``None`` where nothing is left to be withdrawn, or the charger is away.
        """
        company = int(charge_point.partition("/")[0])
        why = Provenance(company, LOAD_BALANCING, f"smart-charging:{charge_point}")
        return await self._application.perform(lambda: self._withdrawing(charge_point), why)

    async def _withdrawing(self, charge_point: str) -> Plan[datetime | None]:
        state = await self._application.state(smart_charging, charge_point)
        charger = known(await self._application.state(charge_points, charge_point))
        if not isinstance(state, SmartCharging) or not state.owed:
            return Plan((), None)
        now = self._clock.now()
        envelopes = _expired(state, charger, now)
        if charger is None or not is_reachable(charger):
            return Plan(envelopes, None)
        again: list[datetime] = []
        for plug in state.owed:
            due = _due(state, plug, now)
            if due is None:
                continue
            if due > now:
                again.append(due)
                continue
            ask = AskWithdrawal(plug=plug, command=self._new_id(), at=now)
            envelopes.append(CommandEnvelope(smart_charging, charge_point, ask))
        return Plan(envelopes, min(again, default=None))


def _due(state: SmartCharging, plug: int, now: datetime) -> datetime | None:
    """When a withdrawal is to be asked for; ``None`` while an answer is waited for."""
    before = state.withdrawals.get(plug)
    if before is None:
        return now
    if not before.outcome:
        return None
    pause: timedelta = min(FIRST_RETRY * 2 ** min(before.attempts - 1, 10), LAST_RETRY)
    return before.at + pause


def _to_note(charger: BalancedCharger, registered: Registered | None, now: datetime) -> list[CommandEnvelope]:
    state = charger.state
    envelopes = _expired(state, registered, now)
    booted = None if registered is None else registered.booted_at
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


def _expired(state: SmartCharging, charger: Registered | None, now: datetime) -> list[CommandEnvelope]:
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
            expire = ExpireLimit(plug=plug, session=limit.session, at=now)
            envelopes.append(CommandEnvelope(smart_charging, state.charge_point, expire))
    return envelopes


def _is_over(transaction: Transaction | None, charger: Registered, plug: int, session: str) -> bool:
    present = charger.open_on(plug)
    if present is not None:
        return present.opened.session != session
    status = charger.plugs.get(plug)
    free = status is not None and status.status is ConnectorStatus.AVAILABLE
    return transaction is None or transaction.closed == "final" or free
