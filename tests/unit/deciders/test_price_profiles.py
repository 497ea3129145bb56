"""A price profile: its terms, and the home chargers that it prices."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from eosvolt.domain.kernel import Rejected
from eosvolt.domain.price_profiles.commands import (
    AddPriceProfile,
    AssignPriceProfile,
    ChangePriceProfile,
    ReleasePriceProfile,
    RemovePriceProfile,
)
from eosvolt.domain.price_profiles.decider import price_profiles
from eosvolt.domain.price_profiles.events import (
    NO_TIME_ZONE,
    PriceProfileAdded,
    PriceProfileAssigned,
    PriceProfileChanged,
    PriceProfileReleased,
    PriceProfileRemoved,
    ProfileTerms,
)
from tests.examples import COMPANY, FLAT_TARIFF, MORNING, after
from tests.rule import Rule

TERMS = ProfileTerms(name="Home", tariff=replace(FLAT_TARIFF, time_zone=NO_TIME_ZONE))
DEARER = replace(TERMS, tariff=replace(TERMS.tariff, price=Decimal("0.99")))
ADDED = PriceProfileAdded(profile="p1", company=COMPANY, at=MORNING, terms=TERMS)
ASSIGNED = PriceProfileAssigned(home="home-1", at=after(1))


def test_a_profile_is_added_and_changed() -> None:
    add = AddPriceProfile(profile="p1", company=COMPANY, at=MORNING, terms=TERMS)
    Rule(price_profiles).when(add).then(ADDED)
    Rule(price_profiles).given(ADDED).when(ChangePriceProfile(at=after(1), terms=DEARER)).then(
        PriceProfileChanged(profile="p1", company=COMPANY, at=after(1), terms=DEARER)
    )


def test_it_is_given_to_home_chargers_and_taken_from_them() -> None:
    Rule(price_profiles).given(ADDED).when(AssignPriceProfile(home="home-1", at=after(1))).then(ASSIGNED)
    release = ReleasePriceProfile(home="home-1", at=after(2))
    Rule(price_profiles).given(ADDED, ASSIGNED).when(release).then(
        PriceProfileReleased(home="home-1", at=after(2))
    )
    Rule(price_profiles).given(ADDED).when(release).then()


def test_it_is_removed_once_no_home_charger_has_it() -> None:
    remove = RemovePriceProfile(at=after(3))
    with pytest.raises(Rejected, match="another one first"):
        Rule(price_profiles).given(ADDED, ASSIGNED).when(remove)
    removed = PriceProfileRemoved(at=after(3))
    Rule(price_profiles).given(ADDED).when(remove).then(removed)
    Rule(price_profiles).given(ADDED, removed).when(ChangePriceProfile(at=after(4), terms=DEARER)).then()


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        (replace(TERMS, name=" "), "name"),
        (replace(TERMS, tariff=replace(TERMS.tariff, currency="XXX")), "currency"),
        (replace(TERMS, tariff=replace(TERMS.tariff, price=Decimal(-1))), "price"),
    ],
)
def test_terms_follow_the_rules_of_tariffs(terms: ProfileTerms, why: str) -> None:
    with pytest.raises(Rejected, match=why):
        Rule(price_profiles).when(AddPriceProfile(profile="p1", company=COMPANY, at=MORNING, terms=terms))
