"""Where a rule begins and ends: the values on both sides of each border."""

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest

from eosvolt.domain.money import Money
from eosvolt.domain.tariffs.blocking_fee import fee_line, most_intervals
from eosvolt.domain.tariffs.energy import EnergyCurve, EnergyPoint
from eosvolt.domain.tariffs.pauses import FOR_EVER, full_at
from eosvolt.domain.tariffs.rating import PriceLine, rate, whole_seconds
from eosvolt.domain.tariffs.tariff import BlockingFee, Strategy, Tariff, Window, problems

NOON = datetime.fromisoformat("2026-11-21T12:00Z")
PER_KWH = Tariff("EUR", Strategy.PER_KWH, Decimal("0.50"), Decimal("0.19"), "Europe/Berlin")
PER_MINUTE = msgspec.structs.replace(PER_KWH, strategy=Strategy.PER_MINUTE)


def after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def wrong_with(*windows: Window, fee: BlockingFee | None = None) -> list[tuple[str, str]]:
    return problems(msgspec.structs.replace(PER_KWH, windows=windows, blocking_fee=fee))


@pytest.mark.parametrize(
    ("amount", "cap", "most"),
    [("2.00", None, None), ("2.00", "20.00", 10), ("3.00", "20.00", 7), ("0.50", "0.50", 1), ("0", "20", 0)],
)
def test_a_cap_is_reached_by_the_interval_that_fills_it(
    amount: str, cap: str | None, most: int | None
) -> None:
    assert most_intervals(BlockingFee(Decimal(amount), 15, None if cap is None else Decimal(cap))) == most


def test_the_smallest_amount_is_still_charged() -> None:
    tariff = msgspec.structs.replace(PER_KWH, blocking_fee=BlockingFee(Decimal("0.01"), 15))
    line = fee_line(tariff, NOON, 1, after(15))
    assert line is not None
    assert line.gross == Money("EUR", 1)


def test_intervals_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match=r"^Blocking intervals are counted from 1\.$"):
        fee_line(PER_KWH, NOON, 0, NOON)


def test_a_pause_that_was_over_before_does_not_hide_the_next_one() -> None:
    pauses = [(after(-20), after(-10)), (after(5), after(25))]
    assert full_at(NOON, timedelta(minutes=15), pauses) == after(35)
    assert full_at(NOON, timedelta(minutes=15), [(after(-20), NOON), (after(5), FOR_EVER)]) is None


def test_what_a_curve_learns_later_leaves_the_times_in_which_nothing_flowed() -> None:
    still = ((after(0), after(30)),)
    curve = EnergyCurve(still=still).add(EnergyPoint(NOON, 0)).add(EnergyPoint(after(60), 1_000))
    assert curve.still == still
    assert curve.energy_between(NOON, after(30)) == 0
    ended = curve.ended(after(45))
    assert ended.still == still
    assert ended.energy_between(NOON, after(30)) == 0
    assert ended.energy_between(after(30), after(45)) == Fraction(1_000)


def test_energy_of_a_single_instant_costs_what_the_window_of_that_instant_says() -> None:
    tariff = msgspec.structs.replace(PER_KWH, windows=(Window(12 * 60, 14 * 60, Decimal("0.80")),))
    # Noon UTC is 13:00 in Berlin.
    (line,) = rate(tariff, NOON, NOON, EnergyCurve((EnergyPoint(NOON, 2_000),)))
    assert (line.price, line.quantity, line.gross) == (Decimal("0.80"), Decimal(2), Money("EUR", 160))


@pytest.mark.parametrize("seconds", [1, 59, 60, 61, 100, 3_599, 86_400])
def test_a_line_about_time_has_its_whole_seconds(seconds: int) -> None:
    (line,) = rate(PER_MINUTE, NOON, NOON + timedelta(seconds=seconds), EnergyCurve())
    assert whole_seconds(line) == seconds


def line_of(quantity: str, unit: str) -> PriceLine:
    zero = Money.zero("EUR")
    return PriceLine("time", NOON, NOON, Decimal(quantity), unit, Decimal(1), zero, zero, zero)


@pytest.mark.parametrize(("quantity", "unit"), [("1.00", "kWh"), ("1.00", "interval"), ("1.67", "min")])
def test_other_lines_and_rounded_minutes_have_no_seconds(quantity: str, unit: str) -> None:
    assert whole_seconds(line_of(quantity, unit)) is None


@pytest.mark.parametrize(
    ("starts", "ends", "wrong"),
    [
        (0, 1, []),
        (0, 1440, []),
        (1439, 1440, []),
        (1439, 1, []),
        (1440, 60, [("/windows/0/from", "A window starts between 00:00 and 23:59.")]),
        (60, 0, [("/windows/0/to", "A window ends between 00:01 and 24:00.")]),
        (60, 1441, [("/windows/0/to", "A window ends between 00:01 and 24:00.")]),
    ],
)
def test_a_window_may_begin_at_the_first_minute_and_end_with_the_last(
    starts: int, ends: int, wrong: list[tuple[str, str]]
) -> None:
    assert wrong_with(Window(starts, ends, Decimal(1))) == wrong


def test_a_window_across_midnight_claims_the_first_minute_of_the_day() -> None:
    found = wrong_with(Window(1_380, 1, Decimal(1)), Window(0, 1, Decimal(1)))
    assert [pointer for pointer, _ in found] == ["/windows/1"]


def test_a_window_without_a_length_overlaps_nothing() -> None:
    found = wrong_with(Window(360, 360, Decimal(1)), Window(300, 400, Decimal(1)))
    assert [pointer for pointer, _ in found] == ["/windows/0"]


@pytest.mark.parametrize(
    ("price", "wrong"),
    [("999999999", []), ("1000000000", [("/windows/0/price", "The price is a billion or more.")])],
)
def test_a_price_is_less_than_a_billion(price: str, wrong: list[tuple[str, str]]) -> None:
    assert wrong_with(Window(0, 60, Decimal(price))) == wrong


def test_a_cap_of_zero_is_reported_once() -> None:
    found = wrong_with(fee=BlockingFee(Decimal(1), 15, Decimal(0)))
    assert found == [("/blockingFee/cap", "The blocking fee's cap is zero: leave it out instead.")]
