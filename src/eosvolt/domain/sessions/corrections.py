"""What corrects a bill after the end: late readings, consent to held energy, other terms, another stop."""

from collections.abc import Sequence
from datetime import datetime

from eosvolt.domain.sessions.commands import BillHeldEnergy, EndCharging, MeterEnergy
from eosvolt.domain.sessions.events import (
    BOOKED_TERMS,
    HELD_ENERGY_BILLED,
    LATE_READINGS,
    BillCorrected,
    SessionEvent,
    StopConflicted,
)
from eosvolt.domain.sessions.evolve import running_of
from eosvolt.domain.sessions.readings import meter_late
from eosvolt.domain.sessions.registers import Stop
from eosvolt.domain.sessions.running_bill import RunningBill, SettledBill
from eosvolt.domain.sessions.state import Blocking, Closed, End

# Limits the findings of a broken register in one event; the readings hold all its values.
MOST_FINDINGS = 20


def meter_after_the_end(command: MeterEnergy, session: Blocking | Closed) -> Sequence[SessionEvent]:
    """Record readings after the end; correct the bill if it changes, unless an operator consented to it."""
    last = session.last if isinstance(session, Closed) else session
    metered = meter_late(command.readings, command.received_at, last.charging)
    if not metered:
        return []
    known = _settled_again(last, session, running_of(last))
    running = running_of(last).metered(metered[0].readings)
    settled = _settled_again(last, session, running)
    same = (known.bill, known.energy_wh, known.held_wh) == (settled.bill, settled.energy_wh, settled.held_wh)
    if same or last.end.consented:
        return metered
    return [*metered, _corrected(last, settled, command.received_at)]


def bill_again(session: Blocking | Closed, at: datetime) -> Sequence[BillCorrected]:
    """The bill under the terms that the booked session has now, if that is another one."""
    last = session.last if isinstance(session, Closed) else session
    running = running_of(last)
    settled = _settled_again(last, session, running)
    if last.end.consented:
        bill = running.with_consent(last.end.at, last.end.energy_wh, _stop(last.end, running))
        settled = SettledBill(bill, last.end.energy_wh, last.end.held_wh, ())
    if settled.bill == last.end.bill:
        return []
    return [_corrected(last, settled, at, cause=BOOKED_TERMS)]


def bill_held_energy(command: BillHeldEnergy, session: Blocking | Closed) -> Sequence[SessionEvent]:
    """Bill held energy, all or ``command.wh``, with an operator's consent; no events if none is held."""
    last = session.last if isinstance(session, Closed) else session
    if not last.end.held_wh:
        return []
    agreed_wh = last.end.held_wh if command.wh is None else min(command.wh, last.end.held_wh)
    energy_wh = last.end.energy_wh + agreed_wh
    running = running_of(last)
    bill = running.with_consent(last.end.at, energy_wh, _stop(last.end, running))
    settled = SettledBill(bill, energy_wh, last.end.held_wh - agreed_wh, ())
    return [_corrected(last, settled, command.at, cause=HELD_ENERGY_BILLED, note=command.note)]


def _settled_again(last: Blocking, session: Blocking | Closed, running: RunningBill) -> SettledBill:
    freed_at = session.freed_at if isinstance(session, Closed) else None
    return running.settled(last.end.at, _stop(last.end, running), last.charging.unplugged_at or freed_at)


def _corrected(
    last: Blocking, settled: SettledBill, at: datetime, *, cause: str = LATE_READINGS, note: str = ""
) -> BillCorrected:
    return BillCorrected(
        place=last.start.place,
        token=last.start.token,
        started_at=last.start.at,
        ended_at=last.end.at,
        at=at,
        cause=cause,
        energy_wh=settled.energy_wh,
        bill=settled.bill,
        previous=last.end.bill,
        previous_energy_wh=last.end.energy_wh,
        held_wh=settled.held_wh,
        findings=settled.findings[:MOST_FINDINGS],
        note=note,
    )


def _stop(end: End, running: RunningBill) -> Stop | None:
    """The register value of the charger's stop; ``None`` without one."""
    if end.meter_stop_wh is None:
        return None
    at = end.stopped_at or end.at
    return running.stop(at, end.meter_stop_wh, end.heard_at or at)


def conflicting_stop(command: EndCharging, last: Blocking) -> Sequence[SessionEvent]:
    """The record of a stop with another register value than the end that holds, once."""
    wh = command.meter_stop_wh
    if wh is None or wh == last.end.meter_stop_wh or (command.at, wh) in last.conflicts:
        return []
    at, received_at, reason = command.at, command.received_at, command.reason
    return [StopConflicted(at=at, received_at=received_at, meter_stop_wh=wh, reason=reason)]
