"""What the outcome of a command says of the limit that it carried, or of its withdrawal."""

from collections.abc import Sequence
from typing import assert_never

from eosvolt.domain.smart_charging.commands import NoteLimitAnswer, NoteLimitSent, NoteLimitUndelivered
from eosvolt.domain.smart_charging.events import (
    LimitConfirmed,
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
