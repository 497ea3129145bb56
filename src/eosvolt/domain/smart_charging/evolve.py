"""How events change what is known of a charger's limits."""

from typing import assert_never

import msgspec

from eosvolt.domain.smart_charging.events import (
    LimitAsked,
    LimitConfirmed,
    LimitExceeded,
    LimitExpired,
    LimitKept,
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
    REACTS_WITHIN,
    FormerLimit,
    LimitWithdrawal,
    NotBalanced,
    Outstanding,
    PlugLimit,
    SmartCharging,
    SmartChargingState,
    limit_of,
)

change = msgspec.structs.replace


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
        case LimitExpired(plug=plug):
            return change(state, limits={k: v for k, v in state.limits.items() if k != plug})
        case LimitsDoubted(at=at):
            doubted = {number: change(limit, doubted=True) for number, limit in state.limits.items()}
            return change(state, limits=doubted, doubted_at=at)
        case WithdrawalAsked(plug=plug):
            before = state.withdrawals.get(plug)
            asked = LimitWithdrawal(
                event.command, event.at, attempts=1 if before is None else before.attempts + 1
            )
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
    known = limit_of(state, event.plug, event.session)
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
    followed = tuple(each for each in known.former if each.until > event.at - REACTS_WITHIN)
    confirmed = change(
        known,
        former=(*followed, FormerLimit(known.in_force_ma, event.at)),
        in_force_ma=event.limit_ma,
        confirmed_at=event.at,
        since=known.since if known.in_force_ma == event.limit_ma else event.at,
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
