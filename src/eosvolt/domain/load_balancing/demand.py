"""What a car takes of what it is offered, and what it is therefore taken to want.

A share that a car has not taken for 10 minutes goes on to others, until the car asks for it again: by drawing
as much as it is given.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from eosvolt.domain.zones.capacity import VOLTS
from eosvolt.domain.zones.limits import STEP_MA

GOES_ON_AFTER = timedelta(minutes=10)
# A car that draws so little less than its limit is bounded by it.
AT_LIMIT_MA = 500
# What a car is offered beyond what it was seen to take, so that it can ask for more.
HEADROOM_MA = 1_000
# Standby of a car that does not charge.
ASLEEP_MA = 1_000
# Measurements may be off by a few percent.
TOLERANCE_MA, TOLERANCE_PERCENT = 500, 6
FRESH_FOR = timedelta(seconds=120)


class Draw(NamedTuple):
    """What a plug drew at ``at`` for each phase: at least ``least_ma``, at most ``most_ma``.

    They differ where only the power is known, which may be on one phase or on all. ``power_w`` and
    ``current_ma`` are as they were measured, ``None`` where they were not.
    """

    at: datetime
    least_ma: int
    most_ma: int
    power_w: int | None = None
    current_ma: int | None = None


class Taking(NamedTuple):
    """What a session took since it last drew as much as it was given: at most ``peak_ma`` since ``since``."""

    session: str
    since: datetime
    peak_ma: int


def draw(at: datetime, power_w: int | None, current_ma: int | None, phases: int) -> Draw | None:
    """A measurement of a plug with so many phases; ``None`` if it says nothing.

    ``current_ma`` is the largest of the phases.
    """
    if current_ma is not None:
        return Draw(at, current_ma, current_ma, power_w, current_ma)
    if power_w is None:
        return None
    one = max(power_w, 0) * 1000 // VOLTS
    return Draw(at, one // phases, one, power_w)


def taking(before: Taking | None, session: str, seen: Draw, limit_ma: int) -> Taking:
    """What a session takes, after one more measurement under a limit."""
    if before is None or before.session != session or seen.most_ma >= limit_ma - AT_LIMIT_MA:
        return Taking(session, seen.at, 0)
    return before._replace(peak_ma=max(before.peak_ma, seen.most_ma))


def taken_ma(known: Taking | None, session: str, now: datetime) -> int | None:
    """The most that a session took in 10 minutes of less than its share; ``None`` if it took all."""
    if known is None or known.session != session or now - known.since < GOES_ON_AFTER:
        return None
    return known.peak_ma


def wanted_ma(taken: int | None, minimum_ma: int, most_ma: int) -> int:
    """What a car is taken to want: all that the plug can deliver, or a little more than it takes."""
    if taken is None:
        return most_ma
    if taken < ASLEEP_MA:
        return minimum_ma
    offered = -(-taken // STEP_MA) * STEP_MA + HEADROOM_MA
    return min(max(offered, minimum_ma), most_ma)


def tolerated_ma(limit_ma: int) -> int:
    """What a plug with this limit may be measured to draw without exceeding it."""
    return limit_ma + max(TOLERANCE_MA, limit_ma * TOLERANCE_PERCENT // 100)
