"""The oracle on examples that can be worked out by hand; most of them stand in the specification."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from tests.oracle.account import Account, Bill, Stop
from tests.oracle.blocking import intervals
from tests.oracle.charging import apportioned, cut
from tests.oracle.comparison import differences
from tests.oracle.random_run import scenes
from tests.oracle.random_session import Journey
from tests.oracle.sums import sums
from tests.oracle.terms import DAY_MINUTES, Fee, Terms, Window
from tests.oracle.verdict import bill

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
VAT = Fraction(19, 100)
BY_TIME_OF_DAY = (
    Window(0, 360, Fraction("0.80")),
    Window(360, 1080, Fraction("1.20")),
    Window(1080, DAY_MINUTES, Fraction("0.70")),
)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def flat(price: str = "0.50", **more: object) -> Terms:
    return Terms("UTC", "EUR", VAT, Fraction(price), **more)  # type: ignore[arg-type]  # fields by name


def session(
    wh: int, lasts: float, *states: tuple[float, str], began: datetime = NOON, now: float = 1_000
) -> Account:
    """``states`` are (minutes after the start, state); all is heard at once."""
    ended = began + minutes(lasts)
    return Account(
        began,
        1_000,
        began + minutes(now),
        Stop(ended, 1_000 + wh, ended),
        states=[(began + minutes(at), state) for at, state in states],
    )


def amounts(says: Bill) -> list[tuple[int, str]]:
    return [(line.units, f"{float(line.gross):.3f}") for line in says.lines]


def due(says: Bill) -> list[float]:
    return [(line.until - NOON) / minutes(1) for line in says.lines if line.kind == "blockingFee"]


def test_energy_at_one_price_is_rounded_half_up_and_holds_its_vat() -> None:
    says = bill(flat(), session(9_601, 60))
    (line,) = says.lines
    assert (line.units, line.gross, line.net, line.vat) == (
        9_601,
        Fraction("4.80"),
        Fraction("4.03"),
        Fraction("0.77"),
    )
    assert bill(flat("0.53"), session(9_434, 60)).charging == Fraction(5)


@pytest.mark.parametrize(("currency", "price", "gross"), [("JPY", "55", "528"), ("KWD", "0.1235", "1.186")])
def test_each_currency_has_its_own_minor_unit(currency: str, price: str, gross: str) -> None:
    its = Terms("UTC", currency, VAT, Fraction(price))
    says = bill(its, session(9_600, 60))
    assert its.decimal(says.charging) == gross


def test_a_session_over_a_boundary_is_cut_there_in_the_location_s_time() -> None:
    # 18:00 in Berlin is 17:00 UTC in November.
    account = session(6_000, 120, began=NOON + minutes(240))
    says = bill(Terms("Europe/Berlin", "EUR", VAT, Fraction(9), windows=BY_TIME_OF_DAY), account)
    assert amounts(says) == [(3_000, "3.600"), (3_000, "2.100")]


def test_a_window_holds_twice_in_the_hour_that_occurs_twice_and_never_in_the_one_that_is_skipped() -> None:
    its = Terms("Europe/Berlin", "EUR", VAT, Fraction(1), windows=(Window(120, 180, Fraction(2)),))
    autumn = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
    assert [until - since for since, until, _ in cut(its, autumn, autumn + minutes(240))] == [
        minutes(30),
        minutes(120),
        minutes(90),
    ]
    spring = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert [window for _, _, window in cut(its, spring, spring + minutes(90))] == [None]


def test_a_window_wraps_past_midnight_and_gaps_cost_the_default_price() -> None:
    its = flat(windows=(Window(1_320, 120, Fraction("0.10")),))
    midnight = datetime(2026, 11, 21, tzinfo=UTC)
    stretches = cut(its, midnight - minutes(180), midnight + minutes(180))
    assert [(since - midnight, until - midnight, window) for since, until, window in stretches] == [
        (minutes(-180), minutes(-120), None),
        (minutes(-120), minutes(120), 0),
        (minutes(120), minutes(180), None),
    ]


def test_energy_is_spread_over_the_time_in_which_the_car_took_some() -> None:
    its = flat(windows=(Window(780, 840, Fraction(1)),))
    # From 12:30 to 13:30, half of the hour suspended: all of it after 13:00.
    account = session(1_000, 60, (0, "Charging"), (30, "SuspendedEV"), began=NOON + minutes(30))
    assert amounts(bill(its, account)) == [(1_000, "0.500")]
    account = session(1_000, 60, (0, "Charging"), began=NOON + minutes(30))
    assert amounts(bill(its, account)) == [(500, "0.250"), (500, "0.500")]


def test_whole_units_add_up() -> None:
    assert apportioned([Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)]) == [1, 0, 0]
    assert apportioned([Fraction("0.4"), Fraction("2.6")]) == [0, 3]


def test_minutes_count_elapsed_time_without_the_operator_s_throttling_and_faults() -> None:
    its = flat("0.06", per_minute=True)
    states = ((0.1, "Charging"), (10, "SuspendedEVSE"), (15, "Charging"), (20, "Faulted"), (25, "Charging"))
    assert amounts(bill(its, session(5_000, 60, *states))) == [(3_000, "3.000")]
    assert amounts(bill(its, session(5_000, 60, (10, "SuspendedEV"), (15, "Charging")))) == [(3_600, "3.600")]
    assert amounts(bill(its, session(5_000, 60, (-9, "Faulted"), (15, "Charging")))) == [(3_600, "3.600")]


def test_without_energy_nothing_is_charged_but_what_an_idle_car_cost() -> None:
    its = flat("0.06", per_minute=True, fee=Fee(Fraction(1), minutes(15)))
    says = bill(its, session(0, 10, (0.1, "Charging"), (10.1, "Finishing"), (40, "Available")))
    assert (says.status, says.lines) == ("failed", [])
    says = bill(its, session(0, 10, (0.1, "SuspendedEV"), (10.1, "Finishing"), (40, "Available")))
    assert due(says) == [25, 40]


def test_the_fee_falls_due_at_15_30_and_45_minutes() -> None:
    its = flat(fee=Fee(Fraction(1), minutes(15)))
    says = bill(its, session(5_000, 30, (0.1, "Charging"), (30.1, "Finishing"), (76, "Available")))
    assert due(says) == [45, 60, 75]
    assert says.status == "completed"
    assert says.blocking == 3
    assert intervals(Fee(Fraction(1), minutes(15)), NOON, NOON + minutes(44.9), []) == 2


def test_a_cap_cuts_the_last_fee() -> None:
    its = flat(fee=Fee(Fraction(1), minutes(15), Fraction("2.50")))
    says = bill(its, session(5_000, 30, (30.1, "Finishing"), (300, "Available")))
    assert [str(float(line.gross)) for line in says.lines[1:]] == ["1.0", "1.0", "0.5"]


def test_an_idle_car_pays_30_minutes_after_it_stopped_taking_energy() -> None:
    its = flat(fee=Fee(Fraction(1), minutes(15)))
    states = ((0.1, "Charging"), (30, "SuspendedEV"), (80, "Finishing"), (81, "Available"))
    says = bill(its, session(5_000, 79, *states))
    assert says.ended == NOON + minutes(45)
    assert due(says) == [60, 75]
    begun_anew = ((0.1, "Charging"), (30, "SuspendedEV"), (44, "Charging"), (50, "SuspendedEV"))
    assert bill(its, session(5_000, 60, *begun_anew, (60.1, "Available"))).ended == NOON + minutes(60)


def test_no_fee_runs_while_the_charger_is_away_or_the_plug_throttled_or_out_of_order() -> None:
    its = flat(fee=Fee(Fraction(1), minutes(15)))
    states = (
        (30.1, "Finishing"),
        (40, "Faulted"),
        (50, "Finishing"),
        (54, "SuspendedEVSE"),
        (60, "Finishing"),
    )
    account = session(5_000, 30, *states, (90, "Available"))
    assert due(bill(its, account)) == [61, 76]
    account.away = [(NOON + minutes(62), NOON + minutes(80))]
    assert due(bill(its, account)) == [61]


def test_an_end_received_late_costs_nothing_before_the_car_was_seen() -> None:
    its = flat(fee=Fee(Fraction(1), minutes(15)))
    account = session(5_000, 30, (200, "Available"))
    assert account.stop is not None
    account.stop = account.stop._replace(heard_at=NOON + minutes(190))
    assert due(bill(its, account)) == []
    account.states.insert(0, (NOON + minutes(180), "Finishing"))
    assert due(bill(its, account)) == [195]


def test_an_end_received_late_costs_what_it_would_have_cost_at_once_where_the_car_was_seen_at_once() -> None:
    its = flat(fee=Fee(Fraction(1), minutes(15)))
    account = session(5_000, 30, (0.1, "Charging"), (30.1, "Finishing"), (70, "Available"))
    live = bill(its, account)
    assert account.stop is not None
    account.stop = account.stop._replace(heard_at=NOON + minutes(50))
    assert bill(its, account) == live
    assert due(live) == [45, 60]


def test_sums_are_of_the_location_s_days() -> None:
    its = Terms("Pacific/Apia", "EUR", VAT, Fraction(1), fee=Fee(Fraction(1), minutes(60)))
    # Apia is 13 hours ahead: 10:00 UTC is 23:00 there.
    began = datetime(2026, 12, 31, 9, tzinfo=UTC)
    account = session(2_000, 90, (90.1, "Finishing"), (160, "Available"), began=began)
    by = sums([Journey("C", 1, "T", account, its)])
    assert by[("day", date(2026, 12, 31))].revenue == {"EUR": 2}
    assert by[("day", date(2027, 1, 1))].revenue == {"EUR": 1}
    assert (by[("year", date(2026, 1, 1))].sessions, by[("year", date(2027, 1, 1))].sessions) == (1, 0)


def test_a_difference_is_found() -> None:
    journey = Journey("C", 1, "T", session(9_600, 60), flat(), number=7)
    assert [what for _, what in differences([journey], [])] == ["there is no such session"]


def test_a_seed_makes_the_same_sessions_again() -> None:
    first, again, other = (scenes(seed, 12) for seed in (3, 3, 4))
    assert [c.steps for _, cs in first for c in cs] == [c.steps for _, cs in again for c in cs]
    assert [c.steps for _, cs in first for c in cs] != [c.steps for _, cs in other for c in cs]
    ((_, (alone,)),) = scenes(3, 12, only=1)
    assert [alone.steps] == [c.steps for _, cs in first for c in cs if c.name == "O3-1"]
