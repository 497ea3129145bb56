"""What registers betray of clocks: a register only grows, so what shows more of it was later.

Where that is dated earlier, the charger's clock was set back in between, and nobody has to wait until several
messages agree on it. A single value that no plug could have reached, or that shows less than before,
proves nothing until another one goes on from it: registers glitch, and some chargers tell now the meter's
register and now what they count from the session's start. So a value is compared with the nearest that was
shown. Samples are compared with samples of their transaction only, and starts and stops among themselves.
"""

from datetime import datetime
from typing import NamedTuple

from eosvolt.domain.charge_points.clocks import CLOCKS_DIFFER, true_at
from eosvolt.domain.charge_points.reports import MeterReport, StartReport, StopReport

PLUGS_REMEMBERED = 64
# No plug delivers more.
MOST_W = 500_000
# Registers that one plug shows in turn, odd values among them.
COUNTERS = 3
# However long a message waited: between two that follow each other there is rarely more than this.
BETWEEN_SAMPLES_S = 900.0

Metered = MeterReport | StartReport | StopReport


class Shown(NamedTuple):
    """What a register showed, when that was and how much later it came, by what was known of the clock then.

    ``least_wh``: whoever shows as much comes later.
    """

    wh: int
    at: datetime
    lag_s: float
    least_wh: int
    transaction: int | None = None


# What each counter of a plug showed last, the one that was heard last first.
Counters = tuple[Shown, ...]


class Registers:
    """The registers of one charger's plugs."""

    __slots__ = ("_ends", "_samples")

    def __init__(self) -> None:
        """Nothing was heard yet."""
        self._samples: dict[int, Counters] = {}
        self._ends: dict[int, Counters] = {}

    def heard(self, report: Metered, clock_offset_s: int) -> float | None:
        """Note a report of a clock that is known to be ahead by ``clock_offset_s``.

        Returns by how much it must be ahead instead, if this came as late as the last one, where it was
        certainly set back between the two. A clock that was set forward proves nothing: time passes too.
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
                # Another start may show as much: of a car that took nothing.
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
    """Keep the newest; by how much the clock is ahead, where it was set back since the nearest before it."""
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
    """The most that can have been delivered from what was shown last until now."""
    dated_after = (now.at - last.at).total_seconds()
    longest = max(dated_after, 0.0) + BETWEEN_SAMPLES_S
    return MOST_W / 3_600 * max(min(dated_after + now.lag_s, longest), CLOCKS_DIFFER.total_seconds())
