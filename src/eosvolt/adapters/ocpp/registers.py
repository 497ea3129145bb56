"""What registers betray of clocks: a register only grows, so what shows more of it was later.

Where that is dated earlier, the charger's clock was set back in between, and nobody has to wait until several
messages agree on it. A single value that no plug could have reached, or that shows less than before, proves
nothing until one of another time agrees with it: registers glitch, and messages come twice. Samples are
compared with samples of their transaction only, and starts and stops among themselves: some chargers count
samples from the session's start.
"""

from datetime import datetime
from typing import NamedTuple

from eosvolt.domain.charge_points.clocks import CLOCKS_DIFFER, true_at
from eosvolt.domain.charge_points.reports import MeterReport, StartReport, StopReport

PLUGS_REMEMBERED = 64
# No plug delivers more.
MOST_W = 500_000

Metered = MeterReport | StartReport | StopReport


class Shown(NamedTuple):
    """What a register showed, when that was and how much later it came, by what was known of the clock then.

    ``least_wh``: whoever shows as much comes later. ``doubted`` was shown since then and cannot be: its time
    and its register.
    """

    wh: int
    at: datetime
    lag_s: float
    least_wh: int
    transaction: int | None = None
    doubted: tuple[datetime, int] | None = None


class Registers:
    """The registers of one charger's plugs."""

    __slots__ = ("_ends", "_samples")

    def __init__(self) -> None:
        """Nothing was heard yet."""
        self._samples: dict[int, Shown] = {}
        self._ends: dict[int, Shown] = {}

    def heard(self, report: Metered, ahead_s: int) -> float | None:
        """Note a report of a clock that is known to be ahead by ``ahead_s``.

        Returns by how much it must be ahead instead, if this came as late as the last one, where it was
        certainly set back between the two. A clock that was set forward proves nothing: time passes too.
        """
        match report:
            case MeterReport(readings=readings, connector=connector, transaction=transaction):
                if connector < 1 or not readings or (wh := readings[-1].register_wh) is None:
                    return None
                at = readings[-1].at
                now = _shown(report, at, ahead_s, wh, wh + 1, transaction)
                last = self._samples.get(connector)
                same = last is not None and last.transaction == transaction
                return _follow(self._samples, connector, last if same else None, now, ahead_s)
            case StartReport(connector=connector, meter_start_wh=wh, at=at):
                # Another start may show as much: of a car that took nothing.
                now = _shown(report, at, ahead_s, wh, wh + 1)
                return _follow(self._ends, connector, self._ends.get(connector), now, ahead_s)
            case StopReport(transaction=transaction, meter_stop_wh=wh, at=at):
                if wh is None:
                    return None
                of = (plug for plug, each in self._samples.items() if each.transaction == transaction)
                connector = next(of, 0)
                last = self._ends.get(connector)
                drew = last is not None and wh > last.wh
                now = _shown(report, at, ahead_s, wh, wh if drew else wh + 1)
                return _follow(self._ends, connector, last, now, ahead_s) if connector else None


def _shown(
    report: Metered, at: datetime, ahead_s: int, wh: int, least_wh: int, transaction: int | None = None
) -> Shown:
    was = true_at(at, report.received_at, ahead_s)
    return Shown(wh, was, (report.received_at - was).total_seconds(), least_wh, transaction)


def _follow(
    known: dict[int, Shown], connector: int, last: Shown | None, now: Shown, ahead_s: int
) -> float | None:
    """Keep the newest; by how much the clock is ahead, where it was set back between the two."""
    if last is None:
        if connector in known or len(known) < PLUGS_REMEMBERED:
            known[connector] = now
        return None
    if now.at < last.at and now.wh < last.least_wh:
        return None
    if now.wh < last.wh or now.wh - last.wh > _most_wh(last, now):
        known[connector] = now if _agrees(last, now) else last._replace(doubted=(now.at, now.wh))
        return None
    known[connector] = now
    return ahead_s + last.lag_s - now.lag_s if now.at < last.at - CLOCKS_DIFFER else None


def _agrees(last: Shown, now: Shown) -> bool:
    """Whether a value goes on from the one that was doubted, and is not the same once more."""
    if last.doubted is None:
        return False
    at, wh = last.doubted
    return at != now.at and 0 <= now.wh - wh <= _most_wh(last, now)


def _most_wh(last: Shown, now: Shown) -> float:
    """The most that can have been delivered from what was shown last until now was heard."""
    heard_after = (now.at - last.at).total_seconds() + now.lag_s
    return MOST_W / 3_600 * max(heard_after, CLOCKS_DIFFER.total_seconds())
