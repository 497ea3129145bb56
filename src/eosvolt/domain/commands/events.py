"""The events of a command to a charger."""

from datetime import datetime
from typing import Any

from eosvolt.domain.explanations import Explanation
from eosvolt.domain.kernel import Event


class CommandRequested(Event, frozen=True, tag="command-requested"):
    """A command to a charger was requested; it is not sent after ``expires_at``.

    ``action`` and ``payload`` are the API's words (``remoteStart``, ``{"plug": 1, "token": "…"}``); secrets
    never appear in them. ``waits``: for a charger that is away it waits to be delivered until it expires.
    ``batch`` is common to commands that were asked for together.
    """

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


class CommandSent(Event, frozen=True, tag="command-sent"):
    """The charger's connection took it; an answer is due by ``answer_by``.

    ``attempt`` is more than 1 where an answer did not come and doing it twice does no harm.
    """

    command: str
    company: int
    charge_point: str
    at: datetime
    answer_by: datetime
    attempt: int = 1


class CommandAnswered(Event, frozen=True, tag="command-answered"):
    """The charger answered. ``accepted`` is what its answer means; ``response`` is the answer itself.

    ``late``: the answer came after the time-out, which stays the outcome.
    """

    command: str
    company: int
    charge_point: str
    at: datetime
    accepted: bool
    response: dict[str, Any]
    late: bool = False


class CommandRequeued(Event, frozen=True, tag="command-requeued"):
    """It was sent without an answer and is harmless to repeat: it waits to be sent once more.

    ``explanation`` says why, in earlier releases ``reason``. Not after ``expires_at``, as before.
    """

    command: str
    company: int
    charge_point: str
    at: datetime
    expires_at: datetime
    reason: str = ""
    explanation: Explanation | None = None


class CommandFailed(Event, frozen=True, tag="command-failed"):
    """It failed: not connected, a CALLERROR, a lost connection.

    ``explanation`` says why; ``reason`` is a sentence that has no code.
    """

    command: str
    company: int
    charge_point: str
    at: datetime
    reason: str = ""
    explanation: Explanation | None = None


class CommandTimedOut(Event, frozen=True, tag="command-timed-out"):
    """The charger received it and did not answer in time."""

    command: str
    company: int
    charge_point: str
    at: datetime


class CommandExpired(Event, frozen=True, tag="command-expired"):
    """It could not be sent in time and will not be sent any more."""

    command: str
    company: int
    charge_point: str
    at: datetime


class CommandEffectConfirmed(Event, frozen=True, tag="command-fulfilled"):
    """The effect of an accepted command was confirmed: the remote start led to ``session``."""

    command: str
    company: int
    charge_point: str
    at: datetime
    session: str


class CommandHadNoEffect(Event, frozen=True, tag="command-unfulfilled"):
    """An accepted command had no effect: no session followed the remote start.

    ``explanation`` says why, in earlier releases ``reason``.
    """

    command: str
    company: int
    charge_point: str
    at: datetime
    reason: str = ""
    explanation: Explanation | None = None


CommandEvent = (
    CommandRequested
    | CommandSent
    | CommandAnswered
    | CommandRequeued
    | CommandFailed
    | CommandTimedOut
    | CommandExpired
    | CommandEffectConfirmed
    | CommandHadNoEffect
)
