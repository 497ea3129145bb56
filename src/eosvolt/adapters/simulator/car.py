"""A simulated car: a battery with a charging curve.

Power is constant within each percent of charge, and energy is a whole number of millijoules. So the energy at
a time is exact and does not depend on how often it was computed in between.
"""

from dataclasses import dataclass
from random import Random

MILLIJOULES_PER_WH = 3_600_000
AC_KNEE_PERCENT = 97
LEAST_W = 500


@dataclass(frozen=True, slots=True)
class CarModel:
    """The data sheet of a car.

    On direct current the curve is flat up to ``knee_percent`` and falls in a straight line to ``last_w`` at
    100 %; on alternating current only the last percents are slow.
    """

    name: str
    battery_wh: int
    ac_max_w: int
    dc_max_w: int
    knee_percent: int
    last_w: int
    dc_volts: int = 400


MODELS = (
    CarModel("city car", 24_000, 6_600, 40_000, 70, 4_000),
    CarModel("compact", 52_000, 11_000, 100_000, 55, 8_000),
    CarModel("saloon", 75_000, 11_000, 190_000, 45, 9_000),
    CarModel("estate", 77_000, 11_000, 135_000, 50, 9_000),
    CarModel("sports car", 93_000, 22_000, 270_000, 60, 12_000, 800),
    CarModel("van", 68_000, 11_000, 90_000, 65, 9_000),
    CarModel("old hatchback", 39_000, 3_700, 46_000, 60, 4_000),
)


class Car:
    """One car with the current charge of its battery."""

    def __init__(self, model: CarModel, percent: int) -> None:
        """A car that is ``percent`` full."""
        self.model = model
        self._capacity = model.battery_wh * MILLIJOULES_PER_WH
        self._stored = self._capacity * percent // 100

    @property
    def soc_percent(self) -> int:
        """The state of charge, rounded down."""
        return self._stored * 100 // self._capacity

    @property
    def is_full(self) -> bool:
        """Whether the battery is full."""
        return self._stored >= self._capacity

    def power_w(self, limit_w: int, *, direct: bool) -> int:
        """The power in W that the car draws from a plug that offers ``limit_w``.

        ``direct``: the plug delivers direct current.
        """
        return 0 if self.is_full else self._power_at(self.soc_percent, limit_w, direct=direct)

    def charge(self, milliseconds: int, limit_w: int, *, direct: bool) -> int:
        """Charge for some time and return the energy taken, in millijoules."""
        before = self._stored
        while milliseconds > 0 and not self.is_full:
            percent = self.soc_percent
            power = self._power_at(percent, limit_w, direct=direct)
            if power <= 0:
                break
            step = min(milliseconds, -((self._stored - self._bound(percent + 1)) // power))
            self._stored += step * power
            milliseconds -= step
        return self._stored - before

    def milliseconds_until(self, percent: int, limit_w: int, *, direct: bool) -> int | None:
        """How long it takes from now to be ``percent`` full; ``None`` when this plug never gets it there."""
        stored, elapsed = self._stored, 0
        while stored < self._bound(percent):
            now = stored * 100 // self._capacity
            power = self._power_at(now, limit_w, direct=direct)
            if power <= 0:
                return None
            step = -((stored - self._bound(now + 1)) // power)
            stored += step * power
            elapsed += step
        return elapsed

    def _bound(self, percent: int) -> int:
        """The least charge that counts as ``percent``."""
        return -(-self._capacity * percent // 100)

    def _power_at(self, percent: int, limit_w: int, *, direct: bool) -> int:
        model = self.model
        best, last, knee = (
            (model.dc_max_w, model.last_w, model.knee_percent)
            if direct
            else (model.ac_max_w, LEAST_W, AC_KNEE_PERCENT)
        )
        return min(limit_w, best - (best - last) * max(percent - knee, 0) // (100 - knee))


def any_car(rng: Random, *, direct: bool) -> Car:
    """A random car. Cars at direct current plugs have less charge."""
    model = rng.choice(MODELS)
    return Car(model, rng.randint(8, 45) if direct else rng.randint(15, 70))
