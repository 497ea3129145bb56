"""The energy meter of a plug.

It counts millijoules, so a reading does not depend on earlier readings.
"""

from datetime import datetime, timedelta

from eosvolt.adapters.simulator.car import MILLIJOULES_PER_WH, Car

MILLISECOND = timedelta(milliseconds=1)
INSTALLED_AT = 1_704_067_200
LARGEST_AVERAGE_W = 20_000


class Meter:
    """An import register that never decreases."""

    def __init__(self, max_power_w: int, since: datetime) -> None:
        """The meter of a plug of ``max_power_w`` that has been in use since the beginning of 2024."""
        average_w = min(max_power_w // 4, LARGEST_AVERAGE_W)
        self._millijoules = average_w * int(since.timestamp() - INSTALLED_AT) * 1_000
        self._until = since

    @property
    def register_wh(self) -> int:
        """The register as of the last count, in whole Wh."""
        return self._millijoules // MILLIJOULES_PER_WH

    def count(self, until: datetime, car: Car | None, limit_w: int, *, direct: bool) -> None:
        """Count the energy of ``car`` since the last count; ``None`` when no car charged."""
        if until <= self._until:
            return
        if car is not None:
            self._millijoules += car.charge((until - self._until) // MILLISECOND, limit_w, direct=direct)
        self._until = until
