"""A price profile that reimburses: who pays, for which tokens, at which price of which year."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from eosvolt.domain.kernel import Rejected
from eosvolt.domain.price_profiles.commands import AddPriceProfile, ChangePriceProfile
from eosvolt.domain.price_profiles.decider import price_profiles
from eosvolt.domain.price_profiles.events import (
    NO_TIME_ZONE,
    Direction,
    PriceProfileAdded,
    PriceProfileChanged,
    ProfileTerms,
    free,
)
from eosvolt.domain.price_profiles.reimbursement import PriceSource, Reimbursement, SourceKind, problems
from eosvolt.domain.tariffs.tariff import BusinessUse
from tests.examples import COMPANY, FLAT_TARIFF, MORNING, after
from tests.reimbursing import BUSINESS, CONTRACT, FLAT_RATE, REIMBURSEMENT, REIMBURSING
from tests.rule import Rule

ADDED = PriceProfileAdded(profile="p1", company=COMPANY, at=MORNING, terms=REIMBURSING)


def with_sources(*sources: PriceSource) -> ProfileTerms:
    return replace(REIMBURSING, reimbursement=replace(REIMBURSEMENT, sources=sources))


def changed(terms: ProfileTerms) -> Rule:
    return Rule(price_profiles).given(ADDED).when(ChangePriceProfile(at=after(1), terms=terms))


def test_a_home_s_tariff_is_free_and_names_the_business_tokens() -> None:
    add = AddPriceProfile(profile="p1", company=COMPANY, at=MORNING, terms=REIMBURSING)
    Rule(price_profiles).when(add).then(ADDED)
    tariff = REIMBURSING.tariff_in("Europe/Berlin", "p1")
    assert (tariff.price, tariff.time_zone) == (Decimal(0), "Europe/Berlin")
    assert tariff.business == BusinessUse("p1", (BUSINESS,))


def test_the_price_of_a_day_is_that_of_its_source() -> None:
    found = [REIMBURSEMENT.source_on(day) for day in (date(2026, 12, 31), date(2027, 1, 1))]
    assert found == [CONTRACT, FLAT_RATE]
    assert [each.per_kwh for each in found if each] == [Decimal("0.3274"), Decimal("0.34")]
    assert REIMBURSEMENT.source_on(date(2028, 1, 1)) is None


def test_another_contract_and_other_tokens_are_a_change() -> None:
    first = replace(CONTRACT, until=date(2026, 6, 30))
    second = replace(CONTRACT, since=date(2026, 7, 1), price=Decimal("0.29"))
    terms = with_sources(first, second)
    changed(terms).then(PriceProfileChanged(profile="p1", company=COMPANY, at=after(1), terms=terms))


def test_the_kind_of_price_of_a_year_that_has_begun_stays() -> None:
    flat = replace(FLAT_RATE, since=date(2026, 1, 1), until=date(2026, 12, 31))
    with pytest.raises(Rejected, match="2026 was chosen for the whole year"):
        changed(with_sources(flat, FLAT_RATE))
    # The next one has not begun, and a year of which nothing was said can be chosen at any time.
    next_year = replace(CONTRACT, since=date(2027, 1, 1), until=date(2027, 12, 31))
    terms = with_sources(CONTRACT, next_year)
    changed(terms).then(PriceProfileChanged(profile="p1", company=COMPANY, at=after(1), terms=terms))


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        (replace(REIMBURSING, reimbursement=replace(REIMBURSEMENT, payer="acme")), "Who pays"),
        (
            ProfileTerms(name="Sold", tariff=replace(FLAT_TARIFF, time_zone=NO_TIME_ZONE)),
            "Who owes whom",
        ),
        (replace(REIMBURSING, tariff=free("CHF")), "currency"),
    ],
)
def test_what_statements_rely_on_does_not_change(terms: ProfileTerms, why: str) -> None:
    with pytest.raises(Rejected, match=why):
        changed(terms)


@pytest.mark.parametrize(
    "terms",
    [
        replace(REIMBURSING, reimbursement=None),
        replace(REIMBURSING, direction=Direction.SELL),
        replace(REIMBURSING, tariff=replace(FLAT_TARIFF, time_zone=NO_TIME_ZONE)),
        with_sources(replace(CONTRACT, evidence=" ")),
    ],
)
def test_terms_that_contradict_themselves_are_refused(terms: ProfileTerms) -> None:
    add = AddPriceProfile(profile="p1", company=COMPANY, at=MORNING, terms=terms)
    with pytest.raises(Rejected):
        Rule(price_profiles).when(add)


@pytest.mark.parametrize(
    ("terms", "pointers"),
    [
        (Reimbursement(tokens=("",)), ["/businessTokens"]),
        (Reimbursement(tokens=tuple(map(str, range(101)))), ["/businessTokens"]),
        (Reimbursement(sources=(FLAT_RATE,) * 2), ["/priceSources"]),
        (
            Reimbursement(sources=(replace(CONTRACT, until=date(2025, 12, 31)),)),
            ["/priceSources/0/validUntil"],
        ),
        (
            Reimbursement(sources=(replace(CONTRACT, until=date(2027, 1, 1)),)),
            ["/priceSources/0/validUntil"],
        ),
        (
            Reimbursement(
                sources=(
                    replace(CONTRACT, until=date(2026, 5, 31)),
                    replace(
                        CONTRACT, kind=SourceKind.FLAT_RATE, since=date(2026, 6, 1), base_share=Decimal(0)
                    ),
                )
            ),
            ["/priceSources"],
        ),
        (Reimbursement(sources=(replace(CONTRACT, price=Decimal(-1)),)), ["/priceSources/0/price"]),
        (Reimbursement(sources=(replace(CONTRACT, price=Decimal("NaN")),)), ["/priceSources/0/price"]),
        (
            Reimbursement(sources=(replace(CONTRACT, base_share=Decimal("0.0000001")),)),
            ["/priceSources/0/basePriceShare"],
        ),
        (
            Reimbursement(sources=(replace(FLAT_RATE, base_share=Decimal("0.01")),)),
            ["/priceSources/0/basePriceShare"],
        ),
        (Reimbursement(sources=(replace(CONTRACT, evidence="x" * 201),)), ["/priceSources/0/evidence"]),
        (REIMBURSEMENT, []),
    ],
)
def test_what_is_wrong_is_said_where_it_is(terms: Reimbursement, pointers: list[str]) -> None:
    assert [pointer for pointer, _ in problems(terms)] == pointers
