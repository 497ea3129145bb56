"""What the outcome of a command says of the limit that it carried, or of its withdrawal."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from eosvolt.domain.smart_charging.commands import NoteLimitAnswer, NoteLimitSent, NoteLimitUndelivered
from eosvolt.domain.smart_charging.events import (
    LimitConfirmed,
    LimitKept,
    LimitNotSent,
    LimitRefused,
    LimitSent,
    LimitUnanswered,
    SmartChargingEvent,
    WithdrawalConfirmed,
    WithdrawalFailed,
)
from eosvolt.domain.smart_charging.state import LimitWithdrawal, Outstanding, SmartCharging


def outcome(
    command: NoteLimitSent | NoteLimitAnswer | NoteLimitUndelivered, state: SmartCharging
) -> Sequence[SmartChargingEvent]:
    """What happens to the limit or the withdrawal of a command; nothing for one that is not known."""
    for plug, limit in state.limits.items():
        for each in limit.outstanding:
            if each.command == command.command:
                return _limit_outcome(command, state, plug, each)
    for plug, withdrawal in state.withdrawals.items():
        if withdrawal.command == command.command:
            return _withdrawal_outcome(command, state, plug, withdrawal)
    return []


def kept_again(state: SmartCharging, plug: int, at: datetime) -> Sequence[SmartChargingEvent]:
    """A limit that was exceeded is so no more: it is kept, or is no limit any more."""
    limit = state.limits.get(plug)
    if limit is None or limit.exceeded_ma is None:
        return []
    return [LimitKept(company=state.company, charge_point=state.charge_point, plug=plug, at=at)]


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
    withdrawal: LimitWithdrawal,
) -> Sequence[SmartChargingEvent]:
    company, key, at = state.company, state.charge_point, command.at
    match command:
        case NoteLimitSent():
            return []
        case NoteLimitAnswer(accepted=True):
            confirmed = WithdrawalConfirmed(
                company=company, charge_point=key, command=withdrawal.command, at=at, plug=plug
            )
            return [*kept_again(state, plug, at), confirmed]
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
