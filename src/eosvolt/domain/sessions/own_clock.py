"""A session is dated by its charger's clock as it was when the session began, right or wrong.

What we know by our clock is put into that one, and so is what the charger tells after its clock was set. So
all spans of a session are measured with one clock: a charger that is hours behind is neither idle at once nor
blocking for hours, and a clock that is set meanwhile costs nobody anything.

Where nobody knows of it yet, the register tells: it only grows, so what it shows more of was later, whatever
it is dated.
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
    NoteClock,
    NoteConnection,
    NoteConnector,
    NoteReboot,
    ReachDeadline,
    RecallPlug,
    SessionCommand,
)
from eosvolt.domain.sessions.events import ClockShifted
from eosvolt.domain.sessions.metering import Meter
from eosvolt.domain.sessions.observations import Observation
from eosvolt.domain.sessions.registers import Sample, deliverable_wh
from eosvolt.domain.sessions.running_bill import RunningBill
from eosvolt.domain.sessions.state import Blocking, Charging, Closed, Session

SAME_WITHIN_S = 30
# Readings are not further apart, so that what comes within it came when it happened.
LIVE_WITHIN = timedelta(minutes=20)

Told = NoteClock | NoteConnector | MeterEnergy | EndCharging


class Dating(NamedTuple):
    """By how much the clock was ahead that dated a report; ``certain``: so it is from now on."""

    ahead_s: int
    certain: bool


def clock_shifted(command: SessionCommand, session: Session) -> Sequence[ClockShifted]:
    """What a report of the charger says of its clock, if that is news."""
    if not isinstance(session, Charging | Blocking) or not isinstance(command, Told):
        return []
    if command.ahead_s is None or _nothing_odd(command, session):
        return []
    ahead_s, certain = _dating(command, command.ahead_s, session)
    if not certain or abs(ahead_s - session.ahead_s) <= SAME_WITHIN_S:
        return []
    clock_s = session.clock_s
    if not clock_s and not session.ahead_s and _was_so_at_the_start(command, ahead_s, session):
        clock_s = ahead_s
    moved_s = clock_s - session.clock_s
    return [ClockShifted(at=command.received_at, ahead_s=ahead_s, clock_s=clock_s, moved_s=moved_s)]


def by_its_clock(command: SessionCommand, session: Session) -> SessionCommand:
    """The command with its times as the session's clock would have shown them."""
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
        case NoteConnector(ahead_s=said_s) | MeterEnergy(ahead_s=said_s) | EndCharging(ahead_s=said_s) if (
            said_s is not None and not _nothing_odd(command, taking)
        ):
            return _translated(command, _dating(command, said_s, taking).ahead_s, taking)
        case _:
            return command


def _shifted(observations: tuple[Observation, ...], clock_s: int) -> tuple[Observation, ...]:
    by = timedelta(seconds=clock_s)
    return tuple(
        Observation(each.at + by, each.what, None if each.heard_at is None else each.heard_at + by)
        for each in observations
    )


def _nothing_odd(command: Told, session: Charging | Blocking) -> bool:
    """Whether no clock was ever wrong here, nor seems to be now: by far the most common case."""
    if command.ahead_s or session.ahead_s or session.clock_s:
        return False
    shown = _shown(command)
    return -CLOCKS_DIFFER <= shown - command.received_at <= CLOCKS_DIFFER and shown >= _meter(session).last_at


def _dating(command: Told, said_s: int, session: Charging | Blocking) -> Dating:
    """The first of what may be that does not contradict what is sure.

    Sure is that nothing is heard before it happens, and that a register only grows. 0 is also said where
    nobody knows: then a time that fits it must show it.
    """
    shown = _shown(command)
    right = abs(command.received_at - shown) <= CLOCKS_DIFFER
    said = [Dating(said_s, certain=True)] if said_s or right or not session.ahead_s else []
    known = [Dating(session.ahead_s, certain=False), Dating(session.clock_s, certain=False)]
    latest, earliest = command.received_at + _ours(session), _earliest(command, session)
    too_early = False
    for dating in (*said, *known):
        at = shown + timedelta(seconds=session.clock_s - dating.ahead_s)
        if at <= latest + CLOCKS_DIFFER and (
            earliest is None or at >= earliest - CLOCKS_DIFFER or _fits(command, session, at)
        ):
            return dating
        too_early = too_early or at <= latest + CLOCKS_DIFFER
    guessed = isinstance(command, EndCharging) and not _meter(session).sampled
    if too_early and earliest is not None and (guessed or latest - earliest > LIVE_WITHIN):
        # Of what waited in a queue only the order is certain, and so it is of a stop that is dated before its
        # start: the clock may have been set in between, or the start was wrong. No driver pays for a guess.
        latest = earliest
    dated_s = session.clock_s + int((shown - latest).total_seconds())
    return Dating(dated_s, certain=too_early and not guessed)


def _earliest(command: Told, session: Charging | Blocking) -> datetime | None:
    """The last reading that went on from those before, where this one's register proves that it is later.

    One that contradicts its neighbours proves nothing of any clock, nor does one that shows more than the
    plug can have delivered by when it was heard.
    """
    meter = _meter(session)
    match command:
        case EndCharging(meter_stop_wh=register_wh):
            # A stop is the last that is told of a session, also where its car took nothing any more.
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


def _fits(command: Told, session: Charging | Blocking, at: datetime) -> bool:
    """Whether a reading at ``at`` goes in between those before and after it, and so is an old one told late.

    Its register shows more than the last one's all the same where that one was odd.
    """
    if not isinstance(command, MeterEnergy):
        return False
    last = command.readings[-1]
    if last.register_wh is None:
        return False
    return _running(session).evidence.goes_in_between(Sample(at, 0, last.register_wh))


def _was_so_at_the_start(command: Told, ahead_s: int, session: Charging | Blocking) -> bool:
    """Whether a clock that is found to be wrong was so when the session began, rather than set since.

    Not where it was plainly right then, or showed less than it would have. Of what is left that is believed
    which leaves the smaller gap between the last reading and this report.
    """
    start = session.start
    error = start.at - start.received_at
    if abs(error) <= CLOCKS_DIFFER or error > timedelta(seconds=ahead_s) + CLOCKS_DIFFER:
        return False
    if_so = _shown(command) - _meter(session).last_at
    if if_so < -CLOCKS_DIFFER:
        # An old report, or one of a clock that was set back: it tells nothing of gaps.
        return _earliest(command, session) is None
    if_set_since = if_so - timedelta(seconds=ahead_s)
    return if_so <= if_set_since or if_set_since < -CLOCKS_DIFFER


def _translated(command: Told, ahead_s: int, session: Charging | Blocking) -> Told:
    """What the charger told, as if its clock had not been set since the session began."""
    by, ours = timedelta(seconds=session.clock_s - ahead_s), _ours(session)
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


def _meter(session: Charging | Blocking) -> Meter:
    return session.meter if isinstance(session, Charging) else session.charging.meter


def _running(session: Charging | Blocking) -> RunningBill:
    return session.running if isinstance(session, Charging) else session.charging.running


def _ours(session: Charging | Blocking) -> timedelta:
    return timedelta(seconds=session.clock_s)


def _shown(command: Told) -> datetime:
    """The latest that the charger's clock showed when it told this."""
    if isinstance(command, MeterEnergy):
        return max((each.at for each in command.readings), default=command.received_at)
    return command.at
