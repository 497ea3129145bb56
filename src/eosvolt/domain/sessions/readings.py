"""The events of new meter readings, during a session's charging phase and after its end."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from eosvolt.domain.charge_points.reports import RankedReading, Reading
from eosvolt.domain.sessions.commands import MeterEnergy
from eosvolt.domain.sessions.events import EnergyMetered, SessionEvent, SessionReading
from eosvolt.domain.sessions.plug_events import ChargingResumed
from eosvolt.domain.sessions.running_bill import RunningBill
from eosvolt.domain.sessions.state import Charging

# Energy flows above this power, which is more than standby, over a time that is long for a register's step.
FLOWING_W = 500
SHORTEST_FLOW_SECONDS = 10.0


def meter(command: MeterEnergy, session: Charging) -> Sequence[SessionEvent]:
    """Return one event for the new readings of a message and one for late ones; empty if all are known.

    A ``ChargingResumed`` follows if the readings show that a suspended plug delivers energy.
    """
    events: list[SessionEvent] = []
    fresh: list[SessionReading] = []
    late: list[SessionReading] = []
    running, known = session.running, session.meter
    flowed_at: datetime | None = None
    for reading in command.readings:
        if reading.at < session.start.at or _after_the_car(reading, session):
            continue
        if not command.timed and known.sampled and (reading.register_wh or known.last_wh) < known.last_wh:
            # Take a lower register without a plausible time for an old one, not for a reset.
            continue
        each = session_reading(reading)
        moved = running.metered((each,))
        if reading.at < known.last_at or (reading.at == known.last_at and (known.sampled or fresh)):
            if moved is not running:
                running = moved
                late.append(_understood(each, running))
            continue
        if reading.at == known.last_at and (moved is running or reading.register_wh in {None, known.last_wh}):
            continue
        # The gain counts from the last plausible value, not from an odd one in between.
        since = known.last_at if reading.register_wh is None else known.register_at
        if known.sampled and _flows(session, since, running.energy_wh, reading.at, moved.energy_wh):
            flowed_at = reading.at
        running = moved
        known = known.after(each, plausible=running.evidence.tail_wh is not None)
        fresh.append(msgspec.structs.replace(each, energy_wh=running.energy_wh))
    if fresh:
        events.append(_metered(session, command.received_at, fresh))
    if late:
        events.append(_metered(session, command.received_at, late, late=True))
    if flowed_at is not None:
        events.append(ChargingResumed(at=flowed_at, plug=session.start.place.plug))
    return events


def meter_late(
    readings: Sequence[Reading], received_at: datetime, session: Charging
) -> Sequence[EnergyMetered]:
    """Return the event of the new ones among readings that came after the end; empty if all are known."""
    running = session.running
    late: list[SessionReading] = []
    for reading in readings:
        if reading.at < session.start.at:
            continue
        each = session_reading(reading)
        moved = running.metered((each,))
        if moved is not running:
            running = moved
            late.append(_understood(each, running))
    return [_metered(session, received_at, late, late=True)] if late else []


def session_reading(reading: Reading) -> SessionReading:
    """A reading as events store it, with ``energy_wh`` still 0."""
    ranked = reading if isinstance(reading, RankedReading) else None
    return SessionReading(
        at=reading.at,
        energy_wh=0,
        register_wh=reading.register_wh,
        power_w=reading.power_w,
        current_a=reading.current_a,
        voltage_v=reading.voltage_v,
        soc_percent=reading.soc_percent,
        rank=0 if ranked is None else ranked.rank,
        registers=() if ranked is None else ranked.registers,
        interval_wh=None if reading.register_wh is not None else reading.interval_wh,
    )


def read(kept: SessionReading) -> Reading:
    """The reading that ``session_reading`` stored; its inverse."""
    return RankedReading(
        at=kept.at,
        register_wh=kept.register_wh,
        power_w=kept.power_w,
        current_a=kept.current_a,
        voltage_v=kept.voltage_v,
        soc_percent=kept.soc_percent,
        rank=kept.rank,
        registers=kept.registers,
        interval_wh=kept.interval_wh,
    )


def _flows(session: Charging, since: datetime, before_wh: int, at: datetime, then_wh: int) -> bool:
    """Whether energy flowed between two readings although the plug was reported suspended.

    Some chargers stay in SuspendedEV while the car charges. That is not idling.
    """
    suspended = session.suspended_since
    if suspended is None or session.unplugged_at is not None or since < suspended:
        return False
    seconds = (at - since).total_seconds()
    return seconds >= SHORTEST_FLOW_SECONDS and (then_wh - before_wh) * 3600 > FLOWING_W * seconds


def _after_the_car(reading: Reading, session: Charging) -> bool:
    """Whether the car had left before the reading, whose energy then belongs to another session."""
    return session.unplugged_at is not None and reading.at > session.unplugged_at


def _understood(late: SessionReading, running: RunningBill) -> SessionReading:
    """A late reading with the energy that all evidence proves for its instant."""
    known = running.evidence.explained(until=late.at).readings
    return msgspec.structs.replace(late, energy_wh=known[-1].wh)


def _metered(
    session: Charging, received_at: datetime, readings: list[SessionReading], *, late: bool = False
) -> EnergyMetered:
    return EnergyMetered(
        plug=session.start.place.plug, received_at=received_at, readings=tuple(readings), late=late
    )
