"""The timebase of a session: its charger's clock as it was when the session began, right or wrong.

Times by our clock, and times of the charger's clock after it was set, are translated into the timebase. So
one clock measures all spans of a session. A charger whose clock is hours behind is neither idle at once nor
blocking for hours, and setting the clock during a session changes no bill.

Before a clock is known to be wrong, the energy register decides the order: it only grows, so a report with
a higher register value happened later, whatever its timestamp says.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from eosvolt.domain.charge_points.clocks import CLOCKS_DIFFER
from eosvolt.domain.sessions.commands import (
    EndCharging,
    FreeConnector,
    MeterEnergy,
    NoteConnection,
    NoteConnector,
    NoteReboot,
    ReachDeadline,
    RecallPlug,
    RecordClockOffset,
    SessionCommand,
)
from eosvolt.domain.sessions.events import ClockOffsetChanged
from eosvolt.domain.sessions.metering import SessionMeter
from eosvolt.domain.sessions.observations import Observation
from eosvolt.domain.sessions.registers import Sample, deliverable_wh
from eosvolt.domain.sessions.running_bill import RunningBill
from eosvolt.domain.sessions.state import Blocking, Charging, Closed, Session

SAME_WITHIN_S = 30
# The longest usual distance between readings: a report within it of the last one was not delayed.
LIVE_WITHIN = timedelta(minutes=20)

TimedCommand = RecordClockOffset | NoteConnector | MeterEnergy | EndCharging


class Dating(NamedTuple):
    """The offset of the clock that dated a report, in seconds ahead of ours.

    ``certain``: it also applies to later reports.
    """

    clock_offset_s: int
    certain: bool


def clock_offset_changes(command: SessionCommand, session: Session) -> Sequence[ClockOffsetChanged]:
    """The change of the clock offset that a report of the charger proves; empty where it proves none."""
    if not isinstance(session, Charging | Blocking) or not isinstance(command, TimedCommand):
        return []
    if command.clock_offset_s is None or _dates_are_plausible(command, session):
        return []
    clock_offset_s, certain = _dating(command, command.clock_offset_s, session)
    if not certain or abs(clock_offset_s - session.clock_offset_s) <= SAME_WITHIN_S:
        return []
    clock_s = session.clock_s
    if not clock_s and not session.clock_offset_s and _was_so_at_the_start(command, clock_offset_s, session):
        clock_s = clock_offset_s
    moved_s = clock_s - session.clock_s
    return [
        ClockOffsetChanged(
            at=command.received_at, clock_offset_s=clock_offset_s, clock_s=clock_s, moved_s=moved_s
        )
    ]


def by_its_clock(command: SessionCommand, session: Session) -> SessionCommand:
    """The command with its times translated into the session's timebase."""
    taking = session.last if isinstance(session, Closed) else session
    if not isinstance(taking, Charging | Blocking):
        return command
    match command:
        case RecallPlug(observations=observations) if taking.clock_s:
            return msgspec.structs.replace(command, observations=_shifted(observations, taking.clock_s))
        case ReachDeadline(at=at) | NoteConnection(at=at) | NoteReboot(at=at) | FreeConnector(at=at) if (
            taking.clock_s
        ):
            return msgspec.structs.replace(command, at=at + timedelta(seconds=taking.clock_s))
        case (
            NoteConnector(clock_offset_s=reported_offset_s)
            | MeterEnergy(clock_offset_s=reported_offset_s)
            | EndCharging(clock_offset_s=reported_offset_s)
        ) if reported_offset_s is not None and not _dates_are_plausible(command, taking):
            return _translated(command, _dating(command, reported_offset_s, taking).clock_offset_s, taking)
        case _:
            return command


def _shifted(observations: tuple[Observation, ...], clock_s: int) -> tuple[Observation, ...]:
    by = timedelta(seconds=clock_s)
    return tuple(
        Observation(each.at + by, each.what, None if each.heard_at is None else each.heard_at + by)
        for each in observations
    )


def _dates_are_plausible(command: TimedCommand, session: Charging | Blocking) -> bool:
    """Whether no offset is known and the report shows none, which is the common case."""
    if command.clock_offset_s or session.clock_offset_s or session.clock_s:
        return False
    shown = _shown(command)
    return -CLOCKS_DIFFER <= shown - command.received_at <= CLOCKS_DIFFER and shown >= _meter(session).last_at


