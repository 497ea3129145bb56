"""What follows from what happens to home chargers and price profiles."""

from decimal import Decimal

from msgspec.structs import replace

from eosvolt.domain.charge_points.commands import RemoveChargePoint
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.home_chargers.commands import (
    AddHomeCharger,
    AllowHomeToken,
    ChangeHomeProfile,
    RedeemHomeCode,
    RemoveHomeCharger,
    ReplaceHomeCharger,
    WithdrawHomeToken,
)
from eosvolt.domain.home_chargers.decider import home_chargers
from eosvolt.domain.home_chargers.events import (
    HomeChargerAdded,
    HomeChargerRemoved,
    HomeChargerReplaced,
    HomeCodeIssued,
    HomeCodeRedeemed,
    HomeProfileChanged,
    HomeToken,
    HomeTokenAllowed,
    HomeTokenWithdrawn,
)
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.locations.access import AccessRules, GuestToken
from eosvolt.domain.locations.commands import AddLocation, ChangeLocation, ChangeTariff, RemoveLocation
from eosvolt.domain.locations.decider import locations
from eosvolt.domain.locations.events import Details, LocationAdded, LocationType
from eosvolt.domain.price_profiles.commands import (
    AssignPriceProfile,
    ChangePriceProfile,
    ReleasePriceProfile,
)
from eosvolt.domain.price_profiles.decider import price_profiles
from eosvolt.domain.price_profiles.events import (
    NO_TIME_ZONE,
    PriceProfileAdded,
    PriceProfileAssigned,
    PriceProfileChanged,
    ProfileTerms,
)
from tests.examples import COMPANY, FLAT_TARIFF, MORNING, after
from tests.unit.reactions.follows import follows

HOME, ZONE, UNTIL = "home-1", "Europe/Helsinki", after(600)
TERMS = ProfileTerms(name="Home", tariff=replace(FLAT_TARIFF, time_zone=NO_TIME_ZONE))
DEARER = replace(TERMS, tariff=replace(TERMS.tariff, price=Decimal("0.99")))
DETAILS = Details(name="CP-1", type=LocationType.PRIVATE, visible=False)
ADDED = HomeChargerAdded(
    home=HOME, company=COMPANY, at=MORNING, charge_box_id="CP-1", profile="p1", time_zone=ZONE
)
PLACE = LocationAdded(
    location=HOME, company=COMPANY, at=MORNING, details=DETAILS, tariff=TERMS.tariff_in(ZONE, "p1")
)
OTHERS = {
    locations.stream(HOME): locations.fold([PLACE]),
    **{
        price_profiles.stream(key): price_profiles.fold(
            [PriceProfileAdded(profile=key, company=COMPANY, at=MORNING, terms=terms)]
        )
        for key, terms in (("p1", TERMS), ("p2", DEARER))
    },
}


def listed(
    tokens: tuple[str, ...], guests: tuple[GuestToken, ...], minute: int, owner: str = ""
) -> list[CommandEnvelope]:
    change = ChangeLocation(
        at=after(minute),
        details=replace(DETAILS, authorized_tokens=tokens),
        access=AccessRules(guests=guests, owner=owner),
    )
    return [CommandEnvelope(locations, HOME, change)]


def test_a_home_charger_has_a_hidden_private_home_with_the_prices_of_its_profile() -> None:
    add = AddHomeCharger(
        home=HOME, company=COMPANY, at=MORNING, charge_box_id="CP-1", profile="p1", time_zone=ZONE
    )
    home = AddLocation(
        location=HOME, company=COMPANY, at=MORNING, details=DETAILS, tariff=TERMS.tariff_in(ZONE, "p1")
    )
    assert follows(HomeChargerAdded, home_chargers, HOME, (), add, others=OTHERS) == [
        CommandEnvelope(locations, HOME, home),
        CommandEnvelope(price_profiles, "p1", AssignPriceProfile(home=HOME, at=MORNING)),
    ]


def test_the_home_s_list_has_who_may_charge_there_and_guests_until_their_end() -> None:
    family = HomeTokenAllowed(home=HOME, at=after(1), token="T1", kind=HomeToken.FAMILY)
    guest = AllowHomeToken(at=after(2), token="T2", kind=HomeToken.GUEST, until=UNTIL)
    found = follows(HomeTokenAllowed, home_chargers, HOME, (ADDED, family), guest, others=OTHERS)
    assert found == listed(("T1",), (GuestToken("T2", UNTIL),), 2)
    withdraw = WithdrawHomeToken(at=after(3), token="T1")
    found = follows(HomeTokenWithdrawn, home_chargers, HOME, (ADDED, family), withdraw, others=OTHERS)
    assert found == listed((), (), 3)


def test_whoever_redeems_the_code_is_on_the_list_with_all_tokens() -> None:
    issued = HomeCodeIssued(home=HOME, at=MORNING, digest="ab", expires_at=UNTIL)
    redeem = RedeemHomeCode(at=after(4), digest="ab", customer="ana")
    found = follows(HomeCodeRedeemed, home_chargers, HOME, (ADDED, issued), redeem, others=OTHERS)
    assert found == listed((), (), 4, "ana")


def test_another_profile_has_its_prices_in_the_home_s_time_zone() -> None:
    change = ChangeHomeProfile(at=after(1), profile="p2")
    assert follows(HomeProfileChanged, home_chargers, HOME, (ADDED,), change, others=OTHERS) == [
        CommandEnvelope(price_profiles, "p1", ReleasePriceProfile(home=HOME, at=after(1))),
        CommandEnvelope(price_profiles, "p2", AssignPriceProfile(home=HOME, at=after(1))),
        CommandEnvelope(locations, HOME, ChangeTariff(at=after(1), tariff=DEARER.tariff_in(ZONE, "p2"))),
    ]


def test_a_profile_that_changes_prices_all_its_homes_anew() -> None:
    past = (
        PriceProfileAdded(profile="p1", company=COMPANY, at=MORNING, terms=TERMS),
        PriceProfileAssigned(home=HOME, at=MORNING),
    )
    change = ChangePriceProfile(at=after(1), terms=DEARER)
    assert follows(PriceProfileChanged, price_profiles, "p1", past, change, others=OTHERS) == [
        CommandEnvelope(locations, HOME, ChangeTariff(at=after(1), tariff=DEARER.tariff_in(ZONE, "p1")))
    ]


def test_a_home_charger_that_is_removed_takes_charger_and_home_with_it() -> None:
    remove = RemoveHomeCharger(at=after(1), open_sessions=0)
    closed = RemoveLocation(at=after(1), charge_points=0, open_sessions=0)
    assert follows(HomeChargerRemoved, home_chargers, HOME, (ADDED,), remove, others=OTHERS) == [
        CommandEnvelope(charge_points, f"{COMPANY}/CP-1", RemoveChargePoint(at=after(1))),
        CommandEnvelope(locations, HOME, closed),
        CommandEnvelope(price_profiles, "p1", ReleasePriceProfile(home=HOME, at=after(1))),
    ]


def test_the_charger_before_goes_and_the_home_is_called_as_the_new_one() -> None:
    replace_it = ReplaceHomeCharger(at=after(1), charge_box_id="CP-2", open_sessions=0)
    change = ChangeLocation(at=after(1), details=replace(DETAILS, name="CP-2"), access=AccessRules())
    assert follows(HomeChargerReplaced, home_chargers, HOME, (ADDED,), replace_it, others=OTHERS) == [
        CommandEnvelope(charge_points, f"{COMPANY}/CP-1", RemoveChargePoint(at=after(1))),
        CommandEnvelope(locations, HOME, change),
    ]
