"""A session is dated by its charger's clock as it was when the session began, right or wrong.

What we know by our clock is put into that one, and so is what the charger tells after its clock was set. So
all spans of a session are measured with one clock: a charger that is hours behind is neither idle at once nor
blocking for hours, and a clock that is set meanwhile costs nobody anything.

Where nobody knows of it yet, the register tells: it only grows, so what it shows more of was later, whatever
it is dated.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from eosvolt.domain.charge_points.clocks import CLOCKS_DIFFER_S, surely_ahead_s
from eosvolt.domain.sessions.commands import (
    EndCharging,
    FreeConnector,
    MeterEnergy,
    NoteClock,
    NoteConnection,
    NoteConnector,
    NoteReboot,
    ReachDeadline,
    SessionCommand,
)
from eosvolt.domain.sessions.events import ClockShifted
from eosvolt.domain.sessions.state import Blocking, Charging, Session

SAME_WITHIN_S = 30
# Readings are not further apart, so that what comes within it came when it happened.
LIVE_WITHIN = timedelta(minutes=20)

Told = NoteClock | NoteConnector | MeterEnergy | EndCharging


def clock_shifted(command: SessionCommand, session: Session) -> Sequence[ClockShifted]:
    """What a report of the charger says of its clock, if that is news."""
    if not isinstance(session, Charging | Blocking) or not isinstance(command, Told):
        return []
    said_s = _said(command, session)
    proven_s = _proven(command, session, said_s)
    ahead_s = said_s if proven_s is None else proven_s
    if ahead_s is None or abs(ahead_s - session.ahead_s) <= SAME_WITHIN_S:
        return []
    clock_s = session.clock_s
    if not clock_s and not session.ahead_s:
        began = session.start
        if proven_s is not None:
            # It was another clock that the session began with: right, as far as one can know.
            clock_s = surely_ahead_s(began.at, began.received_at)
        elif abs((began.at - began.received_at).total_seconds()) > CLOCKS_DIFFER_S:
            # Known for the first time, and plainly not right when the session began: it was as wrong then.
            clock_s = ahead_s
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


def _said(command: Told, session: Charging | Blocking) -> int | None:
    """What is said of the clock. 0 is also said where nobody knows: then a time that fits it must show it."""
    if command.ahead_s != 0 or not session.ahead_s:
        return command.ahead_s
    shown = _shown(command)
    lag_s = (command.received_at - shown).total_seconds()
    impossible = lag_s + session.ahead_s < -CLOCKS_DIFFER_S
    return 0 if abs(lag_s) <= CLOCKS_DIFFER_S or impossible else session.ahead_s


def _proven(command: Told, session: Charging | Blocking, said_s: int | None) -> int | None:
    """By how much the clock must be ahead instead, where the register proves that it was set back.

    What came within a reading's distance came when it happened; of what waited in a queue only the order is
    certain.
    """
    if not isinstance(session, Charging) or isinstance(command, NoteClock | NoteConnector) or said_s is None:
        return None
    meter, register_wh, shown = session.meter, _register(command), _shown(command)
    # A stop is the last that is told of a session, also where its car took nothing any more.
    least = meter.last_wh if isinstance(command, EndCharging) else meter.last_wh + 1
    if register_wh is None or register_wh < least or not meter.sampled:
        return None
    ours = timedelta(seconds=session.clock_s)
    said = surely_ahead_s(shown, command.received_at) or said_s
    if shown + ours - timedelta(seconds=said) >= meter.last_at - timedelta(seconds=CLOCKS_DIFFER_S):
        return None
    heard = command.received_at + ours
    was = heard if heard - meter.last_at <= LIVE_WITHIN else meter.last_at
    return session.clock_s + int((shown - was).total_seconds())


def _translated(command: Told, session: Charging | Blocking) -> Told:
    """What the charger told, as if its clock had not been set since the session began."""
    ahead_s = surely_ahead_s(_shown(command), command.received_at) or session.ahead_s
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


def _register(command: MeterEnergy | EndCharging) -> int | None:
    """The register when this was told."""
    if isinstance(command, EndCharging):
        return command.meter_stop_wh
    return command.readings[-1].register_wh if command.readings else None


def _shown(command: Told) -> datetime:
    """The latest that the charger's clock showed when it told this."""
    if isinstance(command, MeterEnergy):
        return max((each.at for each in command.readings), default=command.received_at)
    return command.at
