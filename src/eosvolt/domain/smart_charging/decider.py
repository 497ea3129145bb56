"""The rules of a charger's limits: what was asked, sent, confirmed, and what may be so.

A charger carries out what it gets in the order in which it was sent. So a confirmed limit stands in place of
all that were asked for before it, and an answer that comes late about an older one changes nothing.
"""

from collections.abc import Sequence
from typing import assert_never

import msgspec

from eosvolt.domain.kernel import Decider, Rejected
from eosvolt.domain.smart_charging.commands import (
    AskFallback,
    AskLimit,
    AskWithdrawal,
    ChangeSmartCharging,
    DoubtLimits,
    JoinZone,
    LapseLimit,
    LeaveZone,
    NoteLimitAnswer,
    NoteLimitSent,
    NoteLimitUndelivered,
    NoteMeasured,
    SmartChargingCommand,
)
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
    SmartChargingEvent,
    WithdrawalAsked,
    WithdrawalConfirmed,
    WithdrawalFailed,
    ZoneJoined,
    ZoneLeft,
)
from eosvolt.domain.smart_charging.state import (
    FALLBACK,
    NotBalanced,
    Outstanding,
    PlugLimit,
    SmartCharging,
    SmartChargingState,
    Withdrawal,
)

change = msgspec.structs.replace


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
            return _outcome(command, state)
        case LapseLimit(plug=plug, session=session, at=at):
            limit = state.limits.get(plug)
            if plug == FALLBACK or limit is None or limit.session != session:
                return []
            return [
                LimitLapsed(
                    company=state.company, charge_point=state.charge_point, plug=plug, session=session, at=at
                )
            ]
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
        if command.zone != state.zone or wiring is None:
            return []
        plug, session, transaction = command.plug, command.session, command.transaction
        limit_ma, phases = command.limit_ma, wiring.phases
    known = _limit_of(state, plug, session)
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


def _outcome(
    command: NoteLimitSent | NoteLimitAnswer | NoteLimitUndelivered, state: SmartCharging
) -> Sequence[SmartChargingEvent]:
    for plug, limit in state.limits.items():
        for each in limit.outstanding:
            if each.command == command.command:
                return _limit_outcome(command, state, plug, each)
    for plug, withdrawal in state.withdrawals.items():
        if withdrawal.command == command.command:
            return _withdrawal_outcome(command, state, plug, withdrawal)
    return []


def _limit_outcome(
    command: NoteLimitSent | NoteLimitAnswer | NoteLimitUndelivered,
    state: SmartCharging,
    plug: int,
    asked: Outstanding,
) -> Sequence[SmartChargingEvent]:
    company, key, at = state.company, state.charge_point, command.at
    match command:
        case NoteLimitSent():
            sent = LimitSent(company=company, charge_point=key, plug=plug, command=asked.command, at=at)
            return [] if asked.sent else [sent]
        case NoteLimitAnswer(accepted=True):
            return [
                LimitConfirmed(
                    company=company,
                    charge_point=key,
                    plug=plug,
                    limit_ma=asked.limit_ma,
                    command=asked.command,
                    at=at,
                )
            ]
        case NoteLimitAnswer(status=status):
            return [
                LimitRefused(
                    company=company,
                    charge_point=key,
                    plug=plug,
                    limit_ma=asked.limit_ma,
                    command=asked.command,
                    at=at,
                    status=status,
                    refusals=state.limits[plug].refusals + 1,
                )
            ]
        case NoteLimitUndelivered(sent=sent_before, explanation=explanation):
            kind = LimitUnanswered if sent_before or asked.sent else LimitNotSent
            if asked.over:
                return []
            return [
                kind(
                    company=company,
                    charge_point=key,
                    plug=plug,
                    limit_ma=asked.limit_ma,
                    command=asked.command,
                    at=at,
                    explanation=explanation,
                )
            ]
        case _:
            assert_never(command)


