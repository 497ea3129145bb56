"""Commands to chargers.

Asked for here, delivered by whoever holds the connection, never late, always with an outcome.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple, Protocol

from eosvolt.application.execution import Application, Plan
from eosvolt.application.ports import Clock
from eosvolt.application.preparing import Preparing
from eosvolt.application.site import known
from eosvolt.domain.charge_points.commands import AwaitRemoteStart
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.commands.commands import (
    ExpireCommand,
    NoteAnswer,
    NoteFailure,
    NoteSent,
    NoteTimeout,
    RequestCommand,
)
from eosvolt.domain.commands.decider import Queued, Sent, charger_commands
from eosvolt.domain.commands.events import CommandRequested
from eosvolt.domain.kernel import Order, Provenance, Rejected
from eosvolt.domain.maintenance.secrets import without_secrets
from eosvolt.domain.reactions.faults import stop_not_obeyed
from eosvolt.domain.reactions.security import after_security_answer
from eosvolt.domain.reactions.session_end import IDLE_WATCH

DEFAULT_EXPIRY = timedelta(seconds=60)
ANSWER_WITHIN = timedelta(seconds=30)
# The gateway waits for the answer; only where it died meanwhile does the deadline decide.
ANSWER_TRAVELS = timedelta(seconds=5)
# ConnectionTimeOut of most chargers (60 to 120 s) and some room.
START_WITHIN = timedelta(seconds=150)
NOT_CONNECTED = "The charger is not connected."


class Answered(NamedTuple):
    """The charger's answer: what it means and what it said."""

    accepted: bool
    response: dict[str, Any]


class NotConnected(Exception):  # noqa: N818 - an outcome of a command
    """The connection is not here, or was lost before the answer came."""


class TimedOut(Exception):  # noqa: N818 - an outcome of a command
    """No answer came in time."""


class CallFailed(Exception):  # noqa: N818 - an outcome of a command
    """The charger answered with an error, or the command cannot be said in its protocol.

    The text is a sentence.
    """


class Gateway(Protocol):
    """Who holds chargers' connections."""

    def holds(self, charge_point: str) -> bool:
        """Whether the charger is connected to this process."""
        ...

    async def tell(
        self,
        charge_point: str,
        action: str,
        payload: dict[str, Any],
        timeout: timedelta,  # noqa: ASYNC109 - the gateway knows best how to wait for a charger
    ) -> Answered:
        """Send and wait for the answer. Raises ``NotConnected``, ``TimedOut`` or ``CallFailed``."""
        ...

    async def expel(self, charge_point: str) -> None:
        """Hang up on a charger, if it is connected to this process."""
        ...


