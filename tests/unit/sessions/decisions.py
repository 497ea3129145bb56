"""What a session decides on one command after another, and the commands that end it."""

from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.kernel import Event
from eosvolt.domain.sessions.commands import (
    EndCharging,
    MeterEnergy,
    NoteConnector,
    SessionCommand,
)
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import (
    EndReconciled,
    SessionEvent,
)
from eosvolt.domain.sessions.state import Session
from tests.examples import after
from tests.unit.sessions.bills import (
    STARTED,
    readings,
)

# An operator ends the session, of which nobody told a stop.
BY_HAND = EndCharging(at=after(40), received_at=after(40.5), reason="Operator", provisional=True)


def reading(minutes: float, register: int, received: float | None = None) -> MeterEnergy:
    """Register values of this transaction, received at once unless told otherwise."""
    return readings(minutes, register, minutes if received is None else received)


def stop(minutes: float, register: int | None, received: float | None = None) -> EndCharging:
    return EndCharging(
        at=after(minutes),
        received_at=after(minutes if received is None else received),
        reason="Local",
        meter_stop_wh=register,
    )


def late(minutes: float, what: ConnectorStatus, received: float) -> NoteConnector:
    return NoteConnector(status=what, at=after(minutes), received_at=after(received))


def told(*commands: SessionCommand, events: tuple[SessionEvent, ...] = ()) -> tuple[list[Event], Session]:
    """What the last of these decides, and the session after it."""
    state: Session = sessions.fold([STARTED, *events], sessions.initial)
    decided: list[SessionEvent] = []
    for command in commands:
        decided = list(sessions.decide(command, state))
        state = sessions.fold(decided, state)
    return list(decided), state


def moved(*commands: SessionCommand) -> EndReconciled:
    """The one event with which the last of these moves the end."""
    (event,) = [event for event in told(*commands)[0] if isinstance(event, EndReconciled)]
    return event
