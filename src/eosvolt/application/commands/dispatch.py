"""Sends queued commands to the chargers that are connected to this process, and records their outcomes."""

from datetime import timedelta
from typing import Any, NamedTuple

from eosvolt.application.commands.gateway import (
    NOT_CONNECTED,
    CallFailed,
    Gateway,
    NotConnected,
    TimedOut,
)
from eosvolt.application.commands.results import CommandResults, Outcome, failure
from eosvolt.application.executor import Application
from eosvolt.application.ports import Clock, Passwords
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.state import known
from eosvolt.domain.commands.commands import NoteAnswer, NoteFailure, NoteSent, NoteTimeout
from eosvolt.domain.commands.decider import Queued, Sent, charger_commands
from eosvolt.domain.commands.events import CommandRequested
from eosvolt.domain.commands.sending import while_held
from eosvolt.domain.explanations import Explanation, Why, because
from eosvolt.domain.kernel import Provenance, Rejected

ANSWER_WITHIN = timedelta(seconds=30)
# The gateway waits for the answer; the deadline applies only if it crashed meanwhile.
ANSWER_TRAVELS = timedelta(seconds=5)
ROTATION = "rotatePassword"


class _Message(NamedTuple):
    """A command's action and payload, as in the API."""

    action: str
    payload: dict[str, Any]


class CommandDispatch:
    """Sends commands to the chargers that are connected to this process."""

    def __init__(
        self,
        application: Application,
        clock: Clock,
        gateway: Gateway,
        passwords: Passwords,
        results: CommandResults,
        answer_within: timedelta = ANSWER_WITHIN,
    ) -> None:
        """A call without an answer within ``answer_within`` times out."""
        self._application = application
        self._clock = clock
        self._gateway = gateway
        self._passwords = passwords
        self._results = results
        self._answer_within = answer_within

    async def waiting(self, command: str) -> CommandRequested | None:
        """The command, if it is still queued."""
        queued = await self._queued(command)
        return queued.request if queued else None

    async def deliver(self, command: str) -> Queued | None:
        """Send a queued command through this process's gateway and record the outcome.

        Returns the command if it is still to be sent: again, or by the process with the connection.
        """
        queued = await self._queued(command)
        if queued is None or not self._gateway.holds(queued.request.charge_point):
            return queued
        request = queued.request
        if not while_held(request.action) and await self._held(request.charge_point):
            await self.fail(command, because(Why.NOT_RELEASED))
            return None
        why = Provenance(request.company, request.by, f"command:{command}")
        now = self._clock.now()
        send = NoteSent(at=now, answer_by=now + self._answer_within + ANSWER_TRAVELS)
        try:
            after, _ = await self._application.execute(charger_commands, command, send, why)
        except Rejected:
            return None
        if not isinstance(after, Sent):
            return None
        outcome = await self._rotated(request) if request.action == ROTATION else await self._sent(request)
        await self._results.record(request, outcome, why)
        return await self._queued(command)

    async def fail(self, command: str, reason: Explanation) -> None:
        """Record that a queued command failed because of ``reason``; does nothing if it was sent."""
        request = await self.waiting(command)
        if request is not None:
            why = Provenance(request.company, "system:gateway", f"command:{command}")
            failed = NoteFailure(at=self._clock.now(), explanation=reason)
            await self._results.record(request, failed, why, unsent=True)

    async def is_connected(self, charge_point: str) -> bool:
        """Whether a charger is connected, to this process or another."""
        state = known(await self._application.state(charge_points, charge_point))
        return state is not None and state.online

    async def _held(self, charge_point: str) -> bool:
        state = known(await self._application.state(charge_points, charge_point))
        return state is not None and state.held

    async def _queued(self, command: str) -> Queued | None:
        state = await self._application.state(charger_commands, command)
        return state if isinstance(state, Queued) else None

    async def _rotated(self, request: CommandRequested) -> Outcome:
        """Send the charger a new password, which is not stored in the history."""
        try:
            key = await self._passwords.propose(request.charge_point)
        except Rejected as refusal:
            return failure(self._clock.now(), str(refusal))
        message = _Message("changeConfiguration", {"key": "AuthorizationKey", "value": key})
        outcome = await self._sent(request, message)
        await self._passwords.settle(request.charge_point, _settled(outcome))
        return outcome

    async def _sent(self, request: CommandRequested, message: _Message | None = None) -> Outcome:
        """Send the requested command, or ``message`` instead, and return the outcome."""
        message = message or _Message(request.action, request.payload)
        try:
            answer = await self._gateway.send(
                request.charge_point, message.action, message.payload, self._answer_within, request.command
            )
        except NotConnected as lost:
            return failure(self._clock.now(), str(lost) or NOT_CONNECTED, lost=True)
        except TimedOut:
            return NoteTimeout(at=self._clock.now())
        except CallFailed as error:
            return failure(self._clock.now(), str(error))
        return self._results.answer(request, answer)


def _settled(outcome: Outcome) -> str:
    """The state of a password rotation after the charger's answer.

    Only Accepted and Rejected are certain: after an error or RebootRequired either password may be valid.
    """
    match outcome:
        case NoteAnswer(response={"status": "Accepted"}):
            return "accepted"
        case NoteAnswer(response={"status": "Rejected" | "NotSupported"}):
            return "rejected"
        case _:
            return "unanswered"
