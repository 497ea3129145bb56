"""The rules of a charger's limits: what was asked, sent, confirmed, and what may be so.

A charger carries out what it gets in the order in which it was sent. So a confirmed limit stands in place of
all that were asked for before it, and an answer that comes late about an older one changes nothing.
"""

from collections.abc import Sequence
from typing import assert_never

from eosvolt.domain.kernel import Decider, Rejected
from eosvolt.domain.smart_charging.commands import (
    AskFallback,
    AskLimit,
    AskWithdrawal,
    ChangeSmartCharging,
    DoubtLimits,
    ExpireLimit,
    JoinZone,
    LeaveZone,
    NoteLimitAnswer,
    NoteLimitSent,
    NoteLimitUndelivered,
    NoteMeasured,
    SmartChargingCommand,
)
from eosvolt.domain.smart_charging.events import (
    FALLBACK,
    LimitAsked,
    LimitExceeded,
    LimitExpired,
    LimitsDoubted,
    SmartChargingChanged,
    SmartChargingEvent,
    WithdrawalAsked,
    ZoneJoined,
    ZoneLeft,
)
from eosvolt.domain.smart_charging.evolve import evolve
from eosvolt.domain.smart_charging.outcomes import kept_again, outcome
from eosvolt.domain.smart_charging.state import (
    NotBalanced,
    PlugLimit,
    SmartCharging,
    SmartChargingState,
    limit_of,
)


def decide(command: SmartChargingCommand, state: SmartChargingState) -> Sequence[SmartChargingEvent]:
    """What happens. Raises ``Rejected`` for a charger that belongs to another zone."""
    match command, state:
        case JoinZone(), NotBalanced() | SmartCharging(zone=""):
            return [_joined(command)]
        case JoinZone(zone=zone), SmartCharging():
            if state.zone != zone:
                raise Rejected("The charger is in another zone already.")
            again = ChangeSmartCharging(
                zone=zone,
                fallback_ma=command.fallback_ma,
                following=command.following,
                at=command.at,
                plugs=command.plugs,
            )
            return _changed(again, state)
        case _, SmartCharging():
            return _decide_known(command, state)
        case _:
            return []


def _decide_known(command: SmartChargingCommand, state: SmartCharging) -> Sequence[SmartChargingEvent]:
    match command:
        case JoinZone():
            return []
        case ChangeSmartCharging():
            return _changed(command, state)
        case LeaveZone(zone=zone, at=at):
            left = ZoneLeft(company=state.company, charge_point=state.charge_point, zone=zone, at=at)
            return [left] if zone == state.zone else []
        case AskLimit() | AskFallback():
            return _asked(command, state)
        case NoteLimitSent() | NoteLimitAnswer() | NoteLimitUndelivered():
            return outcome(command, state)
        case ExpireLimit(plug=plug, session=session, at=at):
            limit = state.limits.get(plug)
            if plug == FALLBACK or limit is None or limit.session != session:
                return []
            expired = LimitExpired(
                company=state.company, charge_point=state.charge_point, plug=plug, session=session, at=at
            )
            return [*kept_again(state, plug, at), expired]
        case DoubtLimits(at=at):
            if state.doubted_at is not None and at <= state.doubted_at:
                return []
            return [LimitsDoubted(company=state.company, charge_point=state.charge_point, at=at)]
        case AskWithdrawal():
            return _withdrawn(command, state)
        case NoteMeasured():
            return _measured(command, state)
        case _:
            assert_never(command)


def _joined(command: JoinZone) -> ZoneJoined:
    return ZoneJoined(
        company=command.company,
        charge_point=command.charge_point,
        zone=command.zone,
        plugs=command.plugs,
        fallback_ma=command.fallback_ma,
        at=command.at,
        following=command.following,
    )


def _changed(command: ChangeSmartCharging, state: SmartCharging) -> Sequence[SmartChargingEvent]:
    plugs = state.plugs if command.plugs is None else command.plugs
    wanted = (plugs, command.fallback_ma, command.following)
    if command.zone != state.zone or wanted == (state.plugs, state.fallback_ma, state.following):
        return []
    return [
        SmartChargingChanged(
            company=state.company,
            charge_point=state.charge_point,
            zone=state.zone,
            plugs=plugs,
            fallback_ma=command.fallback_ma,
            at=command.at,
            following=command.following,
        )
    ]


def _asked(command: AskLimit | AskFallback, state: SmartCharging) -> Sequence[SmartChargingEvent]:
    if not state.following or any(
        each.command == command.command for limit in state.limits.values() for each in limit.outstanding
    ):
        return []
    if isinstance(command, AskFallback):
        plug, session, transaction, limit_ma = FALLBACK, "", 0, state.fallback_ma
        phases = max((each.phases for each in state.plugs), default=3)
    else:
        wiring = state.wiring(command.plug)
        if command.zone != state.zone:
            return []
        plug, session, transaction = command.plug, command.session, command.transaction
        limit_ma, phases = command.limit_ma, 3 if wiring is None else wiring.phases
    known = limit_of(state, plug, session)
    pending = known.pending
    if pending is not None and pending.limit_ma == limit_ma:
        return []
    before = known.in_force_ma
    return [
        LimitAsked(
            company=state.company,
            charge_point=state.charge_point,
            zone=state.zone,
            plug=plug,
            limit_ma=limit_ma,
            command=command.command,
            sequence=state.sequence + 1,
            at=command.at,
            session=session,
            transaction=transaction,
            phases=phases,
            before_ma=before,
            lowers=_lowers(state, known, limit_ma),
        )
    ]


def _withdrawn(command: AskWithdrawal, state: SmartCharging) -> Sequence[SmartChargingEvent]:
    under_way = state.withdrawals.get(command.plug)
    if command.plug not in state.owed or (under_way is not None and not under_way.outcome):
        return []
    return [
        WithdrawalAsked(
            company=state.company,
            charge_point=state.charge_point,
            zone=state.zone,
            command=command.command,
            at=command.at,
            plug=command.plug,
        )
    ]


def _measured(command: NoteMeasured, state: SmartCharging) -> Sequence[SmartChargingEvent]:
    limit = state.limits.get(command.plug)
    if limit is None or limit.in_force_ma is None:
        return []
    if not command.exceeded:
        return kept_again(state, command.plug, command.at)
    if limit.exceeded_ma is not None:
        return []
    return [
        LimitExceeded(
            company=state.company,
            charge_point=state.charge_point,
            plug=command.plug,
            limit_ma=limit.in_force_ma,
            measured_ma=command.measured_ma,
            at=command.at,
        )
    ]


def _lowers(state: SmartCharging, known: PlugLimit, limit_ma: int) -> bool:
    """Whether a limit is less than any that may be in force now."""
    in_force = known.in_force_ma
    if in_force is None and FALLBACK in state.limits:
        in_force = state.limits[FALLBACK].in_force_ma
    return in_force is None or limit_ma < max((in_force, *(each.limit_ma for each in known.outstanding)))


smart_charging: Decider[SmartChargingCommand, SmartChargingState, SmartChargingEvent] = Decider(
    "smart-charging", NotBalanced(), decide, evolve
)
