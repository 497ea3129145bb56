"""The commands of a charger command's stream: request it, record its sending, answer, failure or end."""

from datetime import datetime
from typing import Any

from eosvolt.domain.explanations import Explanation
from eosvolt.domain.kernel import Command


class RequestCommand(Command, frozen=True):
    """Ask a charger to do something."""

    command: str
    company: int
    charge_point: str
    action: str
    payload: dict[str, Any]
    by: str
    at: datetime
    expires_at: datetime
    waits: bool = False
    batch: str = ""


class NoteSent(Command, frozen=True):
    """The connection took it. Refused after its expiry: nothing is delivered late."""

    at: datetime
    answer_by: datetime


class NoteAnswer(Command, frozen=True):
    """The charger answered, in time or late."""

    at: datetime
    accepted: bool
    response: dict[str, Any]


class NoteFailure(Command, frozen=True):
    """It failed. ``lost``: the connection was lost before an answer came.

    ``reason`` is a sentence that has no code.
    """

    at: datetime
    reason: str = ""
    explanation: Explanation | None = None
    lost: bool = False


class NoteTimeout(Command, frozen=True):
    """No answer came in time."""

    at: datetime


class ExpireCommand(Command, frozen=True):
    """Its time is over: expired where it was never sent, timed out where no answer came."""

    at: datetime


class ConfirmEffect(Command, frozen=True):
    """The effect of an accepted command was seen: ``session`` began."""

    at: datetime
    session: str


class RecordNoEffect(Command, frozen=True):
    """An accepted command had no effect in time."""

    at: datetime
    explanation: Explanation


ChargerCommandCommand = (
    RequestCommand
    | NoteSent
    | NoteAnswer
    | NoteFailure
    | NoteTimeout
    | ExpireCommand
    | ConfirmEffect
    | RecordNoEffect
)
