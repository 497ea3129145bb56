"""Bringing commands to chargers and recording what came of it: never late, always with an outcome."""

from datetime import timedelta
from typing import Any, NamedTuple

from eosvolt.application.commanding import (
    HELD,
    NOT_CONNECTED,
    Answered,
    CallFailed,
    Gateway,
    NotConnected,
    TimedOut,
)
from eosvolt.application.executor import Application, Plan
from eosvolt.application.outcomes import following, why_no_session
from eosvolt.application.ports import Clock, Passwords
from eosvolt.application.preparing import Preparing
from eosvolt.application.site import known
from eosvolt.domain.charge_points.commands import AskForBoot, ReachStartDeadline
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.commands.commands import (
    ExpireCommand,
    NoteAnswer,
    NoteFailure,
    NoteSent,
    NoteTimeout,
    NoteUnfulfilled,
)
from eosvolt.domain.commands.decider import Ended, Queued, Sent, charger_commands
from eosvolt.domain.commands.events import CommandAnswered, CommandRequested
from eosvolt.domain.commands.sending import kept, while_held
from eosvolt.domain.kernel import Order, Provenance, Rejected
from eosvolt.domain.reactions.faults_commands import asks_for_boot

ANSWER_WITHIN = timedelta(seconds=30)
# The gateway waits for the answer; only where it died meanwhile does the deadline decide.
ANSWER_TRAVELS = timedelta(seconds=5)
ROTATION = "rotatePassword"
# A charger that starts anew connects anew; what it is asked to say it says over the same connection.
BOOT_COMES_WITHIN = timedelta(minutes=10)

Outcome = NoteAnswer | NoteFailure | NoteTimeout | ExpireCommand


class _Told(NamedTuple):
    """What a charger is told, in the API's words."""

    action: str
    payload: dict[str, Any]


