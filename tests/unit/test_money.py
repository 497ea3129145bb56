"""Money: exact amounts, one rounding, and VAT that is inside a price."""

from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest
from babel.core import get_global

from eosvolt.domain.money import Money, Taxed, minor_digits, round_half_up, with_vat_inside

# Every currency that could be billed in an earlier release: it may be in a history.
RELEASED = {
    code: digits
    for digits, codes in (
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (
            2,
            (
                "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD "
                "CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP "
                "GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK "
                "LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO "
                "NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS "
                "SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST "
                "XCD XCG YER ZAR ZMW ZWG"
            ),
        ),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    )
    for code in codes.split()
}


@pytest.mark.parametrize(
    ("currency", "digits"),
    [("EUR", 2), ("USD", 2), ("JPY", 0), ("UGX", 0), ("KWD", 3), ("UYW", 4), ("IQD", 3)],
)
def test_a_currency_has_the_decimals_that_iso_4217_gives_it(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


@pytest.mark.parametrize("code", ["EURO", "eur", "", "ABC", "XXX", "XAU", "XTS"])
def test_what_is_not_a_currency_to_pay_with_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="not an ISO 4217 currency"):
        minor_digits(code)


def test_every_currency_that_is_legal_tender_somewhere_is_known() -> None:
    withdrawn_since_the_table_was_made = {"ANG", "BGN", "CUC", "SLL", "ZWL"}
    tender = {
        currency
        for tenders in get_global("territory_currencies").values()
        for currency, _since, until, is_tender in tenders
        if is_tender and until is None
    } - withdrawn_since_the_table_was_made
    assert len(tender) > 140
    assert all(0 <= minor_digits(currency) <= 4 for currency in tender)


def test_no_edition_of_iso_4217_changes_what_was_billed_once() -> None:
    assert {code: minor_digits(code) for code in RELEASED} == RELEASED


def test_an_amount_is_kept_to_the_minor_unit() -> None:
    assert Money.of("12.34", "EUR") == Money("EUR", 1234)
    assert Money.of(Decimal(500), "JPY") == Money("JPY", 500)
    assert Money.of("0.125", "KWD") == Money("KWD", 125)
    assert Money.of("-1.5000", "EUR") == Money("EUR", -150)


@pytest.mark.parametrize(
    ("amount", "currency"), [("12.345", "EUR"), ("0.5", "JPY"), ("1.2345", "KWD"), ("1E-12", "EUR")]
)
def test_an_amount_finer_than_the_minor_unit_is_refused(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match="finer than the smallest unit"):
        Money.of(amount, currency)


@pytest.mark.parametrize("amount", ["twelve", "", "NaN", "Infinity", "1E+999999999", "1E-999999999"])
def test_what_is_no_amount_is_refused_at_once(amount: str) -> None:
    with pytest.raises(ValueError, match="is not an amount"):
        Money.of(amount, "EUR")


def test_an_amount_shows_all_decimals_of_its_currency() -> None:
    assert str(Money("EUR", 1230)) == "12.30 EUR"
    assert str(Money("EUR", -5)) == "-0.05 EUR"
    assert str(Money("JPY", 500)) == "500 JPY"
    assert str(Money.zero("KWD")) == "0.000 KWD"
    assert str(Money("EUR", 10**40 + 1)) == f"1{'0' * 37}0.01 EUR"


def test_money_adds_up_and_compares_within_a_currency() -> None:
    one, two = Money("EUR", 100), Money("EUR", 200)
    assert one + one == two
    assert one - two == -one
    assert one < two
    assert two > one
    assert one <= Money("EUR", 100)
    assert one >= Money("EUR", 100)
    assert max([one, two]) == two


@pytest.mark.parametrize("operation", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__"])
def test_two_currencies_never_mix(operation: str) -> None:
    with pytest.raises(ValueError, match="different currencies"):
        getattr(Money("EUR", 1), operation)(Money("USD", 1))
    assert Money("EUR", 1) != Money("USD", 1)


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("1.005", "EUR", 101),
        ("1.0049999", "EUR", 100),
        ("2.5", "JPY", 3),
        ("3.5", "JPY", 4),
        ("0.0005", "KWD", 1),
        ("-1.005", "EUR", -101),
        ("-0.004", "EUR", 0),
    ],
)
def test_a_half_is_rounded_away_from_zero(amount: str, currency: str, minor: int) -> None:
    assert round_half_up(Decimal(amount), currency) == Money(currency, minor)
    assert round_half_up(Fraction(amount), currency) == Money(currency, minor)


def test_a_third_is_rounded_from_its_exact_value() -> None:
    assert round_half_up(Fraction(2, 3), "EUR") == Money("EUR", 67)


def test_vat_is_separate_from_a_gross_amount() -> None:
    assert with_vat_inside(Money("EUR", 11900), Decimal("0.19")) == Taxed(
        Money("EUR", 11900), Money("EUR", 10000), Money("EUR", 1900)
    )
    assert with_vat_inside(Money("EUR", 400), Decimal("0.19")).net == Money("EUR", 336)
    assert with_vat_inside(Money("JPY", 105), Decimal("0.10")).net == Money("JPY", 95)
    assert with_vat_inside(Money("KWD", 1000), Decimal("0.05")).vat == Money("KWD", 48)


def test_without_vat_net_is_gross() -> None:
    taxed = with_vat_inside(Money("EUR", 777), Decimal(0))
    assert (taxed.net, taxed.vat) == (Money("EUR", 777), Money.zero("EUR"))


def test_a_credit_mirrors_its_charge() -> None:
    charge, credit = (with_vat_inside(Money("EUR", minor), Decimal("0.077")) for minor in (333, -333))
    assert (credit.net, credit.vat) == (-charge.net, -charge.vat)


def test_money_is_stored_as_whole_minor_units() -> None:
    stored = msgspec.json.encode(Money("EUR", 1234))
    assert stored == b'{"currency":"EUR","minor":1234}'
    assert msgspec.json.decode(stored, type=Money) == Money("EUR", 1234)
