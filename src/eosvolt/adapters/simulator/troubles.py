"""What goes wrong at a charger, how often and for how long."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random


@dataclass(frozen=True, slots=True)
class Trouble:
    """A defect of a plug as OCPP and the maker call it, with the minutes it lasts."""

    code: str
    vendor_code: str
    text: str
    minutes: tuple[int, int]
    weight: int


TROUBLES = (
    Trouble("GroundFailure", "E-0417", "Residual current above 30 mA", (6, 90), 3),
    Trouble("ConnectorLockFailure", "E-0211", "Lock motor blocked", (3, 45), 4),
    Trouble("OverCurrentFailure", "E-0302", "L2 above limit", (2, 20), 2),
    Trouble("HighTemperature", "E-0530", "Power module too warm", (15, 120), 2),
    Trouble("EVCommunicationError", "E-0605", "No pilot signal", (1, 10), 3),
    Trouble("PowerMeterFailure", "E-0810", "Meter does not answer", (30, 240), 1),
)


@dataclass(frozen=True, slots=True)
class Luck:
    """Mean times between troubles, in hours: a plug's defects, a charger's lost links and its power cuts."""

    defect_h: float = 160.0
    link_h: float = 60.0
    power_h: float = 700.0

    def next_defect(self, chance: Random, after: datetime) -> datetime:
        """When the plug fails next."""
        return _later(chance, after, self.defect_h)

    def next_link_loss(self, chance: Random, after: datetime) -> datetime:
        """When the connection breaks next."""
        return _later(chance, after, self.link_h)

    def next_power_cut(self, chance: Random, after: datetime) -> datetime:
        """When the power fails next."""
        return _later(chance, after, self.power_h)


def any_trouble(chance: Random) -> Trouble:
    """What it is this time."""
    return chance.choices(TROUBLES, [trouble.weight for trouble in TROUBLES])[0]


def lasts(chance: Random, trouble: Trouble) -> timedelta:
    """How long the defect stays."""
    return timedelta(milliseconds=chance.randint(trouble.minutes[0] * 60_000, trouble.minutes[1] * 60_000))


def silence(chance: Random) -> timedelta:
    """How long a lost link stays lost: mostly seconds, sometimes many minutes."""
    return timedelta(milliseconds=int(min(chance.lognormvariate(4.0, 1.3), 5_400) * 1_000))


def outage(chance: Random) -> timedelta:
    """How long the power is away."""
    return timedelta(milliseconds=chance.randint(40_000, 1_500_000))


def _later(chance: Random, after: datetime, mean_h: float) -> datetime:
    return after + timedelta(milliseconds=int(chance.expovariate(1 / mean_h) * 3_600_000) + 1)