class Delivering:
    """Brings commands to the chargers that this process holds."""

    def __init__(
        self,
        application: Application,
        clock: Clock,
        gateway: Gateway,
        passwords: Passwords,
        preparing: Preparing,
        answer_within: timedelta = ANSWER_WITHIN,
    ) -> None:
        """A charger that does not answer within ``answer_within`` has timed out."""
        self._application = application
        self._clock = clock
        self._gateway = gateway
        self._passwords = passwords
        self._preparing = preparing
        self._answer_within = answer_within

    async def waiting(self, command: str) -> CommandRequested | None:
        """The command, as long as it is still to be sent."""
        queued = await self._queued(command)
        return queued.request if queued else None

    async def deliver(self, command: str) -> Queued | None:
        """Send a queued command through this process's gateway and record the outcome.

        Returns it where it is still to be sent: once more, or because its charger is not here.
        """
        queued = await self._queued(command)
        if queued is None or not self._gateway.holds(queued.request.charge_point):
            return queued
        request = queued.request
        if not while_held(request.action) and await self._held(request.charge_point):
            await self.fail(command, HELD)
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
        if asks_for_boot(request):
            ask = AskForBoot(at=now, until=now + BOOT_COMES_WITHIN)
            await self._application.execute(charge_points, request.charge_point, ask, why)
        outcome = await self._rotated(request) if request.action == ROTATION else await self._told(request)
        await self._record(request, outcome, why)
        return await self._queued(command)

    async def fail(self, command: str, reason: str) -> None:
        """It will not be sent any more, because of ``reason``; nothing where it was sent already."""
        request = await self.waiting(command)
        if request is not None:
            why = Provenance(request.company, "system:gateway", f"command:{command}")
            await self._record(request, NoteFailure(at=self._clock.now(), reason=reason), why, unsent=True)

    async def answered_late(self, command: str, answer: Answered) -> None:
        """The charger answered when we had given up: the outcome stays, but what it did it did."""
        state = await self._application.state(charger_commands, command)
        if not isinstance(state, Queued | Sent | Ended):
            return
        request = state.request
        why = Provenance(request.company, request.by, f"command:{command}")
        noted = self._noted(request, answer)
        # A new password stays beside the old one all the same: a newer one may be on its way by now.
        await self._record(request, noted, why)

    async def expire(self, command: str) -> None:
        """Its time is over: it expired unsent, timed out unanswered, or led to no session."""
        state = await self._application.state(charger_commands, command)
        match state:
            case Queued(request=request) | Sent(request=request):
                why = Provenance(request.company, "system:deadlines", f"command:{command}")
                await self._record(request, ExpireCommand(at=self._clock.now()), why)
            case Ended(request=request, accepted=True, came_true=None):
                await self._lapse(request)
            case _:
                pass

    async def _held(self, charge_point: str) -> bool:
        state = known(await self._application.state(charge_points, charge_point))
        return state is not None and state.held

    async def _queued(self, command: str) -> Queued | None:
        state = await self._application.state(charger_commands, command)
        return state if isinstance(state, Queued) else None

    async def _rotated(self, request: CommandRequested) -> Outcome:
        """What came of giving the charger a new password, which the history must not know."""
        try:
            key = await self._passwords.propose(request.charge_point)
        except Rejected as refusal:
            return NoteFailure(at=self._clock.now(), reason=str(refusal))
        told = _Told("changeConfiguration", {"key": "AuthorizationKey", "value": key})
        outcome = await self._told(request, told)
        await self._passwords.settle(request.charge_point, _settled(outcome))
        return outcome

    async def _told(self, request: CommandRequested, told: _Told | None = None) -> Outcome:
        """What came of telling the charger what was requested, or what is told instead."""
        told = told or _Told(request.action, request.payload)
        try:
            answer = await self._gateway.tell(
                request.charge_point, told.action, told.payload, self._answer_within, request.command
            )
        except NotConnected as lost:
            return NoteFailure(at=self._clock.now(), reason=str(lost) or NOT_CONNECTED, lost=True)
        except TimedOut:
            return NoteTimeout(at=self._clock.now())
        except CallFailed as error:
            return NoteFailure(at=self._clock.now(), reason=str(error))
        return self._noted(request, answer)

    def _noted(self, request: CommandRequested, answer: Answered) -> NoteAnswer:
        """The answer, without what the history must not know."""
        response = kept(request.action, answer.response)
        return NoteAnswer(at=self._clock.now(), accepted=answer.accepted, response=response)

    async def _record(
        self, request: CommandRequested, outcome: Outcome, why: Provenance, *, unsent: bool = False
    ) -> None:
        """Store the outcome with what follows from it; ``unsent``: unless it was sent meanwhile."""

        async def plan() -> Plan[None]:
            state = await self._application.state(charger_commands, request.command)
            if unsent and not isinstance(state, Queued):
                return Plan((), None)
            orders = [Order(charger_commands, request.command, outcome)]
            for event in charger_commands.decide(outcome, state):
                orders += await following(self._application, request, event, outcome)
                if isinstance(event, CommandAnswered):
                    orders += await self._preparing.followed(
                        request, accepted=event.accepted, response=event.response, at=event.at
                    )
            return Plan(orders, None, guarded=True)

        await self._application.perform(plan, why)

    async def _lapse(self, request: CommandRequested) -> None:
        """The charger had accepted a remote start, and no session began in time."""
        now, command = self._clock.now(), request.command

        async def plan() -> Plan[None]:
            state = known(await self._application.state(charge_points, request.charge_point))
            awaited = next((a for a in state.awaited if a.command == command), None) if state else None
            if awaited is not None and awaited.until > now:
                return Plan((), None)
            reason = why_no_session(state, request, awaited)
            orders = [Order(charger_commands, command, NoteUnfulfilled(at=now, reason=reason))]
            if awaited is not None:
                orders.append(Order(charge_points, request.charge_point, ReachStartDeadline(at=now)))
            return Plan(orders, None, guarded=True)

        why = Provenance(request.company, "system:deadlines", f"command:{command}")
        await self._application.perform(plan, why)


def _settled(outcome: Outcome) -> str:
    """What came of telling a charger its new password.

    Only a plain yes or no is certain: after an error, or while it has yet to restart, it may have either.
    """
    match outcome:
        case NoteAnswer(response={"status": "Accepted"}):
            return "accepted"
        case NoteAnswer(response={"status": "Rejected" | "NotSupported"}):
            return "rejected"
        case _:
            return "unanswered"
