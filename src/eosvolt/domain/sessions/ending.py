"""How charging ends and what it costs.

By a stop, by idling, by presumption, and by a stop that comes after all.
"""

from collections.abc import Sequence
from datetime import datetime

from eosvolt.domain.sessions.blocking import credit_fees, reach_fees
from eosvolt.domain.sessions.commands import BillHeldEnergy, EndCharging, MeterEnergy
from eosvolt.domain.sessions.events import (
    HELD_ENERGY_BILLED,
    LATE_READINGS,
    BillCorrected,
    ChargingEnded,
    EndReconciled,
    IdleDetected,
    SessionEvent,
    StopConflicted,
)
from eosvolt.domain.sessions.evolve import evolve
from eosvolt.domain.sessions.readings import meter, meter_late
from eosvolt.domain.sessions.registers import Stop
from eosvolt.domain.sessions.running_bill import RunningBill, Settled
from eosvolt.domain.sessions.state import Blocking, Charging, Closed, End, next_fee_at

# A register that goes mad is told often enough; all its values are in the readings.
MOST_FINDINGS = 20


def end(command: EndCharging, session: Charging) -> Sequence[SessionEvent]:
    """The charging phase ends at ``command.at`` and is billed."""
    metered = meter(MeterEnergy(received_at=command.received_at, readings=command.readings), session)
    known = session
    for event in metered:
        moved = evolve(known, event)
        known = moved if isinstance(moved, Charging) else known
    at = max(command.at, session.start.at)
    wh = command.meter_stop_wh
    stop = None if wh is None else known.running.stop(at, wh, command.received_at)
    settled = known.running.settled(at, stop, session.unplugged_at)
    ended = ChargingEnded(
        place=session.start.place,
        token=session.start.token,
        started_at=session.start.at,
        at=at,
        received_at=command.received_at,
        energy_wh=settled.energy_wh,
        meter_stop_wh=command.meter_stop_wh,
        reason=command.reason,
        bill=settled.bill,
        provisional=command.provisional,
        fee_due_at=_fee_due_at(session, at),
        note=command.note,
        held_wh=settled.held_wh,
        findings=settled.findings[:MOST_FINDINGS],
    )
    return [*metered, ended]


def end_idle(session: Charging, at: datetime) -> Sequence[SessionEvent]:
    """The car took nothing for a full interval.

    Charging is over at ``at``, whatever the charger makes of our stop.
    """
    since = session.suspended_since or at
    stop = EndCharging(at=at, received_at=at, reason="Idle", provisional=True)
    return [IdleDetected(at=at, since=since), *end(stop, session)]


def reconcile(command: EndCharging, session: Blocking | Closed) -> Sequence[SessionEvent]:
    """A stop came after the end: it replaces a provisional one and is only noted beside a final one."""
    last = session.last if isinstance(session, Closed) else session
    if command.meter_stop_wh is None:
        return []
    if not last.end.provisional:
        late = MeterEnergy(received_at=command.received_at, readings=command.readings)
        return [*meter_after_the_end(late, session), *_conflict(command, last)]
    metered = meter_late(command.readings, command.received_at, last.charging)
    charging = last.charging
    running = charging.running
    for event in metered:
        running = running.metered(event.readings)
    stopped_at = max(command.at, charging.start.at)
    # Idling ended the charging phase for good, unless the driver had stopped even before.
    ended_at = min(stopped_at, last.end.at) if last.end.reason == "Idle" else stopped_at
    stop = running.stop(stopped_at, command.meter_stop_wh, command.received_at)
    settled = running.settled(ended_at, stop)
    reconciled = EndReconciled(
        place=charging.start.place,
        token=charging.start.token,
        started_at=charging.start.at,
        ended_at=ended_at,
        previous_ended_at=last.end.at,
        at=stopped_at,
        received_at=command.received_at,
        energy_wh=settled.energy_wh,
        meter_stop_wh=command.meter_stop_wh,
        reason="Idle" if last.end.reason == "Idle" else command.reason,
        bill=settled.bill,
        previous=last.end.bill,
        previous_energy_wh=last.end.energy_wh,
        fee_due_at=None if isinstance(session, Closed) else _fee_after(last, ended_at),
        held_wh=settled.held_wh,
        findings=settled.findings[:MOST_FINDINGS],
    )
    moved = evolve(session, reconciled)
    if not isinstance(moved, Closed):
        return [*metered, reconciled]
    # The plug is free already: what was charged for it follows the end that now holds.
    return [
        *metered,
        reconciled,
        *reach_fees(moved.last, moved.freed_at, freed=True),
        *credit_fees(moved.last, moved.freed_at, moved.freed_at),
    ]


def meter_after_the_end(command: MeterEnergy, session: Blocking | Closed) -> Sequence[SessionEvent]:
    """Readings came after the end: they are kept, and correct the bill where they prove something else."""
    last = session.last if isinstance(session, Closed) else session
    metered = meter_late(command.readings, command.received_at, last.charging)
    if not metered:
        return []
    known = _settled_again(last, session, last.charging.running)
    running = last.charging.running.metered(metered[0].readings)
    settled = _settled_again(last, session, running)
    same = (known.bill, known.energy_wh, known.held_wh) == (settled.bill, settled.energy_wh, settled.held_wh)
    if same or last.end.consented:
        return metered
    return [*metered, _corrected(last, settled, command.received_at)]


def bill_held_energy(command: BillHeldEnergy, session: Blocking | Closed) -> Sequence[SessionEvent]:
    """An operator agrees that what was held back was drawn: it is billed as well."""
    last = session.last if isinstance(session, Closed) else session
    if not last.end.held_wh:
        return []
    energy_wh = last.end.energy_wh + last.end.held_wh
    running = last.charging.running
    bill = running.with_consent(last.end.at, energy_wh, _stop(last.end, running))
    settled = Settled(bill, energy_wh, 0, ())
    return [_corrected(last, settled, command.at, cause=HELD_ENERGY_BILLED, note=command.note)]


def _settled_again(last: Blocking, session: Blocking | Closed, running: RunningBill) -> Settled:
    freed_at = session.freed_at if isinstance(session, Closed) else None
    return running.settled(last.end.at, _stop(last.end, running), last.charging.unplugged_at or freed_at)


def _corrected(
    last: Blocking, settled: Settled, at: datetime, *, cause: str = LATE_READINGS, note: str = ""
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
    """The register that the charger told with its stop, if it did."""
    if end.meter_stop_wh is None:
        return None
    at = end.stopped_at or end.at
    return running.stop(at, end.meter_stop_wh, end.heard_at or at)


def _conflict(command: EndCharging, last: Blocking) -> Sequence[SessionEvent]:
    wh = command.meter_stop_wh
    if wh is None or wh == last.end.meter_stop_wh or (command.at, wh) in last.conflicts:
        return []
    return [
        StopConflicted(
            at=command.at, received_at=command.received_at, meter_stop_wh=wh, reason=command.reason
        )
    ]


def _fee_due_at(session: Charging, ended_at: datetime) -> datetime | None:
    if session.paused_since is not None:
        return None
    return next_fee_at(session.fee, ended_at, 0, session.pauses)


def _fee_after(last: Blocking, ended_at: datetime) -> datetime | None:
    if last.paused_since is not None:
        return None
    return next_fee_at(last.start.tariff.blocking_fee, ended_at, len(last.charged), last.pauses)
