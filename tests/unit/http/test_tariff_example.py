"""The example beside the tariff: a session that one chooses, and what staying costs."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from eosvolt.adapters.http.web.locations.tariff_example import ExampleSession, example_of, session_of
from eosvolt.domain.money import Money
from eosvolt.domain.tariffs.tariff import BlockingFee, Strategy, Tariff, Window

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


def tariff(fee: BlockingFee | None = None, windows: tuple[Window, ...] = ()) -> Tariff:
    return Tariff(
        currency="EUR",
        strategy=Strategy.PER_KWH,
        price=Decimal("0.50"),
        vat_rate=Decimal("0.19"),
        time_zone="Europe/Berlin",
        windows=windows,
        blocking_fee=fee,
    )


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


def test_the_usual_session_is_that_of_an_evening() -> None:
    example = example_of(tariff(), NOON)
    assert (example.total.gross, example.energy_wh, example.steps) == (euros("11.00"), 22_000, ())
    assert example.since == datetime(2026, 11, 29, 16, tzinfo=UTC)


def test_a_session_is_split_where_a_window_begins() -> None:
    night = tariff(windows=(Window(22 * 60, 6 * 60, Decimal("0.30")),))
    session = ExampleSession(starts=21 * 60, lasts=timedelta(hours=2), energy_wh=10_000)
    lines = [(line.quantity, line.price) for line in example_of(night, NOON, session).lines]
    assert lines == [(Decimal(5), Decimal("0.50")), (Decimal(5), Decimal("0.30"))]


@pytest.mark.parametrize(("minutes", "fees"), [(14, 0), (15, 1), (44, 2), (45, 3), (600, 3)])
def test_staying_costs_each_full_interval_up_to_the_cap(minutes: int, fees: int) -> None:
    blocking = BlockingFee(Decimal(1), 15, Decimal(3))
    session = ExampleSession(stays=timedelta(minutes=minutes))
    example = example_of(tariff(blocking), NOON, session)
    assert example.total.gross == euros("11.00") + euros(f"{fees}.00")
    assert [line.quantity for line in example.lines[1:]] == ([Decimal(fees)] if fees else [])


def test_the_fees_in_advance_end_with_the_cap_which_takes_only_what_is_left() -> None:
    steps = example_of(tariff(BlockingFee(Decimal(2), 30, Decimal(5))), NOON).steps
    assert [(each.after, each.charged, each.capped) for each in steps] == [
        (timedelta(minutes=30), euros("2.00"), False),
        (timedelta(minutes=60), euros("4.00"), False),
        (timedelta(minutes=90), euros("5.00"), True),
    ]


def test_a_cap_that_is_out_of_sight_is_not_waited_for() -> None:
    steps = example_of(tariff(BlockingFee(Decimal("0.01"), 5, Decimal(900_000_000))), NOON).steps
    assert [each.charged for each in steps] == [euros(f"0.0{number}") for number in (1, 2, 3, 4)]


def test_the_session_of_the_form_is_read_as_people_write_it() -> None:
    typed = {"exampleStarts": "23:30", "exampleLasts": "45", "exampleEnergy": "7,5", "exampleStays": "0"}
    wanted = ExampleSession(23 * 60 + 30, timedelta(minutes=45), 7500, timedelta(0))
    assert session_of(typed) == wanted
    assert session_of({}) == ExampleSession()


@pytest.mark.parametrize(
    "typed",
    [
        {"exampleStarts": "25:00"},
        {"exampleLasts": "0"},
        {"exampleLasts": "2881"},
        {"exampleEnergy": "-1"},
        {"exampleEnergy": "NaN"},
        {"exampleEnergy": "0"},
        {"exampleStays": "\u0661\u0665"},
        {"exampleStays": "9999"},
    ],
)
def test_what_is_no_session_is_none(typed: dict[str, str]) -> None:
    assert session_of(typed) is None