def _dating(command: TimedCommand, reported_offset_s: int, session: Charging | Blocking) -> Dating:
    """The first candidate offset that contradicts none of the certain facts.

    Two facts are certain: nothing is received before it happens, and a register only grows. An offset of
    0 may also mean that it is not known; it is used only where the report's own time agrees with it.
    """
    shown = _shown(command)
    right = abs(command.received_at - shown) <= CLOCKS_DIFFER
    reported = (
        [Dating(reported_offset_s, certain=True)]
        if reported_offset_s or right or not session.clock_offset_s
        else []
    )
    known = [Dating(session.clock_offset_s, certain=False), Dating(session.clock_s, certain=False)]
    latest, earliest = command.received_at + _ours(session), _earliest(command, session)
    too_early = False
    for dating in (*reported, *known):
        at = shown + timedelta(seconds=session.clock_s - dating.clock_offset_s)
        if at <= latest + CLOCKS_DIFFER and (
            earliest is None or at >= earliest - CLOCKS_DIFFER or _fits(command, session, at)
        ):
            return dating
        too_early = too_early or at <= latest + CLOCKS_DIFFER
    guessed = isinstance(command, EndCharging) and not _meter(session).sampled
    if too_early and earliest is not None and (guessed or latest - earliest > LIVE_WITHIN):
        # Of messages that waited in a queue only the order is certain. The same holds for a stop that is
        # dated before its start: the clock may have been set in between, or the start was wrong. Take the
        # earliest possible time, so that no driver pays for a guess.
        latest = earliest
    dated_s = session.clock_s + int((shown - latest).total_seconds())
    return Dating(dated_s, certain=too_early and not guessed)


def _earliest(command: TimedCommand, session: Charging | Blocking) -> datetime | None:
    """The time of the last plausible reading, where this report's register proves that it is later.

    ``None`` where the register proves nothing: it is missing, it does not exceed the last one, or it
    exceeds what the plug can have delivered by the time the report was received.
    """
    meter = _meter(session)
    match command:
        case EndCharging(meter_stop_wh=register_wh):
            # A stop is the last report of a session, also where the car drew nothing after the last reading.
            least_wh = meter.last_wh
        case MeterEnergy(readings=(*_, last)):
            register_wh, least_wh = last.register_wh, meter.last_wh + 1
        case _:
            return None
    if register_wh is None or register_wh < least_wh:
        return None
    heard_at = command.received_at + _ours(session)
    most_wh = deliverable_wh(meter.register_at, heard_at, _running(session).evidence.power_w)
    return meter.register_at if register_wh - meter.last_wh <= most_wh else None


def _fits(command: TimedCommand, session: Charging | Blocking, at: datetime) -> bool:
    """Whether a reading at ``at`` fits between its neighbours: then it is an old one, delivered late."""
    if not isinstance(command, MeterEnergy):
        return False
    last = command.readings[-1]
    if last.register_wh is None:
        return False
    return _running(session).evidence.goes_in_between(Sample(at, 0, last.register_wh))


def _was_so_at_the_start(command: TimedCommand, clock_offset_s: int, session: Charging | Blocking) -> bool:
    """Whether a clock that is found to be wrong was wrong already when the session began.

    It was not if the start's time was right, or later than the offset allows. Otherwise choose the answer
    that leaves the smaller gap between the last reading and this report.
    """
    start = session.start
    error = start.at - start.received_at
    if abs(error) <= CLOCKS_DIFFER or error > timedelta(seconds=clock_offset_s) + CLOCKS_DIFFER:
        return False
    if_so = _shown(command) - _meter(session).last_at
    if if_so < -CLOCKS_DIFFER:
        # An old report, or one of a clock that was set back: the gap says nothing.
        return _earliest(command, session) is None
    if_set_since = if_so - timedelta(seconds=clock_offset_s)
    return if_so <= if_set_since or if_set_since < -CLOCKS_DIFFER


def _translated(command: TimedCommand, clock_offset_s: int, session: Charging | Blocking) -> TimedCommand:
    """The report as if the charger's clock had not been set since the session began."""
    by, ours = timedelta(seconds=session.clock_s - clock_offset_s), _ours(session)
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


def _meter(session: Charging | Blocking) -> SessionMeter:
    return session.meter if isinstance(session, Charging) else session.charging.meter


def _running(session: Charging | Blocking) -> RunningBill:
    return session.running if isinstance(session, Charging) else session.charging.running


def _ours(session: Charging | Blocking) -> timedelta:
    return timedelta(seconds=session.clock_s)


def _shown(command: TimedCommand) -> datetime:
    """The latest time that the charger's clock showed in this report."""
    if isinstance(command, MeterEnergy):
        return max((each.at for each in command.readings), default=command.received_at)
    return command.at
