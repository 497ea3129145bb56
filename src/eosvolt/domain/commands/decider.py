"""The life of a command: queued, sent before it expires, then answered, failed or timed out.

Nothing is delivered late.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, assert_never

import msgspec

from eosvolt.domain.commands.commands import (
    ChargerCommandCommand,
    ExpireCommand,
    NoteAnswer,
    NoteFailure,
    NoteSent,
    NoteTimeout,
    RequestCommand,
)
from eosvolt.domain.commands.events import (
    CommandAnswered,
    CommandEvent,
    CommandExpired,
    CommandFailed,
    CommandFulfilled,
    CommandRequested,
    CommandSent,
    CommandTimedOut,
    CommandUnfulfilled,
)
from eosvolt.domain.kernel import Decider, Rejected


class NoCommand(msgspec.Struct, frozen=True):
    """Nobody asked for it."""


class Queued(msgspec.Struct, frozen=True):
    """It waits to be sent."""

    request: CommandRequested


class Sent(msgspec.Struct, frozen=True):
    """The charger has it and should answer by ``answer_by``."""

    request: CommandRequested
    answer_by: datetime


class Ended(msgspec.Struct, frozen=True):
    """It has its outcome."""

    request: CommandRequested


ChargerCommand = NoCommand | Queued | Sent | Ended


def decide(command: ChargerCommandCommand, state: ChargerCommand) -> Sequence[CommandEvent]:
    """What happens."""
    match command, state:
        case RequestCommand(), NoCommand():
            return [_requested(command)]
        case NoteSent(at=at, answer_by=answer_by), Queued(request=request):
            if at >= request.expires_at:
                return [CommandExpired(at=at, **_whose(request))]
            return [CommandSent(at=at, answer_by=answer_by, **_whose(request))]
        case NoteSent(), Sent() | Ended():
            raise Rejected("This command was sent already.")
        case NoteAnswer(at=at), Sent(request=request):
            return [
                CommandAnswered(
                    at=at, accepted=command.accepted, response=command.response, **_whose(request)
                )
            ]
        case NoteFailure(at=at, reason=reason), Queued(request=request) | Sent(request=request):
            return [CommandFailed(at=at, reason=reason, **_whose(request))]
        case NoteTimeout(at=at), Sent(request=request):
            return [CommandTimedOut(at=at, **_whose(request))]
        case ExpireCommand(at=at), Queued(request=request) if at >= request.expires_at:
            return [CommandExpired(at=at, **_whose(request))]
        case ExpireCommand(at=at), Sent(request=request, answer_by=answer_by) if at >= answer_by:
            return [CommandTimedOut(at=at, **_whose(request))]
        case _:
            return []


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
    match event:
        case CommandRequested():
            return Queued(event)
        case CommandSent(answer_by=answer_by):
            return Sent(state.request, answer_by) if isinstance(state, Queued) else state
        case CommandFulfilled() | CommandUnfulfilled():
            return state
        case CommandAnswered() | CommandFailed() | CommandTimedOut() | CommandExpired():
            return Ended(state.request) if isinstance(state, Queued | Sent) else state
        case _:
            assert_never(event)


charger_commands: Decider[ChargerCommandCommand, ChargerCommand, CommandEvent] = Decider(
    "command", NoCommand(), decide, evolve
)
