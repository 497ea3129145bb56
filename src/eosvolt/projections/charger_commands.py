"""What chargers were asked to do and what came of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from eosvolt.domain.commands.events import (
    CommandAnswered,
    CommandExpired,
    CommandFailed,
    CommandFulfilled,
    CommandRequested,
    CommandRequeued,
    CommandSent,
    CommandTimedOut,
    CommandUnfulfilled,
)
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row

change = msgspec.structs.replace

GIVEN_UP = frozenset({"failed", "timedOut", "expired"})


class CommandRow(Row, frozen=True, kw_only=True):
    """A command. ``state``: queued, sent, accepted, rejected, failed, timedOut or expired.

    ``session`` is what an accepted remote start led to; ``reason`` says why something did not work, also why
    no session began although the charger had accepted. ``late``: the charger answered when we had given up;
    then ``response`` is its answer and ``state`` our outcome. ``answered_at`` is when it answered.
    """

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
    waits: bool = False
    batch: str = ""
    attempts: int = 0
    answered_at: datetime | None = None
    late: bool = False
    session: str = ""


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
                waits=asked.waits,
                batch=asked.batch,
            )
        case CommandSent(at=at, attempt=attempt), CommandRow() as known:
            return change(known, state="sent", sent_at=at, attempts=attempt, reason="")
        case CommandRequeued(reason=reason), CommandRow() as known:
            return change(known, state="queued", reason=reason)
        case CommandAnswered() as answer, CommandRow() as known:
            return _answered(known, answer)
        case CommandFailed(at=at, reason=reason), CommandRow() as known:
            return change(known, state="failed", ended_at=at, reason=reason)
        case CommandTimedOut(at=at), CommandRow() as known:
            return change(known, state="timedOut", ended_at=at)
        case CommandExpired(at=at), CommandRow() as known:
            return change(known, state="expired", ended_at=at)
        case CommandFulfilled(session=session), CommandRow() as known:
            return change(known, session=session)
        case CommandUnfulfilled(reason=reason), CommandRow() as known:
            return change(known, reason=reason)
        case _:
            return row


def _answered(row: CommandRow, answer: CommandAnswered) -> CommandRow:
    said = "accepted" if answer.accepted else "rejected"
    known = change(row, response=answer.response, answered_at=answer.at, late=answer.late)
    if answer.late and row.state in GIVEN_UP:
        return change(known, reason=f"{row.reason} Answered late: {said}.".lstrip())
    return change(known, state=said, ended_at=answer.at, reason="")


charger_commands = ReadModel(
    name="charger_commands",
    version=2,
    row=CommandRow,
    reads=tags(
        CommandRequested,
        CommandSent,
        CommandAnswered,
        CommandRequeued,
        CommandFailed,
        CommandTimedOut,
        CommandExpired,
        CommandFulfilled,
        CommandUnfulfilled,
    ),
    keys=keys,
    apply=apply,
    indexes=("company, charge_point, requested_at DESC", "company, requested_at DESC", "company, batch"),
)
