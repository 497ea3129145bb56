"""What a charger knows it delivered, and what that has to cost.

Worked out here from the price list alone, with nothing of the product's own code.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import floor
from typing import NamedTuple
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")


class Window(NamedTuple):
    """A local time of day from which another price holds, in minutes."""

    since: int
    price: Fraction


@dataclass(frozen=True)
class Prices:
    """``windows`` in order, the first from midnight; ``fee`` for each ``interval`` of blocking."""

    windows: tuple[Window, ...]
    fee: Fraction = Fraction(0)
    interval: timedelta = timedelta(minutes=5)

    def tariff(self) -> dict[str, object]:
        """The same for the API."""
        until = [*(window.since for window in self.windows[1:]), 24 * 60]
        tariff: dict[str, object] = {
            "strategy": "perKwh",
            "price": _euros(self.windows[0].price),
            "windows": [
                {"from": _of_day(window.since), "to": _of_day(end), "price": _euros(window.price)}
                for window, end in zip(self.windows, until, strict=True)
            ]
            if len(self.windows) > 1
            else [],
        }
        if self.fee:
            minutes = int(self.interval.total_seconds()) // 60
            tariff["blockingFee"] = {"amount": _euros(self.fee), "intervalMinutes": minutes}
        return tariff

    def cents(self, began: datetime, ended: datetime, energy_wh: int) -> int:
        """What energy drawn evenly costs: whole Wh at each price, each amount rounded half up by itself."""
        if ended <= began:
            return 0
        prices: list[Fraction] = []
        shares: list[Fraction] = []
        at = began
        while at < ended:
            price, until = self._holding(at)
            until = min(until, ended) if len(self.windows) > 1 else ended
            prices.append(price)
            shares.append(Fraction(_seconds(until - at), _seconds(ended - began)) * energy_wh)
            at = until
        whole = [floor(share) for share in shares]
        by_remainder = sorted(range(len(shares)), key=lambda index: (whole[index] - shares[index], index))
        for index in by_remainder[: energy_wh - sum(whole)]:
            whole[index] += 1
        return sum(_half_up(price * wh / 10) for price, wh in zip(prices, whole, strict=True))

    def fees(self, ended: datetime, freed: datetime, unreported: timedelta = timedelta(0)) -> int:
        """How many intervals elapsed between the end and the car's leaving, less what nobody could see."""
        return max(0, floor((freed - ended - unreported) / self.interval)) if self.fee else 0

    def _holding(self, at: datetime) -> tuple[Fraction, datetime]:
        local = at.astimezone(ZONE)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        minute = local.hour * 60 + local.minute
        now = max((w for w in self.windows if w.since <= minute), key=lambda w: w.since)
        later = [w.since for w in self.windows if w.since > minute]
        return now.price, (midnight + timedelta(minutes=min(later, default=24 * 60))).astimezone(UTC)


@dataclass
class Entry:
    """One session as the charger knows it.

    Times are the world's, ``stamp`` is what the charger's clock said. ``idle_since``: the car took nothing
    from then on. ``alone``: nobody could see any of it. ``readings`` are the charger's times of those that
    were answered while it charged.
    """

    charger: str
    plug: int
    token: str
    began: datetime
    register_start: int
    stamp: str = ""
    transaction: int = 0
    ended: datetime | None = None
    freed: datetime | None = None
    register_stop: int = 0
    stopped_by_system: bool = False
    idle_since: datetime | None = None
    alone: bool = False
    readings: set[str] = field(default_factory=set)

    @property
    def energy_wh(self) -> int:
        """What the car took."""
        return self.register_stop - self.register_start


def _half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())


def _of_day(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _euros(price: Fraction) -> str:
    cents = price * 10_000
    assert cents.denominator == 1
    return f"{int(cents) / 10_000:.4f}"
