"""What is paid back in parts adds up to what was paid, in gross, net and VAT, to the smallest unit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eosvolt.domain.money import Money, Taxed, nth_part, parts, with_vat_inside
from tests.properties.pricing import vat_rates

currencies = st.sampled_from(["JPY", "EUR", "KWD"])


def test_ten_euros_in_three_parts_give_their_vat_back_exactly() -> None:
    whole = with_vat_inside(Money("EUR", 1000), Decimal("0.19"))
    assert (whole.net.minor, whole.vat.minor) == (840, 160)
    thirds = parts(whole, [Money("EUR", 333), Money("EUR", 333), Money("EUR", 334)])
    assert [part.net.minor for part in thirds] == [280, 279, 281]
    assert sum(part.net.minor for part in thirds) == 840
    assert sum(part.vat.minor for part in thirds) == 160


@given(currencies, st.lists(st.integers(0, 10**7), min_size=1, max_size=12), vat_rates, st.booleans())
def test_parts_add_up_to_the_whole_and_none_is_a_unit_off(
    currency: str, sizes: list[int], vat: Decimal, negative: bool
) -> None:
    sign = -1 if negative else 1
    amounts = [Money(currency, sign * size) for size in sizes]
    whole = with_vat_inside(Money(currency, sign * sum(sizes)), vat)
    found = parts(whole, amounts)
    assert [part.gross for part in found] == amounts
    assert all(part.gross == part.net + part.vat for part in found)
    assert sum(part.net.minor for part in found) == whole.net.minor
    assert sum(part.vat.minor for part in found) == whole.vat.minor
    for part in found:
        exact = Decimal(part.gross.minor) / (1 + vat)
        assert abs(Decimal(part.net.minor) - exact) < 2


@given(currencies, st.integers(1, 10**6), st.integers(1, 10**6))
def test_more_than_is_left_is_refused(currency: str, minor: int, more: int) -> None:
    whole = Taxed(Money(currency, minor), Money(currency, minor), Money.zero(currency))
    with pytest.raises(ValueError, match="cannot be taken"):
        nth_part(whole, Money.zero(currency), Money(currency, minor + more))
    with pytest.raises(ValueError, match="cannot be taken"):
        nth_part(whole, Money.zero(currency), Money(currency, -more))
