"""What new readings add to a running session."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from eosvolt.domain.charge_points.reports import Reading
from eosvolt.domain.sessions.commands import MeterEnergy
from eosvolt.domain.sessions.events import (
    ChargingResumed,
    EnergyMetered,
    RegisterRebased,
    SessionEvent,
    SessionReading,
)
from eosvolt.domain.sessions.metering import Meter, advance, energy_then
from eosvolt.domain.sessions.state import Charging
from eosvolt.domain.tariffs.energy import Reading as CurveReading

# More than a car takes that only keeps itself warm, over longer than a register's step may mislead.
FLOWING_W = 500
SHORTEST_FLOW_SECONDS = 10.0


def meter(command: MeterEnergy, session: Charging) -> Sequence[SessionEvent]:
    """One event for the new readings of a message, one for those that came late.

    And every break of the register.
    """
    events: list[SessionEvent] = []
    fresh: list[SessionReading] = []
    late: list[SessionReading] = []
    now = session.meter
    flowed_at: datetime | None = None
    for reading in command.readings:
        if reading.at < session.start.at or _after_the_car(reading, session):
            continue
        if reading.at < now.last_at:
            late.extend(_late(reading, now, session))
            continue
        if reading.at == now.last_at and not _news(reading, now):
            continue
        if not command.timed and _falls(reading, now):
            # Out of order rather than begun anew; where it was, the stop's register tells.
            continue
        before = now
        now, broken, understood = _read(reading, before, session.start.max_power_w)
        if broken is None and _flows(before, now, session):
            flowed_at = reading.at
        if broken is not None:
            if fresh:
                events.append(_metered(command, session, fresh))
                fresh = []
            events.append(broken)
        fresh.append(understood)
    if fresh:
        events.append(_metered(command, session, fresh))
    if late:
        events.append(_metered(command, session, late, late=True))
    if flowed_at is not None:
        events.append(ChargingResumed(at=flowed_at, plug=session.start.place.plug))
    return events


def _flows(before: Meter, now: Meter, session: Charging) -> bool:
    """Whether a car that was reported to take nothing charged all the same between two readings since then.

    Some chargers stay in SuspendedEV while they charge; their drivers do not idle.
    """
    since = session.suspended_since
    if since is None or session.unplugged_at is not None or not before.sampled or before.last_at < since:
        return False
    seconds = (now.last_at - before.last_at).total_seconds()
    return (
        seconds >= SHORTEST_FLOW_SECONDS and (now.energy_wh - before.energy_wh) * 3600 > FLOWING_W * seconds
    )


def _after_the_car(reading: Reading, session: Charging) -> bool:
    """Whether the car had left already: then it is another one's energy."""
    return session.unplugged_at is not None and reading.at > session.unplugged_at


def _read(
    reading: Reading, now: Meter, max_power_w: int
) -> tuple[Meter, RegisterRebased | None, SessionReading]:
    broken: RegisterRebased | None = None
    if reading.register_wh is not None:
        then, rebase = advance(now, reading.register_wh, reading.at, max_power_w)
        if rebase is not None:
            broken = RegisterRebased(
                at=reading.at,
                cause=rebase.cause,
                before_wh=rebase.before_wh,
                after_wh=rebase.after_wh,
                base_wh=then.base_wh,
                origin_wh=then.origin_wh,
                relative=then.relative,
            )
    elif reading.interval_wh is not None and not now.sampled:
        # Chargers that only tell intervals: the session's energy is their sum.
        added = now.energy_wh + max(reading.interval_wh, 0)
        then = msgspec.structs.replace(now, energy_wh=added, last_at=reading.at)
    else:
        then = msgspec.structs.replace(now, last_at=reading.at)
    return then, broken, _understood(reading, then.energy_wh)


def _late(reading: Reading, now: Meter, session: Charging) -> Sequence[SessionReading]:
    """A reading older than the last one, if it can still change the price of anything."""
    if reading.register_wh is None:
        return ()
    energy = energy_then(now, reading.register_wh)
    if energy is None:
        return ()
    curve = session.curve.add(CurveReading(at=reading.at, wh=energy)).thinned(session.start.tariff)
    return () if curve.readings == session.curve.readings else (_understood(reading, energy),)


def _falls(reading: Reading, now: Meter) -> bool:
    return now.sampled and reading.register_wh is not None and reading.register_wh < now.last_wh


def _news(reading: Reading, now: Meter) -> bool:
    """Whether a reading of the very instant of the last one says more than that did."""
    if not now.sampled:
        return reading.register_wh is not None and reading.register_wh != now.last_wh
    return reading.register_wh is not None and reading.register_wh > now.last_wh


def _understood(reading: Reading, energy_wh: int) -> SessionReading:
    return SessionReading(
        at=reading.at,
        energy_wh=energy_wh,
        register_wh=reading.register_wh,
        power_w=reading.power_w,
        current_a=reading.current_a,
        voltage_v=reading.voltage_v,
        soc_percent=reading.soc_percent,
    )


def _metered(
    command: MeterEnergy, session: Charging, readings: list[SessionReading], *, late: bool = False
) -> EnergyMetered:
    return EnergyMetered(
        plug=session.start.place.plug,
        received_at=command.received_at,
        readings=tuple(readings),
        late=late,
    )
