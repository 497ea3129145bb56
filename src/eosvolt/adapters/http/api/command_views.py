"""How the API shows a command to a charger."""

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta

from eosvolt.adapters.http.framework.api_types import View
from eosvolt.adapters.http.presentation.explanations import command_reason
from eosvolt.projections.charger_commands import CommandRow

State = Literal["queued", "sent", "accepted", "rejected", "failed", "timedOut", "expired"]
ExpiresIn = Annotated[
    int, Meta(ge=1, le=86_400, description="It is never sent later than after so many seconds.")
]


class ResultView(View, frozen=True, kw_only=True):
    """The effect of an accepted command: its session, or why there is none."""

    session_id: str = ""
    reason: str = ""


class CommandView(View, frozen=True, kw_only=True):
    """A command. ``state`` is queued, sent, accepted, rejected, failed, timedOut or expired.

    ``waits``: it waits for a charger that is not connected. ``attempts``: how often it was sent.
    ``late``: the charger answered at ``answeredAt``, after the timeout; ``response`` is its answer.
    ``batch`` is its bulk command.
    """

    id: str
    state: State
    type: str
    charge_box_id: str
    request: dict[str, Any]
    by: str
    requested_at: datetime
    expires_at: datetime
    waits: bool = False
    attempts: int = 0
    sent_at: datetime | None = None
    ended_at: datetime | None = None
    answered_at: datetime | None = None
    late: bool = False
    response: dict[str, Any] | None = None
    reason: str = ""
    result: ResultView | None = None
    batch: str = ""


def command_view(row: CommandRow) -> CommandView:
    """The command as the API shows it."""
    reason = command_reason(row)
    no_effect = reason if row.state == "accepted" and not row.session else ""
    result = ResultView(session_id=row.session, reason=no_effect) if row.session or no_effect else None
    return CommandView(
        id=row.command,
        state=row.state,  # type: ignore[arg-type] # the row's states are these
        type=row.action,
        charge_box_id=row.charge_point.partition("/")[2],
        request=row.payload,
        by=row.by,
        requested_at=row.requested_at,
        expires_at=row.expires_at,
        waits=row.waits,
        attempts=row.attempts,
        sent_at=row.sent_at,
        ended_at=row.ended_at,
        answered_at=row.answered_at,
        late=row.late,
        response=row.response,
        reason=reason,
        result=result,
        batch=row.batch,
    )
