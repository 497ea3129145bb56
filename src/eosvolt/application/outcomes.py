"""What follows from the outcome of a command: an expected start, what is known of the charger, a fault."""

from datetime import timedelta
from typing import assert_never

from eosvolt.application.executor import Application
from eosvolt.application.site import known
from eosvolt.domain.charge_points.commands import AwaitRemoteStart
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import RemoteStartAwaited
from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.charge_points.state import Known
from eosvolt.domain.commands.commands import (
    ExpireCommand,
    NoteAnswer,
    NoteFailure,
    NoteFulfilled,
    NoteTimeout,
)
from eosvolt.domain.commands.decider import charger_commands
from eosvolt.domain.commands.events import (
    CommandAnswered,
    CommandEvent,
    CommandExpired,
    CommandFailed,
    CommandRequested,
    CommandTimedOut,
)
from eosvolt.domain.kernel import Order
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


async def following(
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


def why_no_session(state: Known | None, request: CommandRequested, awaited: RemoteStartAwaited | None) -> str:
    """The sentence that says why a remote start led to nothing, as far as the charger let us know."""
    plug = int(request.payload.get("plug") or 0)
    known_plug = state.plugs.get(plug) if state is not None and plug else None
    if state is None:
        why = "the charger was removed"
    elif not state.online:
        why = "the charger lost its connection"
    elif known_plug is None:
        why = "the charger did not say why"
    else:
        match known_plug.status:
            case ConnectorStatus.AVAILABLE | ConnectorStatus.RESERVED:
                why = "no cable was plugged in"
            case ConnectorStatus.PREPARING:
                why = "a cable was plugged in, but the charger did not begin"
            case ConnectorStatus.FAULTED:
                why = f"the plug has a fault ({known_plug.error_code or 'without a code'})"
            case ConnectorStatus.UNAVAILABLE:
                why = "the plug is out of service"
            case ConnectorStatus.FINISHING:
                why = "the car of the session before is still plugged in"
            case ConnectorStatus.CHARGING | ConnectorStatus.SUSPENDED_EV | ConnectorStatus.SUSPENDED_EVSE:
                why = "another session has the plug"
            case _:
                assert_never(known_plug.status)
    within = "in time" if awaited is None else f"before {awaited.until:%H:%M:%S} UTC"
    return f"No session began {within}: {why}."


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
    patience = CONNECTION_TIME_OUT if seconds is None else timedelta(seconds=seconds)
    awaited = AwaitRemoteStart(
        command=request.command, connector=plug, token=token, until=answered.at + patience + ROOM
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
