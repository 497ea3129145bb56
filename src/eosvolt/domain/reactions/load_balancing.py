"""What follows for load balancing: limits go out as commands, and their outcomes come back to the charger.

A limit of a session is a TxProfile, the fallback a TxDefaultProfile of the whole charger, both in amperes for
each phase (OCPP 1.6 §3.13, §5.16). They have ids of their own, by which they are withdrawn (§5.5).
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import ChargePointRemoved
from eosvolt.domain.charge_points.state import Registered, known
from eosvolt.domain.commands.commands import RequestCommand
from eosvolt.domain.commands.decider import NoCommand, Queued, Sent, charger_commands
from eosvolt.domain.commands.events import (
    CommandAnswered,
    CommandExpired,
    CommandFailed,
    CommandRequested,
    CommandSent,
    CommandTimedOut,
)
from eosvolt.domain.explanations import Why, because
from eosvolt.domain.faults.events import FaultKind, Severity
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.reactions.faults import found, over
from eosvolt.domain.reactions.reaction import Need, ReactionContext
from eosvolt.domain.smart_charging.commands import (
    NoteLimitAnswer,
    NoteLimitSent,
    NoteLimitUndelivered,
)
from eosvolt.domain.smart_charging.decider import smart_charging
from eosvolt.domain.smart_charging.events import (
    FALLBACK,
    LimitAsked,
    LimitExceeded,
    LimitKept,
    WithdrawalAsked,
)
from eosvolt.domain.smart_charging.state import SmartCharging
from eosvolt.domain.zones.commands import RemoveZoneCharger
from eosvolt.domain.zones.decider import zones
from eosvolt.domain.zones.limits import LOAD_BALANCING

LIMIT_EXCEEDED = "LimitExceeded"
# A limit that could not be sent in so long is decided again.
EXPIRES_IN = timedelta(seconds=30)
# The id of the fallback's profile; those of plugs are higher by the plug's number.
FIRST_PROFILE = 2_100_000_000
_THREE_PHASES = 3
_LEVELS = "ChargeProfileMaxStackLevel"

Ended = CommandFailed | CommandTimedOut | CommandExpired


def needs_upkeep(event: LimitAsked, _context: ReactionContext) -> Iterable[Need]:
    """The charger's settings: they say which stack levels it has."""
    yield Need(maintenance, event.charge_point)


def send_limit(event: LimitAsked, context: ReactionContext) -> list[CommandEnvelope]:
    """The command that carries a limit. Its level is the highest, so that it goes before others."""
    level = context.other(maintenance, event.charge_point).settings.number(_LEVELS) or 0
    period: dict[str, Any] = {"startPeriod": 0, "limit": event.limit_ma / 1000}
    if event.phases != _THREE_PHASES:
        period["numberPhases"] = event.phases
    profile: dict[str, Any] = {
        "chargingProfileId": FIRST_PROFILE + event.plug,
        "stackLevel": level,
        "chargingProfilePurpose": "TxDefaultProfile" if event.plug == FALLBACK else "TxProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": {"chargingRateUnit": "A", "chargingSchedulePeriod": [period]},
    }
    if event.plug != FALLBACK:
        profile["transactionId"] = event.transaction
    return [_command(event, "setChargingProfile", {"plug": event.plug, "chargingProfile": profile})]


def withdraw_limit(event: WithdrawalAsked, _context: ReactionContext) -> list[CommandEnvelope]:
    """The command that takes a limit of the zone away."""
    return [_command(event, "clearChargingProfile", {"id": FIRST_PROFILE + event.plug})]


def limit_sent(event: CommandSent, context: ReactionContext) -> list[CommandEnvelope]:
    """The connection took a limit."""
    request = _own(context)
    if request is None:
        return []
    noted = NoteLimitSent(command=request.command, at=event.at)
    return [CommandEnvelope(smart_charging, request.charge_point, noted)]


