"""What holds for every tariff, every session and every kind of clock change."""

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st

from eosvolt.domain.money import Money, minor_digits, round_half_up, with_vat_inside
from eosvolt.domain.tariffs.energy import EnergyCurve, EnergyPoint
from eosvolt.domain.tariffs.rating import PriceLine, apportioned, rate, total
from eosvolt.domain.tariffs.tariff import Strategy, Tariff, Window, period_at, price_periods, problems
from tests.properties.pricing import (
    TICK,
    charges,
    currencies,
    curve,
    durations,
    instants,
    tariffs,
    vat_rates,
)

any_tariff = tariffs()
per_kwh = tariffs(Strategy.PER_KWH)
per_minute = tariffs(Strategy.PER_MINUTE)
amounts = st.fractions(-(10**6), 10**6)
pauses = st.lists(st.tuples(st.integers(-100, 5000), st.integers(-100, 5000)), max_size=6)


def session(readings: list[EnergyPoint]) -> tuple[datetime, datetime, EnergyCurve]:
    """Since, until and curve of a session with these readings; it lasts a second at least."""
    return readings[0].at, max(readings[-1].at, readings[0].at + timedelta(seconds=1)), curve(readings)


@given(any_tariff)
def test_the_tariffs_tried_here_are_sound(tariff: Tariff) -> None:
    assert problems(tariff) == []


@given(any_tariff, instants, durations)
def test_periods_tile_the_time_exactly(tariff: Tariff, since: datetime, duration: timedelta) -> None:
    periods = price_periods(tariff, since, since + duration)
    assert periods[0].since == since
    assert periods[-1].until == since + duration
    assert all(period.since < period.until for period in periods)
    assert all(before.until == after.since for before, after in pairwise(periods))


@given(any_tariff, instants, durations)
def test_stretches_at_the_default_price_never_touch(
    tariff: Tariff, since: datetime, duration: timedelta
) -> None:
    periods = price_periods(tariff, since, since + duration)
    assert all(before.window or after.window for before, after in pairwise(periods))


@given(any_tariff, instants, durations, durations)
def test_an_instant_has_one_price_whatever_time_is_looked_at(
    tariff: Tariff, at: datetime, before: timedelta, after: timedelta
) -> None:
    periods = price_periods(tariff, at - before, at + after)
    (period,) = (period for period in periods if period.since <= at < period.until)
    alone = period_at(tariff, at)
    assert (period.price, period.window) == (alone.price, alone.window)
    assert alone.since <= at < alone.until


@given(any_tariff, instants)
def test_without_a_clock_change_the_wall_clock_decides_the_price(tariff: Tariff, at: datetime) -> None:
    zone = ZoneInfo(tariff.time_zone)
    assume(len({(at + timedelta(hours=hours)).astimezone(zone).utcoffset() for hours in (-27, 0, 27)}) == 1)
    wall = at.astimezone(zone)
    minute = wall.hour * 60 + wall.minute

    def open_at(window: Window) -> bool:
        if window.starts < window.ends:
            return window.starts <= minute < window.ends
        return minute >= window.starts or minute < window.ends

    expected = [window.price for window in tariff.windows if open_at(window)] or [tariff.price]
    assert [period_at(tariff, at).price] == expected


@given(per_kwh, charges())
def test_the_lines_show_the_sessions_energy_to_the_watt_hour(
    tariff: Tariff, readings: list[EnergyPoint]
) -> None:
    lines = rate(tariff, *session(readings))
    assert sum(line.quantity for line in lines) * 1000 == readings[-1].wh


