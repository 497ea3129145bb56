"""A session is dated by its charger's clock, right or wrong: what we know by ours is put into its.

So all spans of a session are measured with one clock, and a charger that is hours behind is neither idle at
once nor blocking for hours.
"""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from eosvolt.domain.sessions.commands import (
    EndCharging,
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


def clock_shifted(command: SessionCommand, session: Session) -> Sequence[ClockShifted]:
    """What a report of the charger says of its clock, if that is news."""
    if not isinstance(session, Charging | Blocking) or not isinstance(
        command, NoteConnector | MeterEnergy | EndCharging
    ):
        return []
    ahead_s = command.ahead_s
    if ahead_s is None or abs(ahead_s - session.ahead_s) <= SAME_WITHIN_S:
        return []
    return [ClockShifted(at=command.received_at, ahead_s=ahead_s)]


def by_its_clock(command: SessionCommand, session: Session) -> SessionCommand:
    """The command with the times that we gave it as the charger's clock showed them."""
    if not isinstance(session, Charging | Blocking) or not session.ahead_s:
        return command
    ahead = timedelta(seconds=session.ahead_s)
    match command:
        case ReachDeadline(at=at) | NoteConnection(at=at) | NoteReboot(at=at):
            return msgspec.structs.replace(command, at=at + ahead)
        case NoteConnector(received_at=received_at):
            return msgspec.structs.replace(command, received_at=received_at + ahead)
        case _:
            return command
