"""The amounts of invoices: VAT for each rate on the total, and lines that add up to it."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from eosvolt.domain.invoices.amounts import invoice_amounts
from eosvolt.domain.money import Money, round_half_up

RATES = st.sampled_from([Decimal(each) for each in ("0", "0.05", "0.07", "0.19", "0.21", "0.255")])
CURRENCIES = st.sampled_from(("EUR", "CZK", "GBP", "JPY", "KWD"))


def test_four_hundred_sessions_of_9_99_have_the_vat_of_their_sum() -> None:
    amounts = invoice_amounts([(Money("EUR", 999), Decimal("0.19"))] * 400, "EUR")
    (rate,) = amounts.rates
    assert (rate.net, rate.vat, rate.gross) == (
        Money("EUR", 335_798),
        Money("EUR", 63_802),
        Money("EUR", 399_600),
    )
    assert sum(net.minor for net in amounts.nets) == 335_798
    assert not amounts.rounding.minor
    # Session by session there would be 4.00 more net and less VAT.
    assert 400 * round_half_up(Decimal("9.99") / Decimal("1.19"), "EUR").minor != 335_798


def test_what_no_net_amount_leads_to_is_the_rounding_of_the_document() -> None:
    found = [invoice_amounts([(Money("EUR", cents), Decimal("0.19"))], "EUR") for cents in range(1, 200)]
    assert {each.rounding.minor for each in found} == {-1, 0, 1} or {
        each.rounding.minor for each in found
    } == {0, 1}
    assert all(each.net + each.vat + each.rounding == each.gross for each in found)


@given(
    currency=CURRENCIES,
    lines=st.lists(st.tuples(st.integers(0, 100_000), RATES), min_size=1, max_size=40),
)
def test_lines_rates_and_document_add_up(currency: str, lines: list[tuple[int, Decimal]]) -> None:
    amounts = invoice_amounts([(Money(currency, minor), rate) for minor, rate in lines], currency)
    for each in amounts.rates:
        assert each.vat == round_half_up(each.net.amount * each.rate, currency)
        assert abs(each.rounding.minor) <= 1
        nets = [net.minor for net, (_, rate) in zip(amounts.nets, lines, strict=True) if rate == each.rate]
        assert sum(nets) == each.net.minor
        assert min(nets) >= 0
    assert amounts.net + amounts.vat + amounts.rounding == amounts.gross
