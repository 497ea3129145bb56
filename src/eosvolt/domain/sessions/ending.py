"""How charging ends and what it costs.

By a stop, by idling, by presumption, and by a stop that comes after all.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from eosvolt.domain.sessions.blocking import credit_fees, reach_fees
from eosvolt.domain.sessions.commands import EndCharging, MeterEnergy
from eosvolt.domain.sessions.events import (
    Bill,
    ChargingEnded,
    EndReconciled,
    IdleDetected,
    SessionEvent,
    StopConflicted,
)
from eosvolt.domain.sessions.evolve import evolve
from eosvolt.domain.sessions.metering import energy_at_stop
from eosvolt.domain.sessions.readings import meter
from eosvolt.domain.sessions.state import Blocking, Charging, Closed, next_fee_at, paused
from eosvolt.domain.tariffs.energy import EnergyCurve, Reading
from eosvolt.domain.tariffs.rating import rate, total
from eosvolt.domain.tariffs.tariff import Strategy


def end(command: EndCharging, session: Charging) -> Sequence[SessionEvent]:
    """The charging phase ends at ``command.at`` and is billed."""
    metered = meter(MeterEnergy(received_at=command.received_at, readings=command.readings), session)
    known = session
    for event in metered:
        moved = evolve(known, event)
        known = moved if isinstance(moved, Charging) else known
    at = max(command.at, session.start.at)
    energy_wh, curve = _final(known, command.meter_stop_wh, at)
    ended = ChargingEnded(
        place=session.start.place,
        token=session.start.token,
        started_at=session.start.at,
        at=at,
        received_at=command.received_at,
        energy_wh=energy_wh,
        meter_stop_wh=command.meter_stop_wh,
        reason=command.reason,
        bill=_bill(known, at, curve),
        provisional=command.provisional,
        fee_due_at=_fee_due_at(session, at),
        note=command.note,
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
        return _conflict(command, last)
    charging = last.charging
    stopped_at = max(command.at, charging.start.at)
    # Idling ended the charging phase for good, unless the driver had stopped even before.
    ended_at = min(stopped_at, last.end.at) if last.end.reason == "Idle" else stopped_at
    energy_wh, curve = _final(charging, command.meter_stop_wh, stopped_at)
    reconciled = EndReconciled(
        place=charging.start.place,
        token=charging.start.token,
        started_at=charging.start.at,
        ended_at=ended_at,
        previous_ended_at=last.end.at,
        at=stopped_at,
        received_at=command.received_at,
        energy_wh=energy_wh,
        meter_stop_wh=command.meter_stop_wh,
        reason="Idle" if last.end.reason == "Idle" else command.reason,
        bill=_bill(charging, ended_at, curve),
        previous=last.end.bill,
        previous_energy_wh=last.end.energy_wh,
        fee_due_at=None if isinstance(session, Closed) else _fee_after(last, ended_at),
    )
    moved = evolve(session, reconciled)
    if not isinstance(moved, Closed):
        return [reconciled]
    # The plug is free already: what was charged for it follows the end that now holds.
    return [
        reconciled,
        *reach_fees(moved.last, moved.freed_at, freed=True),
        *credit_fees(moved.last, moved.freed_at, moved.freed_at),
    ]


def _conflict(command: EndCharging, last: Blocking) -> Sequence[SessionEvent]:
    wh = command.meter_stop_wh
    if wh is None or wh == last.end.meter_stop_wh or (command.at, wh) in last.conflicts:
        return []
    return [
        StopConflicted(
            at=command.at, received_at=command.received_at, meter_stop_wh=wh, reason=command.reason
        )
    ]


def _final(session: Charging, meter_stop_wh: int | None, at: datetime) -> tuple[int, EnergyCurve]:
    """The session's energy and its curve up to the end."""
    if meter_stop_wh is None:
        return session.meter.energy_wh, session.curve
    until = [reading for reading in session.curve.readings if reading.at <= at] or [session.curve.readings[0]]
    final, _ = energy_at_stop(session.meter, meter_stop_wh, at, until[-1].wh, session.start.max_power_w)
    readings = tuple(
        reading if reading.wh <= final.energy_wh else msgspec.structs.replace(reading, wh=final.energy_wh)
        for reading in session.curve.readings
    )
    curve = EnergyCurve(readings=readings)
    if readings[-1].wh < final.energy_wh:
        curve = curve.add(Reading(at=max(at, readings[-1].at), wh=final.energy_wh))
    return final.energy_wh, curve


def _bill(session: Charging, ended_at: datetime, curve: EnergyCurve) -> Bill:
    tariff = session.start.tariff
    until = ended_at
    if tariff.strategy is Strategy.PER_KWH and curve.readings:
        # Energy that trickled after the end was delivered all the same.
        until = max(ended_at, curve.readings[-1].at)
    throttled = paused(session.throttled, session.throttled_since, until)
    lines = rate(tariff, session.start.at, until, curve, throttled)
    return Bill(lines=tuple(lines), total=total(lines, tariff.currency))


def _fee_due_at(session: Charging, ended_at: datetime) -> datetime | None:
    if session.paused_since is not None:
        return None
    return next_fee_at(session.fee, ended_at, 0, session.pauses)


def _fee_after(last: Blocking, ended_at: datetime) -> datetime | None:
    if last.paused_since is not None:
        return None
    return next_fee_at(last.start.tariff.blocking_fee, ended_at, len(last.charged), last.pauses)
