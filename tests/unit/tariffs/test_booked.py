"""The prices of booked sessions: the first energy is free, and the blocking fee waits for the booked end."""

from datetime import datetime, timedelta
from decimal import Decimal

from msgspec.structs import replace

from eosvolt.domain.money import Money
from eosvolt.domain.tariffs.blocking_fee import due_time, due_times, fee_line, intervals_due
from eosvolt.domain.tariffs.energy import EnergyCurve, EnergyPoint
from eosvolt.domain.tariffs.rating import PriceLine, rate, total
from eosvolt.domain.tariffs.tariff import BlockingFee, Strategy, Tariff
from tests.examples import FLAT_TARIFF, TARIFF_BY_TIME_OF_DAY, TARIFF_PER_MINUTE

NOON = datetime.fromisoformat("2026-11-21T12:00Z")


def after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def curve(*readings: tuple[float, int], still: tuple[tuple[datetime, datetime], ...] = ()) -> EnergyCurve:
    return EnergyCurve(tuple(EnergyPoint(after(minutes), wh) for minutes, wh in readings), still)


def shown(lines: tuple[PriceLine, ...]) -> list[tuple[str, str, str]]:
    return [(f"{line.quantity:f}", f"{line.price:f}", f"{line.gross.amount:f}") for line in lines]


def free(tariff: Tariff, wh: int) -> Tariff:
    return replace(tariff, free_wh=wh)


def test_the_first_energy_is_a_line_at_no_price_and_the_rest_is_billed() -> None:
    lines = rate(free(FLAT_TARIFF, 3_000), NOON, after(60), curve((0, 0), (60, 10_000)))
    assert shown(lines) == [("3.000", "0", "0.00"), ("7.000", "0.50", "3.50")]
    assert total(lines, "EUR").gross == Money("EUR", 350)


def test_energy_that_is_free_as_a_whole_is_one_line_of_nothing() -> None:
    lines = rate(free(FLAT_TARIFF, 10_000), NOON, after(60), curve((0, 0), (60, 10_000)))
    assert shown(lines) == [("10.000", "0", "0.00")]


def test_what_is_free_comes_first_in_time_whatever_it_would_have_cost() -> None:
    # 18:00 in Berlin is 17:00 UTC: 300 minutes after noon the dear afternoon is over.
    tariff = free(TARIFF_BY_TIME_OF_DAY, 6_000)
    lines = rate(tariff, after(240), after(360), curve((240, 0), (360, 10_000)))
    assert shown(lines) == [("5.000", "0", "0.00"), ("1.000", "0", "0.00"), ("4.000", "0.70", "2.80")]


def test_energy_at_no_price_uses_up_what_is_free() -> None:
    tariff = replace(free(FLAT_TARIFF, 4_000), price=Decimal(0))
    assert shown(rate(tariff, NOON, after(60), curve((0, 0), (60, 10_000)))) == [("10.000", "0", "0.00")]


def test_time_is_free_until_the_free_energy_is_delivered() -> None:
    lines = rate(free(TARIFF_PER_MINUTE, 5_000), NOON, after(60), curve((0, 0), (60, 20_000)))
    assert shown(lines) == [("15.00", "0", "0.00"), ("45.00", "0.10", "4.50")]
    assert lines[0].until == lines[1].since == after(15)


def test_time_is_free_as_a_whole_where_less_was_delivered() -> None:
    lines = rate(free(TARIFF_PER_MINUTE, 5_000), NOON, after(60), curve((0, 0), (60, 4_999)))
    assert shown(lines) == [("60.00", "0", "0.00")]


def test_the_free_energy_is_reached_later_where_the_car_took_none() -> None:
    still = ((after(10), after(30)),)
    assert curve((0, 0), (60, 20_000), still=still).reached(10_000) == after(40)
    assert curve((0, 0), (60, 20_000), still=still).reached(5_000) == after(10)
    assert curve((0, 0), (60, 20_000), still=((NOON, after(60)),)).reached(10_000) == after(30)
    assert curve((0, 0), (60, 20_000)).reached(20_001) is None
    assert curve((5, 700), (60, 20_000)).reached(700) == after(5)


def test_no_interval_of_the_blocking_fee_begins_before_the_booked_end_and_the_grace() -> None:
    fee = BlockingFee(Decimal(2), 15, begins_at=after(70))
    assert [intervals_due(fee, after(20), after(minutes)) for minutes in (60, 84.9, 85, 100)] == [0, 0, 1, 2]
    assert due_times(fee, after(20), 2) == (after(85), after(100))
    assert due_time(fee, after(20), 1) == after(85)


def test_a_session_that_ends_after_the_booked_end_and_the_grace_has_its_first_interval_from_there() -> None:
    fee = BlockingFee(Decimal(2), 15, begins_at=after(70))
    assert due_times(fee, after(75), 1) == (after(90),)


def test_the_line_of_the_first_interval_begins_with_it() -> None:
    tariff = replace(FLAT_TARIFF, blocking_fee=BlockingFee(Decimal(2), 15, begins_at=after(70)))
    line = fee_line(tariff, after(20), 1, after(85))
    assert line is not None
    assert (line.since, line.until, line.gross) == (after(70), after(85), Money("EUR", 200))


def test_tariffs_of_others_have_nothing_of_it() -> None:
    assert (FLAT_TARIFF.free_wh, FLAT_TARIFF.strategy) == (0, Strategy.PER_KWH)
    assert BlockingFee(Decimal(1), 15).clock_from(NOON) == NOON
