"""What chargers were asked to do and what came of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from eosvolt.domain.commands.events import (
    CommandAnswered,
    CommandExpired,
    CommandFailed,
    CommandRequested,
    CommandSent,
    CommandTimedOut,
)
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class CommandRow(Row, frozen=True, kw_only=True):
    """A command. ``state``: queued, sent, accepted, rejected, failed, timedOut or expired."""

    command: str
    company: int
    charge_point: str
    action: str
    payload: dict[str, Any]
    by: str
    requested_at: datetime
    expires_at: datetime
    state: str = "queued"
    sent_at: datetime | None = None
    ended_at: datetime | None = None
    response: dict[str, Any] | None = None
    reason: str = ""


def keys(fact: Fact) -> Iterable[str]:
    """The command itself."""
    return (fact.key,)


def apply(row: CommandRow | None, fact: Fact, key: str) -> CommandRow | None:
    """The command after the fact."""
    match fact.event, row:
        case CommandRequested() as asked, _:
            return CommandRow(
                command=key,
                company=asked.company,
                charge_point=asked.charge_point,
                action=asked.action,
                payload=asked.payload,
                by=asked.by,
                requested_at=asked.at,
                expires_at=asked.expires_at,
            )
        case CommandSent(at=at), CommandRow() as known:
            return msgspec.structs.replace(known, state="sent", sent_at=at)
        case CommandAnswered() as answer, CommandRow() as known:
            return msgspec.structs.replace(
                known,
                state="accepted" if answer.accepted else "rejected",
                ended_at=answer.at,
                response=answer.response,
            )
        case CommandFailed(at=at, reason=reason), CommandRow() as known:
            return msgspec.structs.replace(known, state="failed", ended_at=at, reason=reason)
        case CommandTimedOut(at=at), CommandRow() as known:
            return msgspec.structs.replace(known, state="timedOut", ended_at=at)
        case CommandExpired(at=at), CommandRow() as known:
            return msgspec.structs.replace(known, state="expired", ended_at=at)
        case _:
            return row


charger_commands = ReadModel(
    name="charger_commands",
    version=1,
    row=CommandRow,
    reads=tags(
        CommandRequested,
        CommandSent,
        CommandAnswered,
        CommandFailed,
        CommandTimedOut,
        CommandExpired,
    ),
    keys=keys,
    apply=apply,
    indexes=("company, charge_point, requested_at DESC",),
)
