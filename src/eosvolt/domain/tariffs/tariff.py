"""A location's tariff as the operator sets it, its validation, and the price at every instant."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from eosvolt.domain.calendar import MINUTES_A_DAY, clock, is_time_zone, local_date, shown
from eosvolt.domain.money import Money, minor_digits
from eosvolt.domain.overlaps import Stretch, overlaps, wrapped

BLOCKING_INTERVALS = (5, 15, 30, 60)
FINEST_DECIMALS = 6

_DEAREST_DIGITS = 9
_DAY = timedelta(days=1)
_BEGINNING = datetime.min.replace(tzinfo=UTC)
_END = datetime.max.replace(tzinfo=UTC)


class Strategy(StrEnum):
    """The quantity that is billed: energy or time."""

    PER_KWH = "perKwh"
    PER_MINUTE = "perMinute"


class Window(Struct, frozen=True):
    """A part of every local day with its own gross price per kWh or minute.

    ``starts`` (0 to 1439) and ``ends`` (1 to 1440) are minutes after midnight; a window that ends before it
    starts wraps past midnight.
    """

    starts: int
    ends: int
    price: Decimal


class BlockingFee(Struct, frozen=True, omit_defaults=True):
    """The gross amount for each full interval a car stays after its session, at most ``cap`` in all.

    No interval begins before ``begins_at``: of a booked session, the booked end and the minutes of grace.
    """

    amount: Decimal
    interval_minutes: int
    cap: Decimal | None = None
    begins_at: datetime | None = None

    def clock_from(self, ended: datetime) -> datetime:
        """When the first interval begins after a session that ended at ``ended``."""
        return ended if self.begins_at is None else max(ended, self.begins_at)


class BusinessUse(Struct, frozen=True, omit_defaults=True):
    """The price profile by which the owner of a home is reimbursed for what these tokens charge.

    ``tokens`` are folded uids; what others charge at the same home is private.
    """

    profile: str
    tokens: tuple[str, ...] = ()


class Tariff(Struct, frozen=True, omit_defaults=True):
    """The prices of one location. All include VAT; ``vat_rate`` is a fraction, 0.19 for 19 %.

    ``business`` is of homes whose owners are reimbursed; charging there costs nothing. The first ``free_wh``
    of the session cost nothing; time is free until they are delivered. Only booked sessions have that.
    """

    currency: str
    strategy: Strategy
    price: Decimal
    vat_rate: Decimal
    time_zone: str
    windows: tuple[Window, ...] = ()
    blocking_fee: BlockingFee | None = None
    business: BusinessUse | None = None
    free_wh: int = 0

    @property
    def gaps(self) -> bool:
        """Whether there are times of day at which no window applies, so that ``price`` does."""
        return sum(_length(window) for window in self.windows) < MINUTES_A_DAY


def with_terms(tariff: Tariff, free_wh: int, begins_at: datetime | None) -> Tariff:
    """The tariff of a booked session on other terms; ``begins_at`` is of its blocking fee, if it has one."""
    fee = tariff.blocking_fee
    if fee is not None:
        fee = replace(fee, begins_at=begins_at)
    return replace(tariff, free_wh=free_wh, blocking_fee=fee)


class Period(Struct, frozen=True):
    """A stretch of time with one price; ``window`` is ``None`` where the default price applies."""

    since: datetime
    until: datetime
    price: Decimal
    window: Window | None


def price_periods(tariff: Tariff, since: datetime, until: datetime) -> list[Period]:
    """Split ``[since, until)`` at every window's boundary into periods without gaps, in time order.

    A window applies whenever the local clock shows a time within it. It applies twice in an hour that the
    clock repeats, and not in one that it skips. Time at the default price between two windows is one period,
    over midnight too.
    """
    periods: list[Period] = []
    reached = since
    for starts, ends, window in _occurrences(tariff, since, until):
        begin, end = max(starts, reached), min(ends, until)
        if begin >= end:
            continue
        if begin > reached:
            periods.append(Period(reached, begin, tariff.price, None))
        periods.append(Period(begin, end, window.price, window))
        reached = end
    if reached < until:
        periods.append(Period(reached, until, tariff.price, None))
    return periods


def period_at(tariff: Tariff, at: datetime) -> Period:
    """The period that contains ``at``: unbounded without windows, else cut off two days before and after."""
    if not tariff.windows:
        return Period(_BEGINNING, _END, tariff.price, None)
    around = price_periods(tariff, at - 2 * _DAY, at + 2 * _DAY)
    return next(period for period in around if period.since <= at < period.until)


def problems(tariff: Tariff) -> list[tuple[str, str]]:
    """Every rule that the tariff breaks, as ``(pointer, sentence)``; empty for a valid tariff.

    Pointers are JSON pointers (RFC 6901) into the API's form of the tariff, e.g. ``/windows/1/price``.
    """
    return list(_problems(tariff))


def _occurrences(tariff: Tariff, since: datetime, until: datetime) -> list[tuple[datetime, datetime, Window]]:
    """When each window applies around ``[since, until)``, in order of time; they do not overlap."""
    if not tariff.windows or since >= until:
        return []
    found: list[tuple[datetime, datetime, Window]] = []
    day = local_date(since, tariff.time_zone) - _DAY
    last = local_date(until, tariff.time_zone)
    while day <= last:
        for window in tariff.windows:
            spans = shown(day, window.starts, _length(window), tariff.time_zone)
            found.extend((begin, end, window) for begin, end in spans)
        day += _DAY
    return sorted(found, key=_begin)


def _begin(occurrence: tuple[datetime, datetime, Window]) -> datetime:
    return occurrence[0]


def _length(window: Window) -> int:
    return window.ends - window.starts + (0 if window.ends > window.starts else MINUTES_A_DAY)


def _problems(tariff: Tariff) -> Iterator[tuple[str, str]]:
    currency_exists = True
    try:
        minor_digits(tariff.currency)
    except ValueError as unknown:
        currency_exists = False
        yield "/currency", str(unknown)
    for sentence in _wrong_number(tariff.price):
        yield "/price", f"The price {sentence}."
    for sentence in _wrong_number(tariff.vat_rate):
        yield "/vatRate", f"The VAT rate {sentence}."
    if tariff.vat_rate.is_finite() and tariff.vat_rate >= 1:
        yield "/vatRate", "The VAT rate is a fraction below 1: 0.19 means 19 %."
    if not is_time_zone(tariff.time_zone):
        yield "/timeZone", f"{tariff.time_zone} is not an IANA time zone."
    yield from _window_problems(tariff.windows)
    if tariff.blocking_fee is not None:
        yield from _fee_problems(tariff.blocking_fee, tariff.currency if currency_exists else None)


def _window_problems(windows: tuple[Window, ...]) -> Iterator[tuple[str, str]]:
    stretches: list[Stretch] = []
    for index, window in enumerate(windows):
        pointer = f"/windows/{index}"
        for sentence in _wrong_number(window.price):
            yield f"{pointer}/price", f"The price {sentence}."
        possible = True
        if not 0 <= window.starts < MINUTES_A_DAY:
            possible = False
            yield f"{pointer}/from", "A window starts between 00:00 and 23:59."
        if not 0 < window.ends <= MINUTES_A_DAY:
            possible = False
            yield f"{pointer}/to", "A window ends between 00:01 and 24:00."
        if possible and window.starts == window.ends:
            possible = False
            yield pointer, f"The window {_clocks(window)} has no length; a whole day is 00:00 to 24:00."
        if possible:
            ends = window.starts + _length(window)
            stretches += wrapped(window.starts, ends, index, MINUTES_A_DAY)
    for first, second in sorted(overlaps(stretches)):
        yield (
            f"/windows/{second}",
            f"The window {_clocks(windows[second])} overlaps {_clocks(windows[first])}.",
        )


def _fee_problems(fee: BlockingFee, currency: str | None) -> Iterator[tuple[str, str]]:
    for name, amount in (("amount", fee.amount), ("cap", fee.cap)):
        if amount is None:
            continue
        pointer = f"/blockingFee/{name}"
        wrong = list(_wrong_number(amount)) or (["is zero: leave it out instead"] if amount == 0 else [])
        for sentence in wrong:
            yield pointer, f"The blocking fee's {name} {sentence}."
        if currency and not wrong:
            try:
                Money.of(amount, currency)
            except ValueError as finer:
                yield pointer, str(finer)
    if fee.cap is not None and fee.cap.is_finite() and fee.amount.is_finite() and 0 < fee.cap < fee.amount:
        yield "/blockingFee/cap", "The cap is below the fee: not even one interval would be charged in full."
    if fee.interval_minutes not in BLOCKING_INTERVALS:
        yield "/blockingFee/intervalMinutes", "The interval is 5, 15, 30 or 60 minutes."


def _wrong_number(number: Decimal) -> Iterator[str]:
    if not number.is_finite():
        yield "is not a number"
        return
    if number < 0:
        yield "is below zero"
    if number.adjusted() >= _DEAREST_DIGITS:
        yield "is a billion or more"
    if int(number.as_tuple().exponent) < -FINEST_DECIMALS:
        yield f"has more than {FINEST_DECIMALS} decimals"


def _clocks(window: Window) -> str:
    return f"{clock(window.starts)} to {clock(window.ends)}"