def limit_answered(event: CommandAnswered, context: ReactionContext) -> list[CommandEnvelope]:
    """The charger answered a limit, in time or late.

    Of a limit that was sent twice a refusal says nothing about the first time.
    """
    request = _own(context)
    if request is None:
        return []
    before = context.before
    status = str(event.response.get("status", ""))
    if not event.accepted and isinstance(before, Sent | Queued) and _sent_before(before):
        unsure = NoteLimitUndelivered(command=request.command, sent=True, at=event.at)
        return [CommandEnvelope(smart_charging, request.charge_point, unsure)]
    noted = NoteLimitAnswer(command=request.command, accepted=event.accepted, at=event.at, status=status)
    return [CommandEnvelope(smart_charging, request.charge_point, noted)]


def limit_undelivered(event: Ended, context: ReactionContext) -> list[CommandEnvelope]:
    """There is no answer; the charger may have the limit if it was ever sent."""
    request = _own(context)
    if request is None:
        return []
    before = context.before
    sent = isinstance(before, Sent) or (isinstance(before, Queued) and before.attempts > 0)
    why = event.explanation if isinstance(event, CommandFailed) else None
    noted = NoteLimitUndelivered(command=request.command, sent=sent, at=event.at, explanation=why)
    return [CommandEnvelope(smart_charging, request.charge_point, noted)]


def needs_limited_charger(event: LimitExceeded | LimitKept, _context: ReactionContext) -> Iterable[Need]:
    """The charger itself."""
    yield Need(charge_points, event.charge_point)


def limit_exceeded(event: LimitExceeded, context: ReactionContext) -> list[CommandEnvelope]:
    """A plug that draws more than its limit is a fault."""
    charger = _charger(event.charge_point, context)
    if charger is None:
        return []
    why = because(
        Why.LIMIT_EXCEEDED, limit_a=f"{event.limit_ma / 1000:g}", measured_a=f"{event.measured_ma / 1000:g}"
    )
    return [
        found(
            charger,
            event.plug,
            FaultKind.POWER,
            LIMIT_EXCEEDED,
            event.at,
            why,
            severity=Severity.WARNING,
        )
    ]


def limit_kept(event: LimitKept, context: ReactionContext) -> list[CommandEnvelope]:
    """It keeps its limit again, or has none any more."""
    charger = _charger(event.charge_point, context)
    return [] if charger is None else [over(charger, event.plug, LIMIT_EXCEEDED, event.at)]


def needs_limits(_event: ChargePointRemoved, context: ReactionContext) -> Iterable[Need]:
    """The limits of the charger, which say in which zone it is."""
    yield Need(smart_charging, context.key)


def leave_zone(event: ChargePointRemoved, context: ReactionContext) -> list[CommandEnvelope]:
    """A charger that is used no more belongs to no zone."""
    state = context.other(smart_charging, context.key)
    if not isinstance(state, SmartCharging) or not state.zone:
        return []
    gone = RemoveZoneCharger(charge_point=context.key, at=event.at)
    return [CommandEnvelope(zones, state.zone, gone)]


def _sent_before(state: Sent | Queued) -> bool:
    return state.attempt > 1 if isinstance(state, Sent) else state.attempts > 1


def _command(event: LimitAsked | WithdrawalAsked, action: str, payload: dict[str, Any]) -> CommandEnvelope:
    request = RequestCommand(
        command=event.command,
        company=event.company,
        charge_point=event.charge_point,
        action=action,
        payload=payload,
        by=LOAD_BALANCING,
        at=event.at,
        expires_at=event.at + EXPIRES_IN,
    )
    return CommandEnvelope(charger_commands, event.command, request)


def _own(context: ReactionContext) -> CommandRequested | None:
    """The request of a command of load balancing; ``None`` for one of anybody else."""
    state = context.after
    if isinstance(state, NoCommand) or state.request.by != LOAD_BALANCING:
        return None
    request: CommandRequested = state.request
    return request


def _charger(charge_point: str, context: ReactionContext) -> Registered | None:
    return known(context.other(charge_points, charge_point))
