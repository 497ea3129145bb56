"""The blocking fee: full intervals only, pauses taken out, never more than the cap."""

from datetime import datetime, timedelta
from decimal import Decimal

import msgspec
import pytest

from eosvolt.domain.money import Money
from eosvolt.domain.tariffs.blocking_fee import due_times, fee_line, intervals_due
from eosvolt.domain.tariffs.rating import PriceLine
from eosvolt.domain.tariffs.tariff import BlockingFee, Strategy, Tariff

ENDED = datetime.fromisoformat("2026-11-21T12:00Z")
ONE_DOLLAR_EACH_QUARTER = BlockingFee(Decimal(1), 15)
TARIFF = Tariff(
    "USD",
    Strategy.PER_KWH,
    Decimal("0.50"),
    Decimal("0.19"),
    "America/New_York",
    blocking_fee=ONE_DOLLAR_EACH_QUARTER,
)


def after(minutes: float) -> datetime:
    return ENDED + timedelta(minutes=minutes)


def lines_of(tariff: Tariff, count: int) -> list[PriceLine | None]:
    return [fee_line(tariff, ENDED, n, after(15 * n)) for n in range(1, count + 1)]


@pytest.mark.parametrize(
    ("minutes", "due"), [(-30, 0), (0, 0), (14.99, 0), (15, 1), (29.99, 1), (30, 2), (45, 3), (100, 6)]
)
def test_one_fee_falls_due_with_each_full_interval(minutes: float, due: int) -> None:
    assert intervals_due(ONE_DOLLAR_EACH_QUARTER, ENDED, after(minutes)) == due


@pytest.mark.parametrize("interval", [5, 15, 30, 60])
def test_the_interval_is_the_tariffs_own(interval: int) -> None:
    fee = BlockingFee(Decimal(1), interval)
    assert intervals_due(fee, ENDED, after(60)) == 60 // interval
    assert due_times(fee, ENDED, 2) == (after(interval), after(2 * interval))


def test_fees_fall_due_at_15_30_and_45_minutes() -> None:
    assert due_times(ONE_DOLLAR_EACH_QUARTER, ENDED, 3) == (after(15), after(30), after(45))
    assert due_times(ONE_DOLLAR_EACH_QUARTER, ENDED, 0) == ()


def test_time_that_is_not_billed_stops_the_clock() -> None:
    offline = [(after(10), after(40))]
    assert intervals_due(ONE_DOLLAR_EACH_QUARTER, ENDED, after(44), offline) == 0
    assert intervals_due(ONE_DOLLAR_EACH_QUARTER, ENDED, after(45), offline) == 1
    assert due_times(ONE_DOLLAR_EACH_QUARTER, ENDED, 2, offline) == (after(45), after(60))


def test_several_pauses_add_up_however_they_overlap() -> None:
    pauses = [(after(20), after(30)), (after(-60), after(5)), (after(25), after(35)), (after(36), after(36))]
    assert due_times(ONE_DOLLAR_EACH_QUARTER, ENDED, 3, pauses) == (after(20), after(50), after(65))
    assert intervals_due(ONE_DOLLAR_EACH_QUARTER, ENDED, after(50), pauses) == 2


def test_a_pause_that_begins_as_the_interval_is_full_does_not_delay_it() -> None:
    pause = [(after(15), after(25))]
    assert due_times(ONE_DOLLAR_EACH_QUARTER, ENDED, 2, pause) == (after(15), after(40))
    assert intervals_due(ONE_DOLLAR_EACH_QUARTER, ENDED, after(15), pause) == 1


def test_a_pause_that_ended_before_the_session_did_means_nothing() -> None:
    assert due_times(ONE_DOLLAR_EACH_QUARTER, ENDED, 1, [(after(-20), after(-10))]) == (after(15),)
    assert due_times(ONE_DOLLAR_EACH_QUARTER, ENDED, 1, [(after(-20), ENDED)]) == (after(15),)


def test_a_line_charges_one_interval_with_its_vat() -> None:
    assert fee_line(TARIFF, ENDED, 1, after(15)) == PriceLine(
        kind="blockingFee",
        since=ENDED,
        until=after(15),
        quantity=Decimal(1),
        unit="interval",
        price=Decimal("1.00"),
        gross=Money("USD", 100),
        net=Money("USD", 84),
        vat=Money("USD", 16),
    )


def test_the_first_line_begins_as_the_session_ends_and_later_ones_an_interval_before_due() -> None:
    first, second = fee_line(TARIFF, ENDED, 1, after(45)), fee_line(TARIFF, ENDED, 2, after(60))
    assert first is not None
    assert second is not None
    assert (first.since, first.until) == (ENDED, after(45))
    assert (second.since, second.until) == (after(45), after(60))


def test_the_interval_that_would_exceed_the_cap_is_charged_up_to_it() -> None:
    capped = msgspec.structs.replace(TARIFF, blocking_fee=BlockingFee(Decimal(1), 15, Decimal("2.50")))
    grosses = [line and (line.price, line.gross) for line in lines_of(capped, 5)]
    assert grosses == [
        (Decimal("1.00"), Money("USD", 100)),
        (Decimal("1.00"), Money("USD", 100)),
        (Decimal("0.50"), Money("USD", 50)),
        None,
        None,
    ]


def test_a_cap_that_is_a_multiple_of_the_fee_leaves_no_partial_line() -> None:
    capped = msgspec.structs.replace(TARIFF, blocking_fee=BlockingFee(Decimal(1), 15, Decimal(2)))
    assert [line is not None for line in lines_of(capped, 3)] == [True, True, False]


def test_a_cap_below_the_fee_is_all_that_is_ever_charged() -> None:
    capped = msgspec.structs.replace(TARIFF, blocking_fee=BlockingFee(Decimal(5), 15, Decimal(2)))
    assert [line and line.gross for line in lines_of(capped, 2)] == [Money("USD", 200), None]


def test_without_a_blocking_fee_there_is_no_line() -> None:
    assert fee_line(msgspec.structs.replace(TARIFF, blocking_fee=None), ENDED, 1, after(15)) is None


def test_there_is_no_interval_before_the_first() -> None:
    with pytest.raises(ValueError, match="counted from 1"):
        fee_line(TARIFF, ENDED, 0, ENDED)


def test_a_fee_in_yen_has_no_decimals() -> None:
    yen = msgspec.structs.replace(TARIFF, currency="JPY", blocking_fee=BlockingFee(Decimal(100), 5))
    line = fee_line(yen, ENDED, 1, after(5))
    assert line is not None
    assert (str(line.gross), str(line.net), str(line.vat)) == ("100 JPY", "84 JPY", "16 JPY")
