"""The life of a command: queued, sent before it expires, then answered, failed or timed out.

Nothing is delivered late. A command that is harmless to repeat is sent again where no answer came. An answer
that comes after the time-out is kept beside the outcome.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, assert_never

import msgspec

from eosvolt.domain.commands.commands import (
    ChargerCommandCommand,
    ConfirmEffect,
    ExpireCommand,
    NoteAnswer,
    NoteFailure,
    NoteSent,
    NoteTimeout,
    RecordNoEffect,
    RequestCommand,
)
from eosvolt.domain.commands.events import (
    CommandAnswered,
    CommandEffectConfirmed,
    CommandEvent,
    CommandExpired,
    CommandFailed,
    CommandHadNoEffect,
    CommandRequested,
    CommandRequeued,
    CommandSent,
    CommandTimedOut,
)
from eosvolt.domain.commands.sending import repeatable
from eosvolt.domain.explanations import Why, because
from eosvolt.domain.kernel import Decider, Rejected

# The first and two more, where doing it again does no harm.
ATTEMPTS = 3


class NoCommand(msgspec.Struct, frozen=True):
    """Not requested yet."""


class Queued(msgspec.Struct, frozen=True):
    """It waits to be sent, after ``attempts`` that were not answered."""

    request: CommandRequested
    attempts: int = 0


class Sent(msgspec.Struct, frozen=True):
    """The charger has it and should answer by ``answer_by``."""

    request: CommandRequested
    answer_by: datetime
    attempt: int = 1
    sent_at: datetime | None = None


class Ended(msgspec.Struct, frozen=True):
    """It is over.

    ``answered``: the charger answered, in time or late; ``accepted``: it accepted. ``effect_confirmed`` is
    ``None`` until the effect of an accepted command is known: whether the session of a remote start began.
    """

    request: CommandRequested
    answered: bool = False
    accepted: bool = False
    effect_confirmed: bool | None = None


ChargerCommand = NoCommand | Queued | Sent | Ended


def decide(command: ChargerCommandCommand, state: ChargerCommand) -> Sequence[CommandEvent]:
    """The events of ``command``. Raises ``Rejected`` for a command that was sent already."""
    match command, state:
        case RequestCommand(), NoCommand():
            return [_requested(command)]
        case RequestCommand(), _:
            return []
        case _, Queued():
            return _decide_queued(command, state)
        case _, Sent():
            return _decide_sent(command, state)
        case _, Ended():
            return _decide_ended(command, state)
        case _:
            return []


def _decide_queued(command: ChargerCommandCommand, queued: Queued) -> Sequence[CommandEvent]:
    request = queued.request
    match command:
        case NoteSent(at=at) | ExpireCommand(at=at) if at >= request.expires_at:
            # Of what was sent before, one cannot say that the charger never got it.
            if queued.attempts:
                return [CommandTimedOut(at=at, **_whose(request))]
            return [CommandExpired(at=at, **_whose(request))]
        case NoteSent(at=at, answer_by=answer_by):
            attempt = queued.attempts + 1
            return [CommandSent(at=at, answer_by=answer_by, attempt=attempt, **_whose(request))]
        case NoteAnswer() if queued.attempts:
            return [_answered(command, request, late=True)]
        case NoteFailure(lost=False):
            return [_failed(request, command)]
        case _:
            return []


def _decide_sent(command: ChargerCommandCommand, sent: Sent) -> Sequence[CommandEvent]:
    request = sent.request
    match command:
        case NoteSent():
            raise Rejected("This command was sent already.")
        case NoteAnswer():
            return [_answered(command, request)]
        case NoteFailure(at=at, lost=lost):
            if lost and _once_more(sent, at):
                return [_requeued(request, command)]
            return [_failed(request, command)]
        case NoteTimeout(at=at):
            return [_unanswered(sent, at)]
        case ExpireCommand(at=at) if at >= sent.answer_by:
            return [_unanswered(sent, at)]
        case _:
            return []


def _decide_ended(command: ChargerCommandCommand, ended: Ended) -> Sequence[CommandEvent]:
    request = ended.request
    match command:
        case NoteSent():
            raise Rejected("This command was sent already.")
        case NoteAnswer() if not ended.answered:
            return [_answered(command, request, late=True)]
        case ConfirmEffect(at=at, session=session) if not ended.effect_confirmed:
            return [CommandEffectConfirmed(at=at, session=session, **_whose(request))]
        case RecordNoEffect(at=at, explanation=explanation) if ended.effect_confirmed is None:
            return [CommandHadNoEffect(at=at, explanation=explanation, **_whose(request))]
        case _:
            return []


def _unanswered(sent: Sent, at: datetime) -> CommandEvent:
    if _once_more(sent, at):
        overdue = NoteFailure(at=at, explanation=because(Why.ANSWER_OVERDUE))
        return _requeued(sent.request, overdue)
    return CommandTimedOut(at=at, **_whose(sent.request))


def _once_more(sent: Sent, at: datetime) -> bool:
    """Whether an unanswered command is sent again: it is harmless to repeat, and not expired."""
    request = sent.request
    harmless = repeatable(request.action, request.payload)
    return harmless and sent.attempt < ATTEMPTS and at < request.expires_at


def _requeued(request: CommandRequested, why: NoteFailure) -> CommandRequeued:
    return CommandRequeued(
        at=why.at,
        expires_at=request.expires_at,
        reason=why.reason,
        explanation=why.explanation,
        **_whose(request),
    )


def _failed(request: CommandRequested, why: NoteFailure) -> CommandFailed:
    return CommandFailed(at=why.at, reason=why.reason, explanation=why.explanation, **_whose(request))


def _answered(command: NoteAnswer, request: CommandRequested, *, late: bool = False) -> CommandAnswered:
    return CommandAnswered(
        at=command.at, accepted=command.accepted, response=command.response, late=late, **_whose(request)
    )


def _whose(request: CommandRequested) -> dict[str, Any]:
    """The fields that every event of a command repeats, so that no reader has to remember them."""
    return {"command": request.command, "company": request.company, "charge_point": request.charge_point}


def _requested(command: RequestCommand) -> CommandRequested:
    return CommandRequested(
        command=command.command,
        company=command.company,
        charge_point=command.charge_point,
        action=command.action,
        payload=command.payload,
        by=command.by,
        at=command.at,
        expires_at=command.expires_at,
        waits=command.waits,
        batch=command.batch,
    )


def evolve(state: ChargerCommand, event: CommandEvent) -> ChargerCommand:
    """The command after ``event``."""
    if isinstance(event, CommandRequested):
        return Queued(event)
    if isinstance(state, NoCommand):
        return state
    request = state.request
    match event:
        case CommandSent(at=at, answer_by=answer_by, attempt=attempt):
            return Sent(request, answer_by, attempt, at)
        case CommandRequeued():
            return Queued(request, state.attempt) if isinstance(state, Sent) else state
        case CommandAnswered(accepted=accepted):
            return Ended(request, answered=True, accepted=accepted)
        case CommandFailed() | CommandTimedOut() | CommandExpired():
            return Ended(request)
        case CommandEffectConfirmed() | CommandHadNoEffect():
            if not isinstance(state, Ended):
                return state
            return msgspec.structs.replace(state, effect_confirmed=isinstance(event, CommandEffectConfirmed))
        case _:
            assert_never(event)


charger_commands: Decider[ChargerCommandCommand, ChargerCommand, CommandEvent] = Decider(
    "command", NoCommand(), decide, evolve
)
