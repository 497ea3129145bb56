"""The fee for staying after the session: one amount for each full interval, never for a part of one.

So the first interval is a grace period. It begins when the session ends, of a booked one no earlier than the
booked end and the minutes of grace (``BlockingFee.begins_at``). Time that is not billed (the charger was not
connected, faulted or unavailable) stops the clock. An open pause lasts until ``FOR_EVER``.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal

from eosvolt.domain.money import Money, round_half_up, with_vat_inside
from eosvolt.domain.tariffs.pauses import Pause, elapsed, full_at, merged
from eosvolt.domain.tariffs.rating import PriceLine
from eosvolt.domain.tariffs.tariff import BlockingFee, Tariff


def intervals_due(
    fee: BlockingFee, ended: datetime, until: datetime, not_billed: Sequence[Pause] = ()
) -> int:
    """The number of intervals that fully elapsed between the session's end and ``until``; 0 or more."""
    return elapsed(fee.clock_from(ended), until, not_billed) // _interval(fee)


def most_intervals(fee: BlockingFee) -> int | None:
    """The number of intervals after which the cap is reached; ``None`` without a cap."""
    if fee.cap is None:
        return None
    return 0 if fee.amount <= 0 else int((fee.cap / fee.amount).to_integral_value(ROUND_CEILING))


def due_time(
    fee: BlockingFee, ended: datetime, number: int, not_billed: Sequence[Pause] = ()
) -> datetime | None:
    """When ``number`` intervals after the end have elapsed; ``None`` while an open pause stops the clock."""
    return full_at(fee.clock_from(ended), _interval(fee) * number, tuple(merged(not_billed)))


def due_times(
    fee: BlockingFee, ended: datetime, count: int, not_billed: Sequence[Pause] = ()
) -> tuple[datetime, ...]:
    """When each of the first ``count`` intervals has elapsed, up to the first open pause."""
    due: list[datetime] = []
    at, pauses = fee.clock_from(ended), list(merged(not_billed))
    for _ in range(count):
        full = full_at(at, _interval(fee), pauses)
        if full is None:
            break
        at = full
        due.append(at)
        while pauses and pauses[0][1] <= at:
            pauses.pop(0)
    return tuple(due)


def fee_line(tariff: Tariff, ended: datetime, n: int, due_at: datetime) -> PriceLine | None:
    """The line for the ``n``-th interval (from 1) of a session, due at ``due_at``.

    The interval that would exceed the cap costs only what is left up to it. ``None`` if nothing is left to
    charge or the tariff has no blocking fee. Raises ``ValueError`` for ``n`` below 1.
    """
    if n < 1:
        raise ValueError("Blocking intervals are counted from 1.")
    fee = tariff.blocking_fee
    if fee is None:
        return None
    charged = round_half_up(fee.amount, tariff.currency)
    if fee.cap is not None:
        left = round_half_up(fee.cap, tariff.currency).minor - (n - 1) * charged.minor
        charged = Money(tariff.currency, min(charged.minor, left))
    if charged.minor <= 0:
        return None
    taxed = with_vat_inside(charged, tariff.vat_rate)
    return PriceLine(
        kind="blockingFee",
        since=fee.clock_from(ended) if n == 1 else due_at - _interval(fee),
        until=due_at,
        quantity=Decimal(1),
        unit="interval",
        price=charged.amount,
        gross=taxed.gross,
        net=taxed.net,
        vat=taxed.vat,
    )


def _interval(fee: BlockingFee) -> timedelta:
    return timedelta(minutes=fee.interval_minutes)
