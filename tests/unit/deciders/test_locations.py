"""What may be said about a location, and when its currency is settled."""

import msgspec
import pytest

from eosvolt.domain.kernel import Rejected
from eosvolt.domain.locations.access import AccessRules
from eosvolt.domain.locations.commands import (
    AddLocation,
    ChangeLocation,
    ChangeTariff,
    RemoveLocation,
    SettleCurrency,
)
from eosvolt.domain.locations.decider import Location, locations
from eosvolt.domain.locations.events import (
    CurrencySettled,
    Details,
    LocationAdded,
    LocationChanged,
    LocationRemoved,
    LocationType,
    TariffChanged,
)
from eosvolt.domain.tokens.bearer import TokenBearer
from tests.examples import COMPANY, DETAILS, FLAT_TARIFF, LOCATION, MORNING, TARIFF_PER_MINUTE, after
from tests.rule import Rule

ADDED = LocationAdded(location=LOCATION, company=COMPANY, at=MORNING, details=DETAILS, tariff=FLAT_TARIFF)
SETTLED = CurrencySettled(location=LOCATION, company=COMPANY, at=after(1), currency="EUR")
IN_POUNDS = msgspec.structs.replace(FLAT_TARIFF, currency="GBP")


def add(details: Details = DETAILS) -> AddLocation:
    return AddLocation(location=LOCATION, company=COMPANY, at=MORNING, details=details, tariff=FLAT_TARIFF)


def test_a_location_begins_with_its_tariff() -> None:
    Rule(locations).when(add()).then(ADDED)


def test_a_location_without_a_name_is_refused() -> None:
    with pytest.raises(Rejected, match="needs a name"):
        Rule(locations).when(add(Details(name=" ")))


def test_its_details_and_its_tariff_change_apart() -> None:
    details = Details(name="Old harbour")
    Rule(locations).given(ADDED).when(ChangeLocation(at=after(1), details=details)).then(
        LocationChanged(location=LOCATION, company=COMPANY, at=after(1), details=details)
    )
    Rule(locations).given(ADDED).when(ChangeTariff(at=after(1), tariff=TARIFF_PER_MINUTE)).then(
        TariffChanged(location=LOCATION, company=COMPANY, at=after(1), tariff=TARIFF_PER_MINUTE)
    )


def test_the_currency_may_change_until_the_first_session_settles_it() -> None:
    reprice = ChangeTariff(at=after(2), tariff=IN_POUNDS)
    Rule(locations).given(ADDED).when(reprice).then(
        TariffChanged(location=LOCATION, company=COMPANY, at=after(2), tariff=IN_POUNDS)
    )
    Rule(locations).given(ADDED).when(SettleCurrency(at=after(1))).then(SETTLED)
    with pytest.raises(Rejected, match="currency cannot change"):
        Rule(locations).given(ADDED, SETTLED).when(reprice)


def test_a_location_with_chargers_or_open_sessions_stays() -> None:
    with pytest.raises(Rejected, match="open sessions"):
        Rule(locations).given(ADDED).when(RemoveLocation(at=after(1), charge_points=0, open_sessions=1))
    with pytest.raises(Rejected, match="still has chargers"):
        Rule(locations).given(ADDED).when(RemoveLocation(at=after(1), charge_points=1, open_sessions=0))
    Rule(locations).given(ADDED).when(RemoveLocation(at=after(1), charge_points=0, open_sessions=0)).then(
        LocationRemoved(location=LOCATION, company=COMPANY, at=after(1))
    )


@pytest.mark.parametrize(
    ("kind", "bearer", "admitted"),
    [
        (LocationType.PUBLIC, TokenBearer("ANY"), True),
        (LocationType.SEMI_PUBLIC, TokenBearer("ANY"), True),
        (LocationType.PRIVATE, TokenBearer("ANY"), False),
        (LocationType.PRIVATE, TokenBearer("card"), True),
        (LocationType.PRIVATE, TokenBearer("ANY", "fleet"), True),
        (LocationType.PRIVATE, TokenBearer("ANY", "", "ana", ("g2", "g1")), True),
        (LocationType.PRIVATE, TokenBearer("ANY", "", "ana", ("g2",)), False),
        (LocationType.PRIVATE, TokenBearer("ANY", "", "ben"), True),
        (LocationType.PRIVATE, TokenBearer("ben"), False),
    ],
)
def test_only_a_private_location_is_choosy(
    kind: LocationType, bearer: TokenBearer, *, admitted: bool
) -> None:
    details = Details(name="Yard", type=kind, authorized_tokens=("CARD", "FLEET"))
    rules = AccessRules(customer_groups=("g1",), customers=("ben",))
    place = Location(LOCATION, COMPANY, details, FLAT_TARIFF, access=rules)
    assert (place.refusal(bearer, MORNING) is None) is admitted
    assert place.admission.admits(bearer) is admitted
