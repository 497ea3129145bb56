"""A price list as the oracle knows it, and as the API is told of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import floor
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

# Digits of the minor unit, ISO 4217.
DIGITS = {"EUR": 2, "BRL": 2, "MAD": 2, "NZD": 2, "AUD": 2, "USD": 2, "JPY": 0, "KRW": 0, "KWD": 3, "TND": 3}
DAY_MINUTES = 24 * 60


class Window(NamedTuple):
    """From one minute of the local day to another, maybe the next day's; 1440 is the end of the day."""

    starts: int
    ends: int
    price: Fraction

    def holds(self, minute: Fraction) -> bool:
        """Whether a local time of day, in minutes, lies within it."""
        if self.starts < self.ends:
            return self.starts <= minute < self.ends
        return minute >= self.starts or minute < self.ends


class Fee(NamedTuple):
    """A blocking fee: ``amount`` for each full ``interval``, at most ``cap`` for a session.

    ``begins``: of a booked session, its booked end and the grace period, before which no interval counts.
    """

    amount: Fraction
    interval: timedelta
    cap: Fraction | None = None
    begins: datetime | None = None


@dataclass(frozen=True)
class Terms:
    """What a location charges. ``vat`` is a fraction, prices include it.

    ``free_wh``: of a booked session (§9), how much of its energy is free.
    """

    zone: str
    currency: str
    vat: Fraction
    price: Fraction
    per_minute: bool = False
    windows: tuple[Window, ...] = ()
    fee: Fee | None = None
    free_wh: int = 0

    def window_at(self, at: datetime) -> int | None:
        """Which window the location's wall clock is in, ``None`` for none of them.

        §5: a window applies whenever the wall clock shows a time within it: twice in the hour that occurs
        twice, never in one that is skipped.
        """
        local = at.astimezone(ZoneInfo(self.zone))
        minute = local.hour * 60 + local.minute + Fraction(local.second, 60)
        return next((index for index, window in enumerate(self.windows) if window.holds(minute)), None)

    def price_in(self, window: int | None) -> Fraction:
        """The price in a window of ``windows``, or outside all of them."""
        return self.price if window is None else self.windows[window].price

    def rounded(self, amount: Fraction) -> Fraction:
        """Half-up to the currency's minor unit; amounts are never negative."""
        unit = Fraction(1, 10 ** DIGITS[self.currency])
        return floor(amount / unit + Fraction(1, 2)) * unit

    def decimal(self, amount: Fraction) -> str:
        """An amount as the API writes it."""
        digits = DIGITS[self.currency]
        minor = amount * 10**digits
        assert minor.denominator == 1
        text = f"{int(minor):0{digits + 1}}"
        return f"{text[:-digits]}.{text[-digits:]}" if digits else text

    def location(self, name: str) -> dict[str, Any]:
        """The body that opens a location with these terms."""
        tariff: dict[str, Any] = {
            "strategy": "perMinute" if self.per_minute else "perKwh",
            "price": plain(self.price),
            "windows": [
                {"from": clock(window.starts), "to": clock(window.ends), "price": plain(window.price)}
                for window in self.windows
            ],
        }
        if self.fee is not None:
            tariff["blockingFee"] = {
                "amount": plain(self.fee.amount),
                "intervalMinutes": self.fee.interval // timedelta(minutes=1),
            }
            if self.fee.cap is not None:
                tariff["blockingFee"]["cap"] = plain(self.fee.cap)
        return {
            "name": name,
            "type": "public",
            "timeZone": self.zone,
            "currency": self.currency,
            "vatRate": plain(self.vat),
            "tariff": tariff,
        }


def plain(number: Fraction) -> str:
    """A number of at most four decimals as a decimal text."""
    scaled = number * 10_000
    assert scaled.denominator == 1
    return f"{int(scaled) // 10_000}.{int(scaled) % 10_000:04}"


def clock(minute: int) -> str:
    """A minute of the day as ``HH:MM``; 1440 is ``24:00``."""
    return f"{minute // 60:02}:{minute % 60:02}"
