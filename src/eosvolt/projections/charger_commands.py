"""The commands to chargers and their results."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from eosvolt.domain.commands.events import (
    CommandAnswered,
    CommandEffectConfirmed,
    CommandExpired,
    CommandFailed,
    CommandHadNoEffect,
    CommandRequested,
    CommandRequeued,
    CommandSent,
    CommandTimedOut,
)
from eosvolt.domain.explanations import Explanation
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row

change = msgspec.structs.replace

GIVEN_UP = frozenset({"failed", "timedOut", "expired"})


class CommandRow(Row, frozen=True, kw_only=True):
    """A command. ``state``: queued, sent, accepted, rejected, failed, timedOut or expired.

    ``session`` is what an accepted remote start led to; ``explanation``, or ``reason`` where it has no code,
    says why something did not work, also why no session began although the charger had accepted. ``late``:
    the charger answered when we had given up; then ``response`` is its answer, ``late_accepted`` what that
    means, and ``state`` our outcome. ``answered_at`` is when it answered.
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
    explanation: Explanation | None = None
    waits: bool = False
    batch: str = ""
    attempts: int = 0
    answered_at: datetime | None = None
    late: bool = False
    late_accepted: bool | None = None
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
            return change(known, state="sent", sent_at=at, attempts=attempt, reason="", explanation=None)
        case CommandRequeued(reason=reason, explanation=why), CommandRow() as known:
            return change(known, state="queued", reason=reason, explanation=why)
        case CommandAnswered() as answer, CommandRow() as known:
            return _answered(known, answer)
        case CommandFailed(at=at, reason=reason, explanation=why), CommandRow() as known:
            return change(known, state="failed", ended_at=at, reason=reason, explanation=why)
        case CommandTimedOut(at=at), CommandRow() as known:
            return change(known, state="timedOut", ended_at=at)
        case CommandExpired(at=at), CommandRow() as known:
            return change(known, state="expired", ended_at=at)
        case CommandEffectConfirmed(session=session), CommandRow() as known:
            return change(known, session=session)
        case CommandHadNoEffect(reason=reason, explanation=why), CommandRow() as known:
            return change(known, reason=reason, explanation=why)
        case _:
            return row


def _answered(row: CommandRow, answer: CommandAnswered) -> CommandRow:
    known = change(row, response=answer.response, answered_at=answer.at, late=answer.late)
    if answer.late and row.state in GIVEN_UP:
        return change(known, late_accepted=answer.accepted)
    state = "accepted" if answer.accepted else "rejected"
    return change(known, state=state, ended_at=answer.at, reason="", explanation=None)


charger_commands = ReadModel(
    name="charger_commands",
    version=3,
    row=CommandRow,
    reads=tags(
        CommandRequested,
        CommandSent,
        CommandAnswered,
        CommandRequeued,
        CommandFailed,
        CommandTimedOut,
        CommandExpired,
        CommandEffectConfirmed,
        CommandHadNoEffect,
    ),
    keys=keys,
    apply=apply,
    indexes=("company, charge_point, requested_at DESC", "company, requested_at DESC", "company, batch"),
)
