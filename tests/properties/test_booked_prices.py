"""What holds for every booked session's price, and that the independent oracle says the same."""

from datetime import timedelta
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from eosvolt.domain.money import minor_digits
from eosvolt.domain.tariffs.energy import EnergyPoint
from eosvolt.domain.tariffs.rating import rate, total
from eosvolt.domain.tariffs.tariff import Strategy, Tariff
from tests.oracle.account import Account
from tests.oracle.charging import charging_lines
from tests.oracle.terms import Terms, Window
from tests.properties.pricing import charges, curve, tariffs

free_energy = st.one_of(st.integers(1, 40_000), st.integers(1, 200_000))


def as_terms(tariff: Tariff) -> Terms:
    return Terms(
        tariff.time_zone,
        tariff.currency,
        Fraction(tariff.vat_rate),
        Fraction(tariff.price),
        per_minute=tariff.strategy is Strategy.PER_MINUTE,
        windows=tuple(Window(each.starts, each.ends, Fraction(each.price)) for each in tariff.windows),
        free_wh=tariff.free_wh,
    )


@given(tariffs(), charges(), free_energy)
def test_nobody_pays_more_because_something_is_free_and_quantities_stay(
    tariff: Tariff, readings: list[EnergyPoint], wh: int
) -> None:
    since, until = readings[0].at, readings[-1].at + timedelta(seconds=1)
    usual = rate(tariff, since, until, curve(readings))
    booked = rate(replace(tariff, free_wh=wh), since, until, curve(readings))
    # A line that is cut in two is rounded twice: at most one minor unit each.
    assert total(booked, tariff.currency).gross.minor <= total(usual, tariff.currency).gross.minor + len(
        booked
    )
    assert sum(each.quantity for each in booked) - sum(each.quantity for each in usual) < 1
    assert all(each.gross.minor == 0 for each in booked if not each.price)


@given(tariffs(Strategy.PER_KWH), charges(), free_energy)
def test_exactly_the_free_energy_is_at_no_price(tariff: Tariff, readings: list[EnergyPoint], wh: int) -> None:
    since, until = readings[0].at, readings[-1].at + timedelta(seconds=1)
    dear = replace(tariff, price=tariff.price + 1, windows=(), free_wh=wh)
    lines = rate(dear, since, until, curve(readings))
    assert sum(each.quantity for each in lines) * 1000 == readings[-1].wh
    assert sum(each.quantity for each in lines if not each.price) * 1000 == min(wh, readings[-1].wh)


@given(tariffs(Strategy.PER_KWH), charges(), free_energy)
def test_the_cheaper_the_more_is_free(tariff: Tariff, readings: list[EnergyPoint], wh: int) -> None:
    since, until = readings[0].at, readings[-1].at + timedelta(seconds=1)
    flat = replace(tariff, windows=())
    less = total(rate(replace(flat, free_wh=wh), since, until, curve(readings)), flat.currency)
    more = total(rate(replace(flat, free_wh=2 * wh), since, until, curve(readings)), flat.currency)
    assert more.gross <= less.gross


@given(tariffs(), charges(), free_energy)
def test_the_oracle_says_the_same(tariff: Tariff, readings: list[EnergyPoint], wh: int) -> None:
    since, until = readings[0].at, readings[-1].at
    # The oracle looks at the clock in every minute, and has one line where a window of 24 hours begins anew.
    assume(timedelta(0) < until - since <= timedelta(days=2))
    assume(all((each.starts, each.ends) != (0, 1440) for each in tariff.windows))
    booked = replace(tariff, free_wh=wh)
    terms, energy_wh = as_terms(booked), readings[-1].wh
    account = Account(since, 0, until, readings=[(each.at, each.wh) for each in readings[1:]])
    says = charging_lines(terms, account, until, energy_wh)
    ours = rate(booked, since, until, curve(readings)) if energy_wh else ()
    unit = Fraction(1, 10 ** minor_digits(tariff.currency))
    assert [(each.kind, each.since, each.until, Fraction(each.price)) for each in ours] == [
        (each.kind, each.since, each.until, each.price) for each in says
    ]
    assert [(each.gross.minor * unit, each.net.minor * unit) for each in ours] == [
        (each.gross, each.net) for each in says
    ]