def _withdrawal_outcome(
    command: NoteLimitSent | NoteLimitAnswer | NoteLimitUndelivered,
    state: SmartCharging,
    plug: int,
    withdrawal: Withdrawal,
) -> Sequence[SmartChargingEvent]:
    company, key, at = state.company, state.charge_point, command.at
    match command:
        case NoteLimitSent():
            return []
        case NoteLimitAnswer(accepted=True):
            return [
                WithdrawalConfirmed(
                    company=company, charge_point=key, command=withdrawal.command, at=at, plug=plug
                )
            ]
        case NoteLimitAnswer(status=status):
            outcome, explanation = "refused", None
        case NoteLimitUndelivered(sent=sent, explanation=explanation):
            outcome, status = "unanswered" if sent else "notSent", ""
        case _:
            assert_never(command)
    if withdrawal.outcome == outcome:
        return []
    return [
        WithdrawalFailed(
            company=company,
            charge_point=key,
            command=withdrawal.command,
            at=at,
            outcome=outcome,
            plug=plug,
            status=status,
            explanation=explanation,
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
        kept = LimitKept(
            company=state.company, charge_point=state.charge_point, plug=command.plug, at=command.at
        )
        return [] if limit.exceeded_ma is None else [kept]
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


def _limit_of(state: SmartCharging, plug: int, session: str) -> PlugLimit:
    """The limit of a session on a plug; nothing where the limit there is another session's."""
    known = state.limits.get(plug)
    return PlugLimit(session=session) if known is None or known.session != session else known


def evolve(state: SmartChargingState, event: SmartChargingEvent) -> SmartChargingState:
    """The charger's limits after ``event``."""
    if isinstance(event, ZoneJoined):
        return _after_joining(state, event)
    if isinstance(state, NotBalanced):
        return state
    match event:
        case SmartChargingChanged():
            return change(state, plugs=event.plugs, fallback_ma=event.fallback_ma, following=event.following)
        case ZoneLeft():
            return change(state, zone="", following=False)
        case LimitAsked():
            return _after_asking(state, event)
        case LimitSent(plug=plug, command=command):
            return _with(state, plug, command, sent=True)
        case LimitUnanswered(plug=plug, command=command):
            return _with(state, plug, command, sent=True, over=True)
        case LimitConfirmed():
            return _after_confirming(state, event)
        case LimitRefused(plug=plug, command=command):
            known = _without(state.limits.get(plug, PlugLimit()), command)
            refused = change(known, refusals=event.refusals, refused_at=event.at)
            return change(state, limits={**state.limits, plug: refused})
        case LimitNotSent(plug=plug, command=command):
            known = _without(state.limits.get(plug, PlugLimit()), command)
            return change(state, limits={**state.limits, plug: known})
        case LimitLapsed(plug=plug):
            return change(state, limits={k: v for k, v in state.limits.items() if k != plug})
        case LimitsDoubted(at=at):
            doubted = {number: change(limit, doubted=True) for number, limit in state.limits.items()}
            return change(state, limits=doubted, doubted_at=at)
        case WithdrawalAsked(plug=plug):
            before = state.withdrawals.get(plug)
            asked = Withdrawal(event.command, event.at, attempts=1 if before is None else before.attempts + 1)
            return change(state, withdrawals={**state.withdrawals, plug: asked})
        case WithdrawalConfirmed(plug=plug):
            return change(
                state,
                limits={k: v for k, v in state.limits.items() if k != plug},
                withdrawals={k: v for k, v in state.withdrawals.items() if k != plug},
            )
        case WithdrawalFailed(plug=plug):
            failed = change(state.withdrawals[plug], outcome=event.outcome, at=event.at)
            return change(state, withdrawals={**state.withdrawals, plug: failed})
        case LimitExceeded(plug=plug):
            return _exceeded(state, plug, event.measured_ma)
        case LimitKept(plug=plug):
            return _exceeded(state, plug, None)
        case _:
            assert_never(event)


def _after_joining(state: SmartChargingState, event: ZoneJoined) -> SmartCharging:
    joined = SmartCharging(
        company=event.company,
        charge_point=event.charge_point,
        zone=event.zone,
        plugs=event.plugs,
        fallback_ma=event.fallback_ma,
        following=event.following,
        joined_at=event.at,
    )
    if isinstance(state, NotBalanced):
        return joined
    # Limits that were not withdrawn are still there.
    return change(
        joined,
        limits=state.limits,
        withdrawals=state.withdrawals,
        sequence=state.sequence,
        asked_at=state.asked_at,
        doubted_at=state.doubted_at,
    )


def _after_asking(state: SmartCharging, event: LimitAsked) -> SmartCharging:
    known = _limit_of(state, event.plug, event.session)
    asked = Outstanding(event.command, event.sequence, event.limit_ma, event.at)
    limit = change(known, transaction=event.transaction, outstanding=(*known.outstanding, asked))
    return change(
        state,
        limits={**state.limits, event.plug: limit},
        sequence=event.sequence,
        asked_at=state.asked_at if event.lowers else event.at,
    )


def _after_confirming(state: SmartCharging, event: LimitConfirmed) -> SmartCharging:
    known = state.limits.get(event.plug, PlugLimit())
    sequence = next((each.sequence for each in known.outstanding if each.command == event.command), 0)
    confirmed = change(
        known,
        in_force_ma=event.limit_ma,
        confirmed_at=event.at,
        outstanding=tuple(each for each in known.outstanding if each.sequence > sequence),
        doubted=False,
        refusals=0,
        refused_at=None,
    )
    # What is confirmed now was sent after any withdrawal.
    withdrawals = {k: v for k, v in state.withdrawals.items() if k != event.plug}
    return change(state, limits={**state.limits, event.plug: confirmed}, withdrawals=withdrawals)


def _with(
    state: SmartCharging, plug: int, command: str, *, sent: bool = False, over: bool = False
) -> SmartCharging:
    known = state.limits.get(plug)
    if known is None:
        return state
    outstanding = tuple(
        change(each, sent=each.sent or sent, over=each.over or over) if each.command == command else each
        for each in known.outstanding
    )
    return change(state, limits={**state.limits, plug: change(known, outstanding=outstanding)})


def _without(limit: PlugLimit, command: str) -> PlugLimit:
    return change(limit, outstanding=tuple(each for each in limit.outstanding if each.command != command))


def _exceeded(state: SmartCharging, plug: int, measured_ma: int | None) -> SmartCharging:
    known = state.limits.get(plug)
    if known is None:
        return state
    return change(state, limits={**state.limits, plug: change(known, exceeded_ma=measured_ma)})


smart_charging: Decider[SmartChargingCommand, SmartChargingState, SmartChargingEvent] = Decider(
    "smart-charging", NotBalanced(), decide, evolve
)
