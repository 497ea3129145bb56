"""The prices of a group in its form: percent off, or a price of its own with others by time of day."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from eosvolt.adapters.http.web.customer_groups.prices_data import TypedPrice, lines_of, prices_of
from eosvolt.domain.customer_groups.prices import GroupPrice
from eosvolt.domain.tariffs.tariff import Tariff, Window
from tests.examples import FLAT_TARIFF, TARIFF_WITH_CAPPED_FEE

PLACES = {"yard": FLAT_TARIFF}
WINDOWS = (Window(0, 360, Decimal("0.25")), Window(1_080, 1_440, Decimal("0.4")))


def own(windows: tuple[Window, ...]) -> Tariff:
    return replace(FLAT_TARIFF, price=Decimal("0.30"), windows=windows)


def said(times: str, kind: str = "perKwh") -> tuple[tuple[GroupPrice, ...], str]:
    return prices_of([TypedPrice("yard", kind, "0.30", times)], PLACES, ())


@pytest.mark.parametrize(
    "times",
    [
        "00:00–06:00 0.25, 18:00–24:00 0.4",
        "0:00-6:00 0,25; 18:00-00:00 0,4",
        " 18:00 – 24:00 0.4,00:00 – 06:00 0.25 ",
        "00:00–06:00 0,25,18:00–24:00 0,4",
    ],
)
def test_times_of_day_are_windows_of_the_own_price(times: str) -> None:
    assert said(times) == ((GroupPrice(location="yard", tariff=own(WINDOWS)),), "")


def test_the_form_shows_what_it_takes() -> None:
    price = GroupPrice(location="yard", tariff=own(WINDOWS))
    lines = lines_of([price], PLACES)
    assert lines == [TypedPrice("yard", "perKwh", "0.30", "00:00–06:00 0.25, 18:00–00:00 0.4")]
    assert prices_of(lines, PLACES, (price,)) == ((price,), "")


@pytest.mark.parametrize(
    ("times", "kind", "says"),
    [
        ("at night 0.25", "perKwh", "at night 0.25 is not a time with a price"),
        ("00:00–06:00", "perKwh", "00:00–06:00 is not a time with a price"),
        ("00:00–06:00 0.25,", "perKwh", "is not a time with a price"),
        ("00:00–25:00 0.25", "perKwh", "25:00 is not a time of day."),
        ("00:00–06:00 0.25, 05:00–07:00 0.2", "perKwh", "overlap"),
        ("00:00–06:00 0.25", "percent", "Percent off hold at all times of day"),
    ],
)
def test_what_is_no_time_with_a_price_is_refused(times: str, kind: str, says: str) -> None:
    prices, wrong = said(times, kind)
    assert says in wrong
    assert not [price for price in prices if kind == "percent"]


def test_a_tariff_with_another_blocking_fee_is_only_kept() -> None:
    price = GroupPrice(location="yard", tariff=TARIFF_WITH_CAPPED_FEE)
    assert lines_of([price], PLACES) == [TypedPrice("yard", "kept", "")]
