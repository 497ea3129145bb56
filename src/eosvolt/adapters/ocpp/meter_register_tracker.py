"""Tracks meter registers to prove that a charger's clock was set back.

A meter register only grows, so a larger value was read later. Where the larger value has the earlier
timestamp, the clock was set back between the two readings. A value that is smaller than before, or larger
than a plug can deliver, proves nothing until another value continues from it: registers have glitches, and
some chargers alternate between the meter's register and a counter of the session. So a value is compared with
the nearest known one. Samples are compared with samples of the same transaction only, starts and stops with
each other.
"""

from datetime import datetime
from typing import NamedTuple

from eosvolt.domain.charge_points.clocks import CLOCKS_DIFFER, true_at
from eosvolt.domain.charge_points.reports import MeterReport, StartReport, StopReport

PLUGS_REMEMBERED = 64
# The most power of a plug.
MOST_W = 500_000
# MeterRegisterTracker that one plug shows in turn, odd values among them.
COUNTERS = 3
# Two consecutive samples are rarely further apart than this, however late they are delivered.
BETWEEN_SAMPLES_S = 900.0

Metered = MeterReport | StartReport | StopReport


class Shown(NamedTuple):
    """A register value, the corrected time of its reading, and the delay until it was received.

    ``least_wh``: a value of at least this was read later.
    """

    wh: int
    at: datetime
    lag_s: float
    least_wh: int
    transaction: int | None = None


# The last value of each register of a plug, the one received last first.
Counters = tuple[Shown, ...]


class MeterRegisterTracker:
    """The last register values of one charger's plugs."""

    __slots__ = ("_ends", "_samples")

    def __init__(self) -> None:
        """Start without any values."""
        self._samples: dict[int, Counters] = {}
        self._ends: dict[int, Counters] = {}

    def observe(self, report: Metered, clock_offset_s: int) -> float | None:
        """Take the register of a report whose clock is ahead by ``clock_offset_s`` seconds.

        Returns the new offset in seconds where the clock was certainly set back since the last reading, and
        ``None`` otherwise. It assumes the same delay as that of the last reading. A clock that was set
        forward cannot be distinguished from time that passed.
        """
        match report:
            case MeterReport(readings=readings, connector=connector, transaction=transaction):
                if connector < 1 or not readings or (wh := readings[-1].register_wh) is None:
                    return None
                at = readings[-1].at
                now = _shown(report, at, clock_offset_s, wh, wh + 1, transaction)
                before = tuple(
                    each for each in self._samples.get(connector, ()) if each.transaction == transaction
                )
                return _follow(self._samples, connector, before, now, clock_offset_s)
            case StartReport(metered=False):
                return None
            case StartReport(connector=connector, meter_start_wh=wh, at=at):
                # The next start may have the same value, after a session without energy.
                now = _shown(report, at, clock_offset_s, wh, wh + 1)
                return _follow(self._ends, connector, self._ends.get(connector, ()), now, clock_offset_s)
            case StopReport(transaction=transaction, meter_stop_wh=wh, at=at):
                if wh is None:
                    return None
                of = (plug for plug, each in self._samples.items() if each[0].transaction == transaction)
                connector = next(of, 0)
                ends = self._ends.get(connector, ())
                drew = bool(ends) and wh > ends[0].wh
                now = _shown(report, at, clock_offset_s, wh, wh if drew else wh + 1)
                return _follow(self._ends, connector, ends, now, clock_offset_s) if connector else None


def _shown(
    report: Metered, at: datetime, clock_offset_s: int, wh: int, least_wh: int, transaction: int | None = None
) -> Shown:
    was = true_at(at, report.received_at, clock_offset_s)
    return Shown(wh, was, (report.received_at - was).total_seconds(), least_wh, transaction)


def _follow(
    known: dict[int, Counters], connector: int, before: Counters, now: Shown, clock_offset_s: int
) -> float | None:
    """Keep the newest value. Returns the new offset where the clock was set back since the nearest value."""
    if not before:
        if connector in known or len(known) < PLUGS_REMEMBERED:
            known[connector] = (now,)
        return None
    last = min(before, key=lambda each: abs(now.wh - each.wh))
    if now.at < last.at and now.wh < last.least_wh:
        return None
    if now.wh < last.wh or now.wh - last.wh > _most_wh(last, now):
        known[connector] = (now, *before)[:COUNTERS]
        return None
    known[connector] = (now, *(each for each in before if each is not last))
    return clock_offset_s + last.lag_s - now.lag_s if now.at < last.at - CLOCKS_DIFFER else None


def _most_wh(last: Shown, now: Shown) -> float:
    """The most Wh that can have been delivered between two readings."""
    later_s = (now.at - last.at).total_seconds()
    longest = max(later_s, 0.0) + BETWEEN_SAMPLES_S
    return MOST_W / 3_600 * max(min(later_s + now.lag_s, longest), CLOCKS_DIFFER.total_seconds())
