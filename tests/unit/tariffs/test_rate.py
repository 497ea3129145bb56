"""What a session costs: per kWh, per minute, split at windows, rounded once per line."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest

from eosvolt.domain.money import Money, Taxed
from eosvolt.domain.tariffs.energy import EnergyCurve, EnergyPoint
from eosvolt.domain.tariffs.rating import PriceLine, apportioned, rate, total
from eosvolt.domain.tariffs.tariff import Strategy, Tariff, Window

at = datetime.fromisoformat
PER_KWH = Tariff("EUR", Strategy.PER_KWH, Decimal("0.50"), Decimal("0.19"), "Europe/Berlin")
PER_MINUTE = msgspec.structs.replace(PER_KWH, strategy=Strategy.PER_MINUTE, price=Decimal("0.10"))
BY_TIME_OF_DAY = msgspec.structs.replace(
    PER_KWH,
    windows=(
        Window(0, 360, Decimal("0.80")),
        Window(360, 1080, Decimal("1.20")),
        Window(1080, 1440, Decimal("0.70")),
    ),
)
NOTHING_METERED = EnergyCurve()
FIVE = at("2026-11-21T04:00Z")
SIX = at("2026-11-21T05:00Z")
SEVEN = at("2026-11-21T06:00Z")


def curve(*readings: tuple[datetime, int]) -> EnergyCurve:
    known = EnergyCurve()
    for when, wh in readings:
        known = known.add(EnergyPoint(when, wh))
    return known


def shown(lines: Iterable[PriceLine]) -> list[str]:
    return [
        f"{line.since:%H:%M} {line.until:%H:%M} {line.quantity} {line.unit} x {line.price} = {line.gross}"
        for line in lines
    ]


def test_energy_costs_its_price_per_kwh() -> None:
    lines = rate(PER_KWH, FIVE, SEVEN, curve((FIVE, 0), (SEVEN, 12_345)))
    assert lines == (
        PriceLine(
            kind="energy",
            since=FIVE,
            until=SEVEN,
            quantity=Decimal("12.345"),
            unit="kWh",
            price=Decimal("0.50"),
            gross=Money("EUR", 617),
            net=Money("EUR", 518),
            vat=Money("EUR", 99),
        ),
    )


def test_energy_between_two_readings_is_spread_evenly_over_the_windows() -> None:
    lines = rate(BY_TIME_OF_DAY, FIVE, SEVEN, curve((FIVE, 0), (SEVEN, 10_000)))
    assert shown(lines) == [
        "04:00 05:00 5.000 kWh x 0.80 = 4.00 EUR",
        "05:00 06:00 5.000 kWh x 1.20 = 6.00 EUR",
    ]
    assert total(lines, "EUR") == Taxed(Money("EUR", 1000), Money("EUR", 840), Money("EUR", 160))


def test_a_reading_on_the_boundary_decides_what_falls_on_either_side() -> None:
    lines = rate(BY_TIME_OF_DAY, FIVE, SEVEN, curve((FIVE, 0), (SIX, 9_000), (SEVEN, 10_000)))
    assert [line.quantity for line in lines] == [Decimal("9.000"), Decimal("1.000")]


def test_a_window_without_energy_has_no_line() -> None:
    lines = rate(BY_TIME_OF_DAY, FIVE, SEVEN, curve((FIVE, 0), (SIX, 9_000), (SEVEN, 9_000)))
    assert shown(lines) == ["04:00 05:00 9.000 kWh x 0.80 = 7.20 EUR"]


def test_a_session_without_energy_costs_nothing_per_kwh() -> None:
    assert rate(PER_KWH, FIVE, SEVEN, NOTHING_METERED) == ()
    assert rate(PER_KWH, FIVE, SEVEN, curve((FIVE, 0), (SEVEN, 0))) == ()
    assert total((), "EUR") == Taxed(Money.zero("EUR"), Money.zero("EUR"), Money.zero("EUR"))


def test_free_energy_is_shown_all_the_same() -> None:
    free = msgspec.structs.replace(PER_KWH, price=Decimal(0))
    assert shown(rate(free, FIVE, SEVEN, curve((FIVE, 0), (SEVEN, 1_000)))) == [
        "04:00 06:00 1.000 kWh x 0 = 0.00 EUR"
    ]


def test_shown_quantities_add_up_although_each_is_rounded() -> None:
    # 1 Wh over three hours: a third on the first side of 06:00 and two thirds on the other.
    lines = rate(
        BY_TIME_OF_DAY, FIVE, SEVEN + timedelta(hours=1), curve((FIVE, 0), (at("2026-11-21T07:00Z"), 1))
    )
    assert [line.quantity for line in lines] == [Decimal("0.001")]
    thirds = rate(
        BY_TIME_OF_DAY, FIVE, SEVEN + timedelta(hours=1), curve((FIVE, 0), (at("2026-11-21T07:00Z"), 1000))
    )
    assert [line.quantity for line in thirds] == [Decimal("0.333"), Decimal("0.667")]


def test_the_amount_comes_from_the_whole_watt_hours_that_are_shown() -> None:
    dear = msgspec.structs.replace(BY_TIME_OF_DAY, windows=(Window(0, 360, Decimal(100)),), price=Decimal(0))
    lines = rate(dear, FIVE, at("2026-11-21T07:00Z"), curve((FIVE, 0), (at("2026-11-21T07:00Z"), 1)))
    assert shown(lines) == ["05:00 07:00 0.001 kWh x 0 = 0.00 EUR"]


def test_a_third_of_a_minute_is_shown_so_that_quantity_times_price_is_the_amount() -> None:
    tariff = msgspec.structs.replace(PER_MINUTE, price=Decimal("0.30"))
    lines = rate(tariff, FIVE, FIVE + timedelta(seconds=5), NOTHING_METERED)
    assert [line.quantity for line in lines] == [Decimal("0.083333333334")]
    # 5/60 x 0.30 is exactly half a cent above 0.02, which thirds that are cut off would miss.
    assert lines[0].gross == Money("EUR", 3)


def test_each_line_is_rounded_half_up_and_the_total_is_their_sum() -> None:
    half_a_cent = msgspec.structs.replace(
        BY_TIME_OF_DAY, windows=(Window(0, 360, Decimal("0.005")),), price=Decimal("0.005")
    )
    lines = rate(half_a_cent, FIVE, SEVEN, curve((FIVE, 0), (SEVEN, 2_000)))
    assert [line.gross for line in lines] == [Money("EUR", 1), Money("EUR", 1)]
    assert total(lines, "EUR").gross == Money("EUR", 2)


@pytest.mark.parametrize(
    ("currency", "price", "gross"),
    [
        ("JPY", "45.5", "455 JPY"),
        ("JPY", "45.55", "456 JPY"),
        ("KWD", "0.0251", "0.251 KWD"),
        ("EUR", "0.333333", "3.33 EUR"),
    ],
)
def test_ten_kwh_are_rounded_to_the_currencys_own_unit(currency: str, price: str, gross: str) -> None:
    tariff = msgspec.structs.replace(PER_KWH, currency=currency, price=Decimal(price))
    (line,) = rate(tariff, FIVE, SEVEN, curve((FIVE, 0), (SEVEN, 10_000)))
    assert str(line.gross) == gross


def test_an_extra_reading_on_the_line_changes_nothing() -> None:
    coarse = curve((FIVE, 0), (SEVEN, 10_000))
    fine = curve((FIVE, 0), (FIVE + timedelta(minutes=12), 1_000), (SEVEN, 10_000))
    assert rate(BY_TIME_OF_DAY, FIVE, SEVEN, fine) == rate(BY_TIME_OF_DAY, FIVE, SEVEN, coarse)


def test_energy_of_a_charger_whose_clock_stood_still_is_billed_at_that_instants_price() -> None:
    lines = rate(BY_TIME_OF_DAY, SIX, SIX, curve((SIX, 0), (SIX, 5_000)))
    assert shown(lines) == ["05:00 05:00 5.000 kWh x 1.20 = 6.00 EUR"]


def test_a_session_that_never_began_costs_nothing() -> None:
    assert rate(PER_KWH, SIX, FIVE, curve((SIX, 5_000))) == ()
    assert rate(PER_MINUTE, SIX, FIVE, NOTHING_METERED) == ()
    assert rate(PER_MINUTE, SIX, SIX, NOTHING_METERED) == ()


def test_time_costs_its_price_per_minute() -> None:
    lines = rate(PER_MINUTE, FIVE, FIVE + timedelta(minutes=90, seconds=30), NOTHING_METERED)
    assert shown(lines) == ["04:00 05:30 90.50 min x 0.10 = 9.05 EUR"]
    assert lines[0].kind == "time"


def test_time_is_split_at_windows_too() -> None:
    tariff = msgspec.structs.replace(BY_TIME_OF_DAY, strategy=Strategy.PER_MINUTE)
    lines = rate(tariff, SIX - timedelta(minutes=10), SIX + timedelta(minutes=20), NOTHING_METERED)
    assert shown(lines) == [
        "04:50 05:00 10.00 min x 0.80 = 8.00 EUR",
        "05:00 05:20 20.00 min x 1.20 = 24.00 EUR",
    ]


def test_minutes_are_elapsed_ones_not_those_of_the_clock() -> None:
    spring = rate(PER_MINUTE, at("2026-03-29T00:00Z"), at("2026-03-29T02:00Z"), NOTHING_METERED)
    autumn = rate(PER_MINUTE, at("2026-10-25T00:00Z"), at("2026-10-25T02:00Z"), NOTHING_METERED)
    assert [line.quantity for line in spring + autumn] == [Decimal("120.00"), Decimal("120.00")]


def test_minutes_in_which_the_operator_held_the_car_back_are_not_billed() -> None:
    held = (FIVE + timedelta(minutes=10), FIVE + timedelta(minutes=25))
    (line,) = rate(PER_MINUTE, FIVE, SIX, NOTHING_METERED, [held])
    assert line.quantity == Decimal("45.00")
    assert (line.since, line.until) == (FIVE, SIX)


def test_overlapping_and_outlying_pauses_count_once_and_only_inside() -> None:
    minute = timedelta(minutes=1)
    held = [
        (FIVE + 20 * minute, FIVE + 30 * minute),
        (FIVE - 60 * minute, FIVE + 5 * minute),
        (FIVE + 25 * minute, FIVE + 40 * minute),
        (FIVE + 22 * minute, FIVE + 23 * minute),
        (SIX - 5 * minute, SEVEN),
        (SIX, FIVE),
    ]
    (line,) = rate(PER_MINUTE, FIVE, SIX, NOTHING_METERED, held)
    assert line.quantity == Decimal("30.00")


def test_a_period_in_which_the_car_was_held_back_throughout_has_no_line() -> None:
    tariff = msgspec.structs.replace(BY_TIME_OF_DAY, strategy=Strategy.PER_MINUTE)
    lines = rate(tariff, FIVE, SEVEN, NOTHING_METERED, [(FIVE, SIX)])
    assert shown(lines) == ["05:00 06:00 60.00 min x 1.20 = 72.00 EUR"]


def test_held_back_time_does_not_lower_the_price_of_energy() -> None:
    metered = curve((FIVE, 0), (SEVEN, 10_000))
    assert rate(PER_KWH, FIVE, SEVEN, metered, [(FIVE, SIX)]) == rate(PER_KWH, FIVE, SEVEN, metered)


def test_lines_of_two_currencies_have_no_total() -> None:
    lines = rate(PER_KWH, FIVE, SEVEN, curve((FIVE, 0), (SEVEN, 10_000)))
    with pytest.raises(ValueError, match="different currencies"):
        total(lines, "USD")


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([], []),
        (["1/3", "1/3", "1/3"], [1, 0, 0]),
        (["1/2", "1/2"], [1, 0]),
        (["1/4", "1/4"], [1, 0]),
        (["1/5", "1/5"], [0, 0]),
        (["7/3", "8/3"], [2, 3]),
        (["5", "0", "2"], [5, 0, 2]),
    ],
)
def test_left_over_units_go_to_the_largest_remainders(parts: list[str], whole: list[int]) -> None:
    assert apportioned([Fraction(part) for part in parts]) == whole


def test_a_line_is_stored_and_read_back_as_it_was() -> None:
    lines = rate(BY_TIME_OF_DAY, FIVE, SEVEN, curve((FIVE, 0), (SEVEN, 10_001)))
    assert msgspec.json.decode(msgspec.json.encode(lines), type=tuple[PriceLine, ...]) == lines