class Commanding:
    """Asks chargers to do things and records what came of it."""

    def __init__(
        self,
        application: Application,
        clock: Clock,
        new_id: Callable[[], str],
        gateway: Gateway,
        preparing: Preparing,
        answer_within: timedelta = ANSWER_WITHIN,
    ) -> None:
        """A charger that does not answer within ``answer_within`` has timed out."""
        self._application = application
        self._clock = clock
        self._new_id = new_id
        self._gateway = gateway
        self._preparing = preparing
        self._answer_within = answer_within

    async def request(
        self,
        company: int,
        charge_point: str,
        action: str,
        payload: dict[str, Any],
        by: str,
        expires_in: timedelta = DEFAULT_EXPIRY,
    ) -> str:
        """Queue a command and return its id. One for a charger that is away fails at once, with the reason.

        ``payload`` of ``remoteStop`` names ``sessionId``. Raises ``Rejected`` for a session that is over or
        not of this charger.
        """
        command, now = self._new_id(), self._clock.now()

        async def plan() -> Plan[None]:
            state = known(await self._application.state(charge_points, charge_point))
            if state is None:
                raise Rejected(f"There is no charger {charge_point.partition('/')[2]}.")
            prepared = await self._preparing.prepared(charge_point, command, action, payload, now)
            ask = RequestCommand(
                command=command,
                company=company,
                charge_point=charge_point,
                action=action,
                payload=prepared.payload,
                by=by,
                at=now,
                expires_at=now + expires_in,
            )
            orders = [Order(charger_commands, command, ask), *prepared.orders]
            if not state.online:
                orders.append(Order(charger_commands, command, NoteFailure(at=now, reason=NOT_CONNECTED)))
            return Plan(orders, None)

        await self._application.perform(plan, Provenance(company, by, action))
        return command

    async def deliver(self, command: str) -> None:
        """Send a queued command through this process's gateway and record the outcome.

        Does nothing for another's charger.
        """
        state = await self._application.state(charger_commands, command)
        if not isinstance(state, Queued):
            return
        request = state.request
        if not self._gateway.holds(request.charge_point):
            return
        why = Provenance(request.company, request.by, f"command:{command}")
        now = self._clock.now()
        try:
            after, _ = await self._application.execute(
                charger_commands,
                command,
                NoteSent(at=now, answer_by=now + self._answer_within + ANSWER_TRAVELS),
                why,
            )
        except Rejected:
            return
        if not isinstance(after, Sent):
            return
        await self._told(request, why)

    async def expire(self, command: str) -> None:
        """Its time is over: it expired unsent, or timed out unanswered."""
        state = await self._application.state(charger_commands, command)
        if not isinstance(state, Queued | Sent):
            return
        request, now = state.request, self._clock.now()
        why = Provenance(request.company, "system:deadlines", f"command:{command}")
        await self._record(
            request, ExpireCommand(at=now), why, "The charger did not answer our request to stop."
        )

    async def _told(self, request: CommandRequested, why: Provenance) -> None:
        try:
            answer = await self._gateway.tell(
                request.charge_point, request.action, request.payload, self._answer_within
            )
        except NotConnected:
            failure = NoteFailure(at=self._clock.now(), reason=NOT_CONNECTED)
            await self._record(request, failure, why, NOT_CONNECTED)
        except TimedOut:
            timeout = NoteTimeout(at=self._clock.now())
            await self._record(request, timeout, why, "The charger did not answer our request to stop.")
        except CallFailed as error:
            await self._record(request, NoteFailure(at=self._clock.now(), reason=str(error)), why, str(error))
        else:
            response = without_secrets(request.action, answer.response)
            noted = NoteAnswer(at=self._clock.now(), accepted=answer.accepted, response=response)
            trouble = "" if answer.accepted else "The charger refused our request to stop."
            await self._record(request, noted, why, trouble)

    async def _record(
        self,
        request: CommandRequested,
        outcome: NoteAnswer | NoteFailure | NoteTimeout | ExpireCommand,
        why: Provenance,
        trouble: str,
    ) -> None:
        """Store the outcome with what follows from it.

        An expected start, or a fault where an idle session goes on.
        """

        async def plan() -> Plan[None]:
            orders = [Order(charger_commands, request.command, outcome)]
            if isinstance(outcome, NoteAnswer):
                accepted, response = outcome.accepted, outcome.response
                orders += await self._preparing.answered(
                    request, accepted=accepted, response=response, at=outcome.at
                )
                orders += after_security_answer(request, accepted=accepted, at=outcome.at)
            accepted = isinstance(outcome, NoteAnswer) and outcome.accepted
            state = known(await self._application.state(charge_points, request.charge_point))
            if state is None:
                return Plan(orders, None)
            if accepted and request.action == "remoteStart":
                awaited = AwaitRemoteStart(
                    command=request.command,
                    connector=int(request.payload.get("plug") or 0),
                    token=str(request.payload.get("token", "")).upper(),
                    until=outcome.at + START_WITHIN,
                )
                orders.append(Order(charge_points, request.charge_point, awaited))
            if trouble and request.by == IDLE_WATCH:
                number = request.payload.get("transaction")
                connector = next(
                    (t.opened.connector for t in state.transactions if t.opened.transaction == number), 0
                )
                orders.append(stop_not_obeyed(state, connector, outcome.at, trouble))
            return Plan(orders, None)

        await self._application.perform(plan, why)

    async def expel(self, charge_point: str) -> None:
        """Hang up on a charger that may not be connected any more, or not with this password."""
        await self._gateway.expel(charge_point)
