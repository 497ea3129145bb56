"""What a company pays the platform for each session, and from when on."""

from datetime import date
from decimal import Decimal

import pytest

from eosvolt.domain.kernel import Rejected
from eosvolt.domain.money import Money
from eosvolt.domain.platform_fees.commands import SetPlatformFee
from eosvolt.domain.platform_fees.decider import platform_fees
from eosvolt.domain.platform_fees.events import PlatformFeeSet
from eosvolt.domain.platform_fees.terms import FeeTerms, in_force, platform_fee, scheduled
from tests.examples import COMPANY, after
from tests.rule import Rule

TODAY = date(2026, 11, 21)
TERMS = FeeTerms(TODAY, Decimal("0.02"), (Money("EUR", 10),))
LATER = FeeTerms(date(2026, 12, 1), Decimal("0.03"))


def set_to(terms: FeeTerms) -> SetPlatformFee:
    return SetPlatformFee(company=COMPANY, at=after(0), today=TODAY, terms=terms)


def was_set(terms: FeeTerms) -> PlatformFeeSet:
    return PlatformFeeSet(company=COMPANY, at=after(0), terms=terms)


def test_a_fee_is_set_from_today_or_later() -> None:
    Rule(platform_fees).when(set_to(TERMS)).then(was_set(TERMS))
    Rule(platform_fees).given(was_set(TERMS)).when(set_to(TERMS)).then()
    yesterday = FeeTerms(date(2026, 11, 20), Decimal("0.02"))
    with pytest.raises(Rejected, match="a day that is over"):
        Rule(platform_fees).when(set_to(yesterday))


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        (FeeTerms(TODAY, Decimal(1)), "fraction"),
        (FeeTerms(TODAY, Decimal("-0.1")), "fraction"),
        (FeeTerms(TODAY, Decimal("0.0000001")), "fraction"),
        (FeeTerms(TODAY, Decimal("NaN")), "fraction"),
        (FeeTerms(TODAY, fixed=(Money("XXX", 1),)), "ISO 4217"),
        (FeeTerms(TODAY, fixed=(Money("EUR", -1),)), "not negative"),
        (FeeTerms(TODAY, fixed=(Money("EUR", 1), Money("EUR", 2))), "one amount for each"),
    ],
)
def test_what_is_no_fee_is_refused(terms: FeeTerms, sentence: str) -> None:
    with pytest.raises(Rejected, match=sentence):
        Rule(platform_fees).when(set_to(terms))


def test_the_last_terms_that_began_apply() -> None:
    schedule = scheduled(scheduled((), LATER), TERMS)
    assert in_force(schedule, date(2026, 11, 20)) is None
    assert in_force(schedule, TODAY) == in_force(schedule, date(2026, 11, 30)) == TERMS
    assert in_force(schedule, date(2026, 12, 1)) == LATER
    assert scheduled(schedule, FeeTerms(TODAY)) == (FeeTerms(TODAY), LATER)


@pytest.mark.parametrize(
    ("gross", "fee"),
    [
        (Money("EUR", 1000), Money("EUR", 30)),
        # 0.25 cents and 10: half a cent is rounded up, less is not.
        (Money("EUR", 12), Money("EUR", 10)),
        (Money("EUR", 25), Money("EUR", 11)),
        # Never more than there is.
        (Money("EUR", 4), Money("EUR", 4)),
        (Money("EUR", 0), Money("EUR", 0)),
        (Money("EUR", -5), Money("EUR", 0)),
        # No fixed amount in this currency.
        (Money("JPY", 1000), Money("JPY", 20)),
    ],
)
def test_a_session_costs_a_share_and_a_fixed_amount(gross: Money, fee: Money) -> None:
    assert platform_fee(TERMS, gross) == fee
