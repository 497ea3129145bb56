"""Injects faults into simulated chargers: which, how often and for how long."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random


@dataclass(frozen=True, slots=True)
class InjectedFault:
    """A plug's fault: OCPP error code, vendor code, text, and bounds of its duration in minutes."""

    code: str
    vendor_code: str
    text: str
    minutes: tuple[int, int]
    weight: int


INJECTED_FAULTS = (
    InjectedFault("GroundFailure", "E-0417", "Residual current above 30 mA", (6, 90), 3),
    InjectedFault("ConnectorLockFailure", "E-0211", "Lock motor blocked", (3, 45), 4),
    InjectedFault("OverCurrentFailure", "E-0302", "L2 above limit", (2, 20), 2),
    InjectedFault("HighTemperature", "E-0530", "Power module too warm", (15, 120), 2),
    InjectedFault("EVCommunicationError", "E-0605", "No pilot signal", (1, 10), 3),
    InjectedFault("PowerMeterFailure", "E-0810", "Meter does not answer", (30, 240), 1),
)


@dataclass(frozen=True, slots=True)
class FaultRates:
    """Mean times between faults, in hours: a plug's defects, a charger's lost links and its power cuts."""

    defect_h: float = 160.0
    link_h: float = 60.0
    power_h: float = 700.0

    def next_defect(self, rng: Random, after: datetime) -> datetime:
        """The time of the plug's next fault."""
        return _later(rng, after, self.defect_h)

    def next_link_loss(self, rng: Random, after: datetime) -> datetime:
        """The time of the next lost link."""
        return _later(rng, after, self.link_h)

    def next_power_cut(self, rng: Random, after: datetime) -> datetime:
        """The time of the next power outage."""
        return _later(rng, after, self.power_h)


def random_fault(rng: Random) -> InjectedFault:
    """Choose a fault by weight."""
    return rng.choices(INJECTED_FAULTS, [fault.weight for fault in INJECTED_FAULTS])[0]


def fault_duration(rng: Random, fault: InjectedFault) -> timedelta:
    """The duration of a fault."""
    return timedelta(milliseconds=rng.randint(fault.minutes[0] * 60_000, fault.minutes[1] * 60_000))


def link_outage(rng: Random) -> timedelta:
    """The duration of a lost link: usually seconds, sometimes many minutes."""
    return timedelta(milliseconds=int(min(rng.lognormvariate(4.0, 1.3), 5_400) * 1_000))


def power_outage(rng: Random) -> timedelta:
    """The duration of a power outage."""
    return timedelta(milliseconds=rng.randint(40_000, 1_500_000))


def _later(rng: Random, after: datetime, mean_h: float) -> datetime:
    return after + timedelta(milliseconds=int(rng.expovariate(1 / mean_h) * 3_600_000) + 1)
