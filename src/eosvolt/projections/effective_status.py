"""The effective state of a plug, where its power contradicts its last report.

Some chargers never leave a suspended state while they charge, others stay in Charging when the car is full.
Both the reported and the effective state are shown.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.sessions.events import SessionReading

QUIET_BELOW_W = 100
QUIET_BELOW_A = 0.5
QUIET_FOR = timedelta(minutes=3)
FLOWING_ABOVE_W = 500
FLOWING_SAMPLES = 2
SUSPENDED = (ConnectorStatus.SUSPENDED_EV, ConnectorStatus.SUSPENDED_EVSE)


class Effect(NamedTuple):
    """What is seen of a plug since its last report.

    ``status`` is empty while it does what it reported; ``quiet_since`` when it was first seen to deliver
    nothing, ``flowing`` how many samples in a row delivered something.
    """

    status: str = ""
    quiet_since: datetime | None = None
    flowing: int = 0


AS_REPORTED = Effect()


def seen(reported: str, before: Effect, reading: SessionReading) -> Effect:
    """The effect after a reading of a plug that ``reported`` a state; one without power changes nothing."""
    power, current = reading.power_w, reading.current_a
    if power is None and current is None:
        return before
    quiet = power < QUIET_BELOW_W if power is not None else current is not None and current < QUIET_BELOW_A
    if reported == ConnectorStatus.CHARGING:
        if not quiet:
            return AS_REPORTED
        since = before.quiet_since or reading.at
        suspended = reading.at - since >= QUIET_FOR
        return Effect(ConnectorStatus.SUSPENDED_EV.value if suspended else "", quiet_since=since)
    if reported in SUSPENDED and power is not None and power > FLOWING_ABOVE_W:
        flowing = min(before.flowing + 1, FLOWING_SAMPLES)
        charging = flowing == FLOWING_SAMPLES
        return Effect(ConnectorStatus.CHARGING.value if charging else "", flowing=flowing)
    return AS_REPORTED
