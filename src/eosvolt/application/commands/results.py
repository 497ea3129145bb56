"""The result of a command is recorded with what follows: an expected start, news of the charger, a fault."""

from datetime import timedelta

from eosvolt.application.commands.gateway import Answered
from eosvolt.application.commands.payloads import CommandPayloads
from eosvolt.application.executor import Application, Plan
from eosvolt.application.ports import Clock
from eosvolt.domain.charge_points.commands import AwaitRemoteStart
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.state import Known, known
from eosvolt.domain.commands.commands import (
    ExpireCommand,
    NoteAnswer,
    NoteFailure,
    NoteFulfilled,
    NoteTimeout,
)
from eosvolt.domain.commands.decider import Ended, Queued, Sent, charger_commands
from eosvolt.domain.commands.events import (
    CommandAnswered,
    CommandEvent,
    CommandExpired,
    CommandFailed,
    CommandRequested,
    CommandTimedOut,
)
from eosvolt.domain.commands.sending import kept
from eosvolt.domain.kernel import Order, Provenance
from eosvolt.domain.maintenance.commands import Note
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import PasswordRotated
from eosvolt.domain.reactions.faults import stop_not_obeyed
from eosvolt.domain.reactions.faults_commands import after_outcome
from eosvolt.domain.reactions.maintenance import after_answer
from eosvolt.domain.reactions.security import after_security_answer
from eosvolt.domain.reactions.session_end import IDLE_WATCH
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.state import Charging
from eosvolt.domain.tokens.uid import folded

# ConnectionTimeOut of most chargers (60 to 120 s) where it did not tell us its own, and some room.
CONNECTION_TIME_OUT = timedelta(seconds=120)
ROOM = timedelta(seconds=30)

Outcome = NoteAnswer | NoteFailure | NoteTimeout | ExpireCommand


class CommandResults:
    """Records what came of commands, with what follows from it."""

    def __init__(self, application: Application, clock: Clock, payloads: CommandPayloads) -> None:
        """``payloads`` says how a command goes on whose payload the system completed."""
        self._application = application
        self._clock = clock
        self._payloads = payloads

    async def record(
        self, request: CommandRequested, outcome: Outcome, why: Provenance, *, unsent: bool = False
    ) -> None:
        """Store the outcome with what follows from it; ``unsent``: unless it was sent meanwhile."""

        async def plan() -> Plan[None]:
            state = await self._application.state(charger_commands, request.command)
            if unsent and not isinstance(state, Queued):
                return Plan((), None)
            orders = [Order(charger_commands, request.command, outcome)]
            for event in charger_commands.decide(outcome, state):
                orders += await _following(self._application, request, event, outcome)
                if isinstance(event, CommandAnswered):
                    orders += await self._payloads.followed(
                        request, accepted=event.accepted, response=event.response, at=event.at
                    )
            return Plan(orders, None, guarded=True)

        await self._application.perform(plan, why)

    async def answered_late(self, command: str, answer: Answered) -> None:
        """The charger answered when we had given up: the outcome stays, but what it did it did."""
        state = await self._application.state(charger_commands, command)
        if not isinstance(state, Queued | Sent | Ended):
            return
        request = state.request
        why = Provenance(request.company, request.by, f"command:{command}")
        noted = self.answer(request, answer)
        # A new password stays beside the old one all the same: a newer one may be on its way by now.
        await self.record(request, noted, why)

    def answer(self, request: CommandRequested, answered: Answered) -> NoteAnswer:
        """The answer, without what the history must not know."""
        response = kept(request.action, answered.response)
        return NoteAnswer(at=self._clock.now(), accepted=answered.accepted, response=response)


async def _following(
    application: Application, request: CommandRequested, event: CommandEvent, outcome: Outcome
) -> list[Order]:
    """The orders that go with ``event``, to which ``outcome`` led."""
    orders: list[Order] = []
    state = known(await application.state(charge_points, request.charge_point))
    if isinstance(event, CommandAnswered):
        accepted, at = event.accepted, event.at
        orders += after_answer(request, accepted=accepted, response=event.response, at=at)
        orders += after_security_answer(request, accepted=accepted, response=event.response, at=at)
        if accepted and request.action == "remoteStart" and state is not None:
            orders.append(await _expected(application, request, event, state))
    if state is not None:
        lost = isinstance(outcome, NoteFailure) and outcome.lost
        orders += after_outcome(state, request, event, lost=lost)
    if request.action == "rotatePassword":
        orders += _rotated(request, event, outcome)
    if request.by == IDLE_WATCH and state is not None and (trouble := _trouble(event)):
        number = request.payload.get("transaction")
        opened = (t.opened for t in state.transactions if t.opened.transaction == number)
        connector = next((each.connector for each in opened), 0)
        orders.append(stop_not_obeyed(state, connector, outcome.at, trouble))
    return orders


async def _expected(
    application: Application, request: CommandRequested, answered: CommandAnswered, state: Known
) -> Order:
    """The start that must come now, unless it overtook the answer."""
    token, plug = folded(str(request.payload.get("token", ""))), int(request.payload.get("plug") or 0)
    for transaction in state.open():
        opened = transaction.opened
        if opened.token != token or plug not in (0, opened.connector):
            continue
        session = await application.state(sessions, opened.session)
        if isinstance(session, Charging) and session.start.received_at >= request.at:
            came_true = NoteFulfilled(at=answered.at, session=opened.session)
            return Order(charger_commands, request.command, came_true)
    upkeep = await application.state(maintenance, request.charge_point)
    seconds = upkeep.settings.number("ConnectionTimeOut")
    time_out = CONNECTION_TIME_OUT if seconds is None else timedelta(seconds=seconds)
    awaited = AwaitRemoteStart(
        command=request.command, connector=plug, token=token, until=answered.at + time_out + ROOM
    )
    return Order(charge_points, request.charge_point, awaited)


def _rotated(request: CommandRequested, event: CommandEvent, outcome: Outcome) -> list[Order]:
    match event:
        case CommandAnswered(accepted=accepted):
            result = "accepted" if accepted else "rejected"
        case CommandTimedOut():
            result = "unanswered"
        case CommandFailed() if isinstance(outcome, NoteFailure) and outcome.lost:
            result = "unanswered"
        case _:
            return []
    rotated = PasswordRotated(at=outcome.at, outcome=result)
    return [Order(maintenance, request.charge_point, Note(event=rotated))]


def _trouble(event: CommandEvent) -> str:
    """Why an idle session goes on although the charger was asked to stop it; empty where it is not so."""
    match event:
        case CommandAnswered(accepted=False):
            return "The charger refused our request to stop."
        case CommandTimedOut() | CommandExpired():
            return "The charger did not answer our request to stop."
        case CommandFailed(reason=reason):
            return reason
        case _:
            return ""
