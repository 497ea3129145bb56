"""A session is dated by its charger's clock as it was when the session began, right or wrong.

What we know by our clock is put into that one, and so is what the charger tells after its clock was set. So
all spans of a session are measured with one clock: a charger that is hours behind is neither idle at once nor
blocking for hours, and a clock that is set meanwhile costs nobody anything.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from eosvolt.domain.charge_points.clocks import CLOCKS_DIFFER_S, surely_ahead_s
from eosvolt.domain.sessions.commands import (
    EndCharging,
    FreeConnector,
    MeterEnergy,
    NoteConnection,
    NoteConnector,
    NoteReboot,
    ReachDeadline,
    SessionCommand,
)
from eosvolt.domain.sessions.events import ClockShifted
from eosvolt.domain.sessions.state import Blocking, Charging, Session

SAME_WITHIN_S = 30

Told = NoteConnector | MeterEnergy | EndCharging


def clock_shifted(command: SessionCommand, session: Session) -> Sequence[ClockShifted]:
    """What a report of the charger says of its clock, if that is news."""
    if not isinstance(session, Charging | Blocking) or not isinstance(command, Told):
        return []
    ahead_s = command.ahead_s
    if ahead_s is None or abs(ahead_s - session.ahead_s) <= SAME_WITHIN_S:
        return []
    clock_s = session.clock_s
    if not clock_s and not session.ahead_s:
        # Known for the first time: it was as wrong when the session began, unless it was plainly right then.
        began = session.start
        late = abs((began.at - began.received_at).total_seconds()) > CLOCKS_DIFFER_S
        clock_s = ahead_s if late else 0
    return [ClockShifted(at=command.received_at, ahead_s=ahead_s, clock_s=clock_s)]


def by_its_clock(command: SessionCommand, session: Session) -> SessionCommand:
    """The command with its times as the session's clock would have shown them."""
    if not isinstance(session, Charging | Blocking):
        return command
    match command:
        case ReachDeadline(at=at) | NoteConnection(at=at) | NoteReboot(at=at) | FreeConnector(at=at) if (
            session.clock_s
        ):
            return msgspec.structs.replace(command, at=at + timedelta(seconds=session.clock_s))
        case NoteConnector() | MeterEnergy() | EndCharging() if command.ahead_s is not None:
            return _translated(command, session)
        case _:
            return command


def _translated(command: Told, session: Charging | Blocking) -> Told:
    """What the charger told, as if its clock had not been set since the session began."""
    shown = _shown(command)
    ahead_s = surely_ahead_s(shown, command.received_at) or session.ahead_s
    by = timedelta(seconds=session.clock_s - ahead_s)
    ours = timedelta(seconds=session.clock_s)
    if abs(by.total_seconds()) <= SAME_WITHIN_S:
        by = timedelta(0)
    match command:
        case NoteConnector(at=at, received_at=received_at):
            return msgspec.structs.replace(command, at=at + by, received_at=received_at + ours)
        case MeterEnergy(readings=readings) if by:
            moved = tuple(msgspec.structs.replace(each, at=each.at + by) for each in readings)
            return msgspec.structs.replace(command, readings=moved)
        case EndCharging(at=at, readings=readings) if by:
            moved = tuple(msgspec.structs.replace(each, at=each.at + by) for each in readings)
            return msgspec.structs.replace(command, at=at + by, readings=moved)
        case _:
            return command


def _shown(command: Told) -> datetime:
    """The latest that the charger's clock showed when it told this."""
    if isinstance(command, MeterEnergy):
        return max((each.at for each in command.readings), default=command.received_at)
    return command.at
