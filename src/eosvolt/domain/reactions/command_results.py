"""What follows when a command was sent or has its outcome.

What is then known of the charger, a start that is to be expected, a fault, and a boot that we asked for.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from eosvolt.domain.charge_points.commands import AddPendingStart, AskForBoot, ReachStartDeadline
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.state import Registered, Transaction, known
from eosvolt.domain.commands.catalogue import KINDS
from eosvolt.domain.commands.command_kind import Completion
from eosvolt.domain.commands.commands import ConfirmEffect, NoteFailure
from eosvolt.domain.commands.decider import NoCommand, charger_commands
from eosvolt.domain.commands.events import (
    CommandAnswered,
    CommandEvent,
    CommandExpired,
    CommandFailed,
    CommandHadNoEffect,
    CommandRequested,
    CommandSent,
    CommandTimedOut,
)
from eosvolt.domain.explanations import Explanation, Why, because
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import PasswordRotated, UploadProgressed
from eosvolt.domain.maintenance.uploads import ACCEPTED, REJECTED
from eosvolt.domain.reactions.faults import stop_not_obeyed
from eosvolt.domain.reactions.faults_commands import after_outcome, asks_for_boot
from eosvolt.domain.reactions.maintenance import after_answer
from eosvolt.domain.reactions.reaction import Need, ReactionContext
from eosvolt.domain.reactions.security import after_security_answer
from eosvolt.domain.reactions.session_end import IDLE_STOP
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.state import Charging
from eosvolt.domain.tokens.uid import folded

# ConnectionTimeOut of most chargers (60 to 120 s) where it did not tell us its own, and some room.
CONNECTION_TIME_OUT = timedelta(seconds=120)
ROOM = timedelta(seconds=30)
# A charger that starts anew connects anew; what it is asked to say it says over the same connection.
BOOT_COMES_WITHIN = timedelta(minutes=10)
_UPLOADS = frozenset({Completion.DIAGNOSTICS, Completion.LOG})

CommandOutcome = CommandAnswered | CommandFailed | CommandTimedOut | CommandExpired


def sent(event: CommandSent, context: ReactionContext) -> list[CommandEnvelope]:
    """The boot notification that it asks for is no start."""
    request = _request(context)
    if request is None or not asks_for_boot(request):
        return []
    ask = AskForBoot(at=event.at, until=event.at + BOOT_COMES_WITHIN)
    return [CommandEnvelope(charge_points, request.charge_point, ask)]


def needs_asked_charger(
    _event: CommandOutcome | CommandHadNoEffect, context: ReactionContext
) -> Iterable[Need]:
    """The charger that was asked."""
    request = _request(context)
    if request is not None:
        yield Need(charge_points, request.charge_point)


def needs_of_answer(event: CommandAnswered, context: ReactionContext) -> Iterable[Need]:
    """The charger with its upkeep; for a remote start also the sessions that may have come of it already."""
    yield from needs_asked_charger(event, context)
    request = _request(context)
    if request is None:
        return
    yield Need(maintenance, request.charge_point)
    charger = _charger(request, context)
    if request.action == "remoteStart" and event.accepted and charger is not None:
        yield from (Need(sessions, each.opened.session) for each in _possible_effects(request, charger))


def answered(event: CommandAnswered, context: ReactionContext) -> list[CommandEnvelope]:
    """What the charger is like from now on, what to expect of it, and which faults the answer tells."""
    request = _request(context)
    if request is None:
        return []
    charger, response = _charger(request, context), event.response
    envelopes = [
        *after_answer(request, accepted=event.accepted, response=response, at=event.at),
        *after_security_answer(request, accepted=event.accepted, response=response, at=event.at),
    ]
    if event.accepted and request.action == "remoteStart" and charger is not None:
        envelopes.append(_expected(event, request, charger, context))
    return [*envelopes, *ended(event, context), *_uploading(event, request, context)]


def ended(event: CommandOutcome, context: ReactionContext) -> list[CommandEnvelope]:
    """Which faults the outcome tells, and what became of a new password."""
    request = _request(context)
    if request is None:
        return []
    charger, lost = _charger(request, context), _lost(context)
    envelopes = [] if charger is None else after_outcome(charger, request, event, lost=lost)
    rotated = _rotated(event, lost=lost) if request.action == "rotatePassword" else ""
    if rotated:
        noted = RecordDeviceEvent(event=PasswordRotated(at=event.at, outcome=rotated))
        envelopes.append(CommandEnvelope(maintenance, request.charge_point, noted))
    failure = _stop_failure(event) if request.by == IDLE_STOP else None
    if failure is not None and charger is not None:
        number = request.payload.get("transaction")
        opened = (each.opened for each in charger.transactions if each.opened.transaction == number)
        connector = next((each.connector for each in opened), 0)
        envelopes.append(stop_not_obeyed(charger, connector, event.at, failure[0], text=failure[1]))
    return envelopes


def had_no_effect(event: CommandHadNoEffect, context: ReactionContext) -> list[CommandEnvelope]:
    """Expire the remote start that is still pending for a command without effect."""
    request = _request(context)
    charger = None if request is None else _charger(request, context)
    if request is None or charger is None:
        return []
    over = any(each.command == request.command and each.until <= event.at for each in charger.pending_starts)
    return (
        [CommandEnvelope(charge_points, request.charge_point, ReachStartDeadline(at=event.at))]
        if over
        else []
    )


def _expected(
    event: CommandAnswered, request: CommandRequested, charger: Registered, context: ReactionContext
) -> CommandEnvelope:
    """Wait for the session of an accepted remote start, unless it began before the answer came."""
    for transaction in _possible_effects(request, charger):
        session = context.other(sessions, transaction.opened.session)
        if isinstance(session, Charging) and session.start.received_at >= request.at:
            confirmation = ConfirmEffect(at=event.at, session=transaction.opened.session)
            return CommandEnvelope(charger_commands, request.command, confirmation)
    seconds = context.other(maintenance, request.charge_point).settings.number("ConnectionTimeOut")
    time_out = CONNECTION_TIME_OUT if seconds is None else timedelta(seconds=seconds)
    pending = AddPendingStart(
        command=request.command,
        connector=_plug(request.payload),
        token=folded(str(request.payload.get("token", ""))),
        until=event.at + time_out + ROOM,
    )
    return CommandEnvelope(charge_points, request.charge_point, pending)


def _possible_effects(request: CommandRequested, charger: Registered) -> list[Transaction]:
    """The open transactions of the token and plug that a remote start names."""
    token, plug = folded(str(request.payload.get("token", ""))), _plug(request.payload)
    return [
        each for each in charger.open() if each.opened.token == token and plug in {0, each.opened.connector}
    ]


def _uploading(
    event: CommandAnswered, request: CommandRequested, context: ReactionContext
) -> list[CommandEnvelope]:
    """The place for a file is waited for, or closed."""
    if request.action not in KINDS or KINDS[request.action].completion not in _UPLOADS:
        return []
    status = ACCEPTED if event.accepted else REJECTED
    uploads = context.other(maintenance, request.charge_point).uploads
    progressed = [
        UploadProgressed(at=event.at, status=status, upload=each.opened.upload)
        for each in uploads
        if each.opened.command == request.command
    ]
    return [
        CommandEnvelope(maintenance, request.charge_point, RecordDeviceEvent(event=each))
        for each in progressed
    ]


def _rotated(event: CommandEvent, *, lost: bool) -> str:
    """What became of a new password; empty where the charger never heard of it."""
    match event:
        case CommandAnswered(accepted=accepted):
            return "accepted" if accepted else "rejected"
        case CommandTimedOut():
            return "unanswered"
        case CommandFailed() if lost:
            return "unanswered"
        case _:
            return ""


def _stop_failure(event: CommandEvent) -> tuple[Explanation | None, str] | None:
    """Why an idle session goes on although the charger was asked to stop it; ``None`` where it is not so."""
    match event:
        case CommandAnswered(accepted=False):
            return because(Why.STOP_REFUSED), ""
        case CommandTimedOut() | CommandExpired():
            return because(Why.STOP_UNANSWERED), ""
        case CommandFailed(reason=reason, explanation=explanation):
            return explanation, reason
        case _:
            return None


def _request(context: ReactionContext) -> CommandRequested | None:
    state = context.after
    return None if isinstance(state, NoCommand) else state.request


def _charger(request: CommandRequested, context: ReactionContext) -> Registered | None:
    return known(context.other(charge_points, request.charge_point))


def _lost(context: ReactionContext) -> bool:
    """Whether the connection was lost before an answer came."""
    return isinstance(context.command, NoteFailure) and context.command.lost


def _plug(payload: dict[str, Any]) -> int:
    return int(payload.get("plug") or 0)
