"""What a stretch of time of one or more plugs was made of, in microseconds, so that parts add up exactly."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import NamedTuple

import msgspec

from eosvolt.projections.plug_clock import IN_USE, Engagement, PlugStretch
from eosvolt.projections.uptime import FAULTED, OFFLINE, PLANNED, UNAVAILABLE, UNOBSERVED

_MS_PER_HOUR = 3_600_000


class TimeSum(msgspec.Struct, frozen=True, array_like=True):
    """Plug time in µs.

    ``observed`` is since the first contact; of it ``faulted``, ``unavailable``, ``offline`` are down time and
    ``planned`` was taken out of service by the operator. ``in_use`` and ``occupied`` (with the preparation)
    are of the rest of the time; ``down_in_use`` is what is both down and in use, because a session was open.
    ``rated`` is time in service × rated power, in W × ms.
    """

    observed: int = 0
    faulted: int = 0
    unavailable: int = 0
    offline: int = 0
    planned: int = 0
    in_use: int = 0
    occupied: int = 0
    down_in_use: int = 0
    rated: int = 0

    @property
    def down(self) -> int:
        """The time that counts against the uptime."""
        return self.faulted + self.unavailable + self.offline

    @property
    def in_service(self) -> int:
        """The observed time without what the operator planned to be out of service."""
        return self.observed - self.planned

    @property
    def uptime(self) -> Fraction | None:
        """(observed − down) ÷ observed; ``None`` where nothing was observed."""
        return Fraction(self.observed - self.down, self.observed) if self.observed else None

    @property
    def utilization(self) -> Fraction | None:
        """In use ÷ in service; ``None`` where nothing was in service."""
        return Fraction(self.in_use, self.in_service) if self.in_service else None

    @property
    def occupancy(self) -> Fraction | None:
        """Occupied ÷ in service; ``None`` where nothing was in service."""
        return Fraction(self.occupied, self.in_service) if self.in_service else None

    def energy_utilization(self, energy_wh: int) -> Fraction | None:
        """Energy ÷ what the plugs could have delivered in service; ``None`` where no power is known."""
        return Fraction(energy_wh * _MS_PER_HOUR, self.rated) if self.rated else None


NOTHING = TimeSum()


class TimeOn(NamedTuple):
    """What the time of plugs was made of on a local day, or in the month that begins with it.

    ``location`` is empty where those of all locations are added up.
    """

    location: str
    day: date
    time: TimeSum


def plus(one: TimeSum, other: TimeSum) -> TimeSum:
    """The sum."""
    return TimeSum(
        one.observed + other.observed,
        one.faulted + other.faulted,
        one.unavailable + other.unavailable,
        one.offline + other.offline,
        one.planned + other.planned,
        one.in_use + other.in_use,
        one.occupied + other.occupied,
        one.down_in_use + other.down_in_use,
        one.rated + other.rated,
    )


def minus(one: TimeSum, other: TimeSum) -> TimeSum:
    """The first without the second, which is a part of it."""
    parts = zip(msgspec.structs.astuple(one), msgspec.structs.astuple(other), strict=True)
    return TimeSum(*(whole - part for whole, part in parts))


def total(sums: Iterable[TimeSum]) -> TimeSum:
    """The sum of all."""
    result = NOTHING
    for each in sums:
        result = plus(result, each)
    return result


def sum_of(stretch: PlugStretch, length: int, power_w: int) -> TimeSum:
    """What ``length`` µs of a stretch add, of a plug of this rated power."""
    return sum_of_kind(kind_of(stretch), length, rated(length, power_w))


class StretchKind(NamedTuple):
    """What decides which of the sums a stretch adds to."""

    cause: str
    use: Engagement
    claimed: bool


def kind_of(stretch: PlugStretch) -> StretchKind:
    """The kind of a stretch."""
    return StretchKind(stretch.cause, stretch.use, stretch.claimed)


def rated(length: int, power_w: int) -> int:
    """What ``length`` µs of a plug of this rated power could have delivered, in W × ms."""
    return length // 1_000 * power_w


def sum_of_kind(kind: StretchKind, length: int, could: int) -> TimeSum:
    """What ``length`` µs of stretches of a kind add, in which they ``could`` deliver so many W × ms."""
    cause = kind.cause
    if cause == UNOBSERVED:
        return NOTHING
    used = kind.use in IN_USE
    down = cause in (FAULTED, UNAVAILABLE, OFFLINE)
    if kind.claimed:
        # It is counted already, as time in which the plug was not in use.
        return TimeSum(in_use=length, occupied=length, down_in_use=length)
    planned = cause == PLANNED
    return TimeSum(
        observed=length,
        faulted=length if cause == FAULTED else 0,
        unavailable=length if cause == UNAVAILABLE else 0,
        offline=length if cause == OFFLINE else 0,
        planned=length if planned else 0,
        in_use=length if used and not planned else 0,
        occupied=length if kind.use is not Engagement.IDLE and not planned else 0,
        down_in_use=length if used and down else 0,
        rated=0 if planned else could,
    )
