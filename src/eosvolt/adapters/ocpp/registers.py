"""What registers betray of clocks: a register only grows, so what shows more of it was later.

Where that is dated earlier, the charger's clock was set back in between, and nobody has to wait until several
messages agree on it. Samples are compared with samples of their transaction only, and starts and stops among
themselves: some chargers count samples from the session's start.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from eosvolt.domain.charge_points.reports import MeterReport, StartReport, StopReport

PLUGS_REMEMBERED = 64
TOO_EARLY = timedelta(seconds=60)

Metered = MeterReport | StartReport | StopReport


class Shown(NamedTuple):
    """What a register showed, when by the charger's clock, and how wrong that clock seemed.

    ``least_wh``: whoever shows as much comes later.
    """

    wh: int
    at: datetime
    error_s: float
    least_wh: int
    transaction: int | None = None


class Registers:
    """The registers of one charger's plugs."""

    __slots__ = ("_ends", "_samples")

    def __init__(self) -> None:
        """Nothing was heard yet."""
        self._samples: dict[int, Shown] = {}
        self._ends: dict[int, Shown] = {}

    def heard(self, report: Metered) -> float:
        """Note a report; the seconds by which its clock must have been set since the last one, or 0.

        A clock that was set forward proves nothing: time passes too.
        """
        match report:
            case MeterReport(readings=readings, connector=connector, transaction=transaction):
                if connector < 1 or not readings or (wh := readings[-1].register_wh) is None:
                    return 0.0
                at = readings[-1].at
                now = Shown(wh, at, _error(at, report), wh + 1, transaction)
                last = self._samples.get(connector)
                same = last is not None and last.transaction == transaction
                return _follow(self._samples, connector, last if same else None, now)
            case StartReport(connector=connector, meter_start_wh=wh, at=at):
                # Another start may show as much: of a car that took nothing.
                now = Shown(wh, at, _error(at, report), wh + 1)
                return _follow(self._ends, connector, self._ends.get(connector), now)
            case StopReport(transaction=transaction, meter_stop_wh=wh, at=at):
                of = (plug for plug, each in self._samples.items() if each.transaction == transaction)
                connector = next(of, 0)
                last = self._ends.get(connector)
                drew = last is not None and wh > last.wh
                now = Shown(wh, at, _error(at, report), wh if drew else wh + 1)
                return _follow(self._ends, connector, last, now) if connector else 0.0


def _follow(known: dict[int, Shown], connector: int, last: Shown | None, now: Shown) -> float:
    """Keep the newest; the seconds that the clock was set back by between the two."""
    if last is None:
        if connector in known or len(known) < PLUGS_REMEMBERED:
            known[connector] = now
        return 0.0
    if now.at >= last.at:
        known[connector] = now
        return 0.0
    if now.wh < last.least_wh:
        return 0.0
    known[connector] = now
    return now.error_s - last.error_s if now.at < last.at - TOO_EARLY else 0.0


def _error(at: datetime, report: Metered) -> float:
    return (at - report.received_at).total_seconds()