@given(per_minute, instants, durations, pauses)
def test_the_lines_show_the_elapsed_minutes_less_the_throttled(
    tariff: Tariff, since: datetime, duration: timedelta, offsets: list[tuple[int, int]]
) -> None:
    throttled = [(since + timedelta(minutes=begin), since + timedelta(minutes=end)) for begin, end in offsets]
    paused = {minute for begin, end in offsets for minute in range(begin, end)}
    whole, rest = divmod(duration, timedelta(minutes=1))
    seconds = Fraction(sum(minute not in paused for minute in range(whole)) * 60)
    if whole not in paused:
        seconds += Fraction(rest // TICK, 1_000_000)
    lines = rate(tariff, since, since + duration, EnergyCurve(), throttled)
    assert sum(round(line.quantity * 60) for line in lines) == int(seconds + Fraction(1, 2))


@given(any_tariff, charges())
def test_lines_follow_each_other_within_the_session(tariff: Tariff, readings: list[EnergyPoint]) -> None:
    since, until, known = session(readings)
    lines = rate(tariff, since, until, known)
    assert all(since <= line.since < line.until <= until for line in lines)
    assert all(before.until <= after.since for before, after in pairwise(lines))
    assert all(line.quantity or line.gross.minor for line in lines)


@given(any_tariff, charges(), st.data())
def test_splitting_a_session_changes_its_price_by_the_rounding_of_one_line(
    tariff: Tariff, readings: list[EnergyPoint], data: st.DataObject
) -> None:
    since, until, known = session(readings)
    split = since + data.draw(st.integers(0, (until - since) // TICK)) * TICK
    assume(since < split < until)
    whole = total(rate(tariff, since, until, known), tariff.currency).gross
    parts = rate(tariff, since, split, known) + rate(tariff, split, until, known)
    dearest = max([tariff.price, *(window.price for window in tariff.windows)])
    one_unit = round_half_up(Fraction(dearest) / (1000 if tariff.strategy is Strategy.PER_KWH else 60), "KWD")
    assert abs(total(parts, tariff.currency).gross.amount - whole.amount) <= (
        2 * one_unit.amount + 2 * Money(tariff.currency, 1).amount
    )


@given(
    per_kwh,
    instants,
    st.lists(st.tuples(st.integers(1, 2000), st.integers(0, 900), st.integers(1, 9)), min_size=1, max_size=6),
)
def test_extra_readings_on_the_line_change_nothing(
    tariff: Tariff, since: datetime, stretches: list[tuple[int, int, int]]
) -> None:
    coarse = fine = curve([EnergyPoint(since, 0)])
    at, wh = since, 0
    for seconds, step, count in stretches:
        for _ in range(count):
            at, wh = at + timedelta(seconds=seconds), wh + step
            fine = fine.add(EnergyPoint(at, wh))
        coarse = coarse.add(EnergyPoint(at, wh))
    assert rate(tariff, since, at, fine) == rate(tariff, since, at, coarse)


@given(per_kwh, charges(), st.integers(0, 50_000))
def test_more_energy_never_costs_less(tariff: Tariff, readings: list[EnergyPoint], more: int) -> None:
    last = readings[-1]
    fuller = [*readings[:-1], EnergyPoint(last.at, last.wh + more)]
    price, dearer = (total(rate(tariff, *session(r)), tariff.currency).gross for r in (readings, fuller))
    assert dearer >= price


@given(per_minute, instants, durations, durations)
def test_more_time_never_costs_less(
    tariff: Tariff, since: datetime, duration: timedelta, longer: timedelta
) -> None:
    price, dearer = (
        total(rate(tariff, since, since + time, EnergyCurve()), tariff.currency).gross
        for time in (duration, duration + longer)
    )
    assert dearer >= price


@given(any_tariff, charges())
def test_gross_is_always_net_plus_vat(tariff: Tariff, readings: list[EnergyPoint]) -> None:
    lines = rate(tariff, *session(readings))
    assert all(line.gross == line.net + line.vat for line in lines)
    whole = total(lines, tariff.currency)
    assert whole.gross == whole.net + whole.vat
    assert whole.gross.minor == sum(line.gross.minor for line in lines)
    assert Money.zero(tariff.currency) <= whole.vat <= whole.gross


@given(any_tariff, charges())
def test_a_lines_amount_is_its_shown_quantity_times_its_price(
    tariff: Tariff, readings: list[EnergyPoint]
) -> None:
    since, until, known = session(readings)
    for line in rate(tariff, since, until, known):
        naive = round_half_up(Fraction(line.price) * Fraction(line.quantity), tariff.currency)
        if line.kind == "energy":
            exact = known.energy_between(line.since, line.until)
            units = Fraction(line.quantity) * 1000
            by_units = Fraction(line.price) * units / 1000
        else:
            exact = Fraction((line.until - line.since) // TICK, 1_000_000)
            units = Fraction(round(line.quantity * 60))
            by_units = Fraction(line.price) * units / 60
        assert units.denominator == 1
        assert abs(units - exact) < 1
        assert line.gross == naive == round_half_up(by_units, tariff.currency)


@given(any_tariff, charges(), st.randoms(use_true_random=False), st.data())
def test_the_order_of_arrival_never_changes_a_cent(
    tariff: Tariff, readings: list[EnergyPoint], rng: Random, data: st.DataObject
) -> None:
    since, until, known = session(readings)
    shuffled = [*readings, *data.draw(st.lists(st.sampled_from(readings), max_size=4))]
    rng.shuffle(shuffled)
    expected = msgspec.json.encode(rate(tariff, since, until, known))
    assert msgspec.json.encode(rate(tariff, since, until, curve(shuffled))) == expected


@given(any_tariff, charges())
def test_tariffs_and_lines_survive_being_stored(tariff: Tariff, readings: list[EnergyPoint]) -> None:
    lines = rate(tariff, *session(readings))
    assert msgspec.json.decode(msgspec.json.encode(tariff), type=Tariff) == tariff
    assert msgspec.json.decode(msgspec.json.encode(lines), type=tuple[PriceLine, ...]) == lines


@given(amounts, currencies)
def test_rounding_agrees_with_the_decimal_modules_half_up(amount: Fraction, currency: str) -> None:
    with localcontext() as context:
        context.prec = 200
        decimal = Decimal(amount.numerator) / Decimal(amount.denominator)
        unit = Decimal(1).scaleb(-minor_digits(currency))
        assert round_half_up(amount, currency).amount == decimal.quantize(unit, ROUND_HALF_UP)


@given(st.integers(-(10**9), 10**9), currencies, vat_rates)
def test_the_net_amount_is_the_nearest_to_gross_without_vat(minor: int, currency: str, vat: Decimal) -> None:
    taxed = with_vat_inside(Money(currency, minor), vat)
    assert taxed.net + taxed.vat == taxed.gross == Money(currency, minor)
    assert abs(taxed.net.minor - Fraction(minor) / (1 + Fraction(vat))) <= Fraction(1, 2)


@given(st.lists(st.fractions(0, 1000), max_size=20))
def test_apportioning_keeps_the_sum_and_each_part_within_one_unit(parts: list[Fraction]) -> None:
    whole = apportioned(parts)
    assert sum(whole) == int(sum(parts) + Fraction(1, 2))
    assert all(abs(units - part) < 1 for units, part in zip(whole, parts, strict=True))
