"""What holds for every blocking fee: a step function of billed time, paused exactly, never above its cap."""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from eosvolt.domain.money import Money
from eosvolt.domain.tariffs.blocking_fee import due_times, fee_line, intervals_due
from eosvolt.domain.tariffs.pauses import Pause, elapsed, merged
from eosvolt.domain.tariffs.rating import total
from eosvolt.domain.tariffs.tariff import BLOCKING_INTERVALS, BlockingFee, Strategy, Tariff
from tests.properties.pricing import TICK, currencies, vat_rates

ENDED = datetime.fromisoformat("2026-10-25T00:10Z")
Offsets = list[tuple[int, int]]

fees = st.sampled_from(BLOCKING_INTERVALS).map(lambda minutes: BlockingFee(Decimal(1), minutes))
minutes = st.integers(-60, 600)
offsets = st.lists(st.tuples(minutes, minutes), max_size=8)


def after(count: float) -> datetime:
    return ENDED + timedelta(minutes=count)


def pauses(spans: Offsets) -> list[Pause]:
    return [(after(since), after(until)) for since, until in spans]


@given(fees, minutes, offsets)
def test_only_full_intervals_of_billed_time_are_due(fee: BlockingFee, until: int, spans: Offsets) -> None:
    billed = sum(not any(since <= minute < end for since, end in spans) for minute in range(until))
    assert intervals_due(fee, ENDED, after(until), pauses(spans)) == billed // fee.interval_minutes


@given(fees, st.integers(0, 10**11), st.integers(0, 10**11), offsets)
def test_what_is_due_never_shrinks_with_time(fee: BlockingFee, ticks: int, more: int, spans: Offsets) -> None:
    now, later = ENDED + ticks * TICK, ENDED + (ticks + more) * TICK
    assert (
        0 <= intervals_due(fee, ENDED, now, pauses(spans)) <= intervals_due(fee, ENDED, later, pauses(spans))
    )


@given(fees, st.integers(1, 30), offsets)
def test_each_fee_falls_due_at_the_first_instant_at_which_it_counts(
    fee: BlockingFee, count: int, spans: Offsets
) -> None:
    times = due_times(fee, ENDED, count, pauses(spans))
    assert len(times) == count
    for n, at in enumerate(times, 1):
        assert intervals_due(fee, ENDED, at, pauses(spans)) == n
        assert intervals_due(fee, ENDED, at - TICK, pauses(spans)) == n - 1


@given(fees, st.integers(1, 20), offsets, st.tuples(minutes, minutes))
def test_a_pause_only_ever_delays(
    fee: BlockingFee, count: int, spans: Offsets, another: tuple[int, int]
) -> None:
    sooner = due_times(fee, ENDED, count, pauses(spans))
    later = due_times(fee, ENDED, count, pauses([*spans, another]))
    assert all(before <= behind for before, behind in zip(sooner, later, strict=True))


@given(fees, st.integers(1, 20), offsets)
def test_a_pause_behind_the_last_due_time_changes_none(fee: BlockingFee, count: int, spans: Offsets) -> None:
    times = due_times(fee, ENDED, count, pauses(spans))
    behind = (times[-1], times[-1] + timedelta(hours=1))
    assert due_times(fee, ENDED, count, [*pauses(spans), behind]) == times


@given(
    currencies,
    vat_rates,
    st.integers(1, 500),
    st.one_of(st.none(), st.integers(1, 3000)),
    st.integers(0, 25),
)
def test_all_lines_together_are_the_fee_times_the_intervals_up_to_the_cap(
    currency: str, vat_rate: Decimal, fee_minor: int, cap_minor: int | None, count: int
) -> None:
    cap = None if cap_minor is None else Money(currency, cap_minor).amount
    fee = BlockingFee(Money(currency, fee_minor).amount, 15, cap)
    tariff = Tariff(currency, Strategy.PER_KWH, Decimal(1), vat_rate, "Europe/Berlin", blocking_fee=fee)
    every = [fee_line(tariff, ENDED, n, at) for n, at in enumerate(due_times(fee, ENDED, count), 1)]
    lines = [line for line in every if line is not None]
    charged = fee_minor * count if cap_minor is None else min(cap_minor, fee_minor * count)
    assert total(lines, currency).gross == Money(currency, charged)
    assert every == [*lines, *[None] * (count - len(lines))]
    assert all(line.gross == line.net + line.vat and line.gross.amount == line.price for line in lines)


@given(offsets)
def test_merged_pauses_lie_apart_in_order_and_cover_the_same_time(spans: Offsets) -> None:
    apart = list(merged(pauses(spans)))
    assert all(since < until for since, until in apart)
    assert all(before[1] < behind[0] for before, behind in pairwise(apart))
    covered = {minute for since, until in spans for minute in range(since, until)}
    assert sum((until - since for since, until in apart), timedelta(0)) == timedelta(minutes=len(covered))


@given(minutes, minutes, offsets)
def test_elapsed_time_and_its_pauses_never_exceed_the_time_between(
    since: int, until: int, spans: Offsets
) -> None:
    counted = elapsed(after(since), after(until), pauses(spans))
    assert timedelta(0) <= counted <= max(timedelta(0), timedelta(minutes=until - since))
    assert elapsed(after(since), after(until), []) == max(timedelta(0), timedelta(minutes=until - since))
