"""What may not be in a tariff, each with a sentence for the person who typed it."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from eosvolt.domain.tariffs.tariff import BlockingFee, Strategy, Tariff, Window, problems

SOUND = Tariff(
    currency="EUR",
    strategy=Strategy.PER_KWH,
    price=Decimal("0.50"),
    vat_rate=Decimal("0.19"),
    time_zone="Europe/Berlin",
    windows=(
        Window(0, 360, Decimal("0.80")),
        Window(360, 1080, Decimal("1.20")),
        Window(1080, 1440, Decimal("0.70")),
    ),
    blocking_fee=BlockingFee(Decimal("1.00"), 15, Decimal("20.00")),
)


def wrong_with(**changes: Any) -> list[tuple[str, str]]:
    return problems(msgspec.structs.replace(SOUND, **changes))


def windows(*hours: tuple[int, int]) -> tuple[Window, ...]:
    return tuple(Window(starts * 60, ends * 60, Decimal(1)) for starts, ends in hours)


def test_a_sound_tariff_has_no_problems() -> None:
    assert problems(SOUND) == []
    assert wrong_with(windows=(), blocking_fee=None, strategy=Strategy.PER_MINUTE) == []


def test_free_charging_is_allowed() -> None:
    assert wrong_with(price=Decimal(0), vat_rate=Decimal(0)) == []


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("currency", "EURO", ("/currency", "EURO is not an ISO 4217 currency.")),
        ("price", Decimal("-0.01"), ("/price", "The price is below zero.")),
        ("price", Decimal("0.1234567"), ("/price", "The price has more than 6 decimals.")),
        ("price", Decimal("NaN"), ("/price", "The price is not a number.")),
        ("price", Decimal("Infinity"), ("/price", "The price is not a number.")),
        ("price", Decimal("1E+999999"), ("/price", "The price is a billion or more.")),
        ("vat_rate", Decimal("-0.01"), ("/vatRate", "The VAT rate is below zero.")),
        ("vat_rate", Decimal(1), ("/vatRate", "The VAT rate is a fraction below 1: 0.19 means 19 %.")),
        ("vat_rate", Decimal(19), ("/vatRate", "The VAT rate is a fraction below 1: 0.19 means 19 %.")),
        ("time_zone", "Berlin", ("/timeZone", "Berlin is not an IANA time zone.")),
    ],
)
def test_a_wrong_value_is_named(field: str, value: object, problem: tuple[str, str]) -> None:
    assert wrong_with(**{field: value}) == [problem]


def test_a_price_may_have_six_decimals() -> None:
    assert wrong_with(price=Decimal("0.123456")) == []


def test_every_broken_rule_is_reported_at_once() -> None:
    found = wrong_with(
        currency="ABC",
        price=Decimal(-1),
        vat_rate=Decimal(2),
        time_zone="Nowhere",
        windows=(Window(-1, 1441, Decimal(-1)),),
        blocking_fee=BlockingFee(Decimal(0), 7),
    )
    assert [pointer for pointer, _ in found] == [
        "/currency",
        "/price",
        "/vatRate",
        "/timeZone",
        "/windows/0/price",
        "/windows/0/from",
        "/windows/0/to",
        "/blockingFee/amount",
        "/blockingFee/intervalMinutes",
    ]


def test_overlapping_windows_are_named_by_their_times() -> None:
    assert wrong_with(windows=windows((6, 18), (17, 20))) == [
        ("/windows/1", "The window 17:00 to 20:00 overlaps 06:00 to 18:00.")
    ]


@pytest.mark.parametrize(
    "hours",
    [
        ((22, 6), (5, 7)),
        ((22, 6), (0, 1)),
        ((22, 6), (23, 24)),
        ((22, 6), (20, 5)),
        ((0, 24), (22, 6)),
        ((8, 10), (8, 10)),
        ((0, 24), (12, 13)),
    ],
)
def test_windows_overlap_across_midnight_too(hours: tuple[tuple[int, int], ...]) -> None:
    assert [pointer for pointer, _ in wrong_with(windows=windows(*hours))] == ["/windows/1"]
    assert [pointer for pointer, _ in wrong_with(windows=windows(*reversed(hours)))] == ["/windows/1"]


def test_a_long_window_overlaps_all_that_lie_in_it() -> None:
    found = wrong_with(windows=windows((0, 24), (2, 3), (5, 6)))
    assert [pointer for pointer, _ in found] == ["/windows/1", "/windows/2"]


@pytest.mark.parametrize(
    "hours", [((22, 6), (6, 22)), ((6, 12), (12, 18)), ((18, 24), (0, 6)), ((20, 23), (1, 3))]
)
def test_windows_that_only_touch_or_leave_gaps_are_fine(hours: tuple[tuple[int, int], ...]) -> None:
    assert wrong_with(windows=windows(*hours)) == []


def test_a_window_needs_a_length() -> None:
    assert wrong_with(windows=windows((6, 6))) == [
        ("/windows/0", "The window 06:00 to 06:00 has no length; a whole day is 00:00 to 24:00.")
    ]


@pytest.mark.parametrize(
    ("window", "pointer"),
    [
        (Window(1440, 60, Decimal(1)), "/windows/0/from"),
        (Window(-1, 60, Decimal(1)), "/windows/0/from"),
        (Window(0, 1441, Decimal(1)), "/windows/0/to"),
        (Window(60, 0, Decimal(1)), "/windows/0/to"),
        (Window(0, 60, Decimal(-1)), "/windows/0/price"),
        (Window(0, 60, Decimal("0.1234567")), "/windows/0/price"),
    ],
)
def test_a_window_lies_within_a_day_and_has_a_price(window: Window, pointer: str) -> None:
    assert [where for where, _ in wrong_with(windows=(window,))] == [pointer]


@pytest.mark.parametrize("minutes", [5, 15, 30, 60])
def test_the_offered_intervals_are_accepted(minutes: int) -> None:
    assert wrong_with(blocking_fee=BlockingFee(Decimal(1), minutes)) == []


@pytest.mark.parametrize("minutes", [-15, 0, 1, 10, 20, 45, 90])
def test_other_intervals_are_refused(minutes: int) -> None:
    assert wrong_with(blocking_fee=BlockingFee(Decimal(1), minutes)) == [
        ("/blockingFee/intervalMinutes", "The interval is 5, 15, 30 or 60 minutes.")
    ]


@pytest.mark.parametrize(
    ("currency", "amount", "sentence"),
    [
        ("EUR", "1.005", "1.005 is finer than the smallest unit of EUR."),
        ("JPY", "0.5", "0.5 is finer than the smallest unit of JPY."),
        ("EUR", "0", "The blocking fee's amount is zero: leave it out instead."),
        ("EUR", "-1", "The blocking fee's amount is below zero."),
        ("EUR", "sNaN", "The blocking fee's amount is not a number."),
    ],
)
def test_a_fee_is_an_amount_that_can_be_charged(currency: str, amount: str, sentence: str) -> None:
    fee = BlockingFee(Decimal(amount), 15)
    assert wrong_with(currency=currency, blocking_fee=fee) == [("/blockingFee/amount", sentence)]


def test_a_fee_in_thousandths_suits_a_currency_that_has_them() -> None:
    assert wrong_with(currency="KWD", blocking_fee=BlockingFee(Decimal("0.125"), 15)) == []
    assert wrong_with(currency="JPY", blocking_fee=BlockingFee(Decimal("100.00"), 15)) == []


def test_a_cap_is_an_amount_too() -> None:
    found = wrong_with(blocking_fee=BlockingFee(Decimal(1), 15, Decimal(-5)))
    assert found == [("/blockingFee/cap", "The blocking fee's cap is below zero.")]
    assert wrong_with(blocking_fee=BlockingFee(Decimal(2), 15, Decimal("2.00"))) == []


def test_a_cap_below_the_fee_is_a_mistake() -> None:
    found = wrong_with(blocking_fee=BlockingFee(Decimal(2), 15, Decimal("0.50")))
    sentence = "The cap is below the fee: not even one interval would be charged in full."
    assert found == [("/blockingFee/cap", sentence)]


def test_thousands_of_windows_are_judged_quickly() -> None:
    crowd = windows(*[(0, 24)] * 5000)
    assert len(wrong_with(windows=crowd)) == 4999


def test_a_tariff_is_stored_with_its_prices_as_written() -> None:
    stored = msgspec.json.encode(SOUND)
    assert b'"price":"0.50"' in stored
    assert msgspec.json.decode(stored, type=Tariff) == SOUND
