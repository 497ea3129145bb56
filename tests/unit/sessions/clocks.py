"""A session and the clocks that date its reports."""

from eosvolt.domain.charge_points.reports import Reading
from eosvolt.domain.kernel import Event
from eosvolt.domain.sessions.commands import (
    MeterEnergy,
    RecordClockOffset,
    SessionCommand,
)
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import ClockOffsetChanged, EnergyMetered, SessionReading
from eosvolt.domain.sessions.session_timebase import clock_offset_changes
from eosvolt.domain.sessions.state import Session
from tests.examples import MORNING, after
from tests.unit.sessions.bills import PLACE, started

TWO_HOURS_S = 7200
LAST = EnergyMetered(
    plug=PLACE.plug,
    received_at=after(125),
    readings=(SessionReading(at=after(5), energy_wh=1000, register_wh=2000),),
)


def session(*events: Event) -> Session:
    return sessions.fold(list(events), sessions.initial)  # type: ignore[arg-type] # of one session


def reading(minutes: float, register: int, received: float, clock_offset_s: int) -> MeterEnergy:
    told = Reading(at=after(minutes), register_wh=register)
    return MeterEnergy(received_at=after(received), readings=(told,), clock_offset_s=clock_offset_s)


def known(at: float, received: float, clock_offset_s: int) -> RecordClockOffset:
    return RecordClockOffset(at=after(at), received_at=after(received), clock_offset_s=clock_offset_s)


def offsets(command: SessionCommand, state: Session) -> tuple[int, int, int] | None:
    """The clock's offset that is found, the one of the session's clock, and by how much that moved."""
    found = clock_offset_changes(command, state)
    if not found:
        return None
    (change,) = found
    assert isinstance(change, ClockOffsetChanged)
    return change.clock_offset_s, change.clock_s, change.moved_s


AHEAD = started(at=after(120), received_at=MORNING)
