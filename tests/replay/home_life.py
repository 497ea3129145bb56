"""A history with a home charger and price profiles: the source of the golden stream ``0018-homes``."""

from msgspec.structs import replace

from eosvolt.domain.home_chargers.commands import (
    AddHomeCharger,
    AllowHomeToken,
    ChangeHomeProfile,
    HomeChargerCommand,
    IssueHomeCode,
    RedeemHomeCode,
    RemoveHomeCharger,
    WithdrawHomeToken,
)
from eosvolt.domain.home_chargers.decider import home_chargers
from eosvolt.domain.home_chargers.events import HomeToken
from eosvolt.domain.price_profiles.commands import (
    AddPriceProfile,
    ChangePriceProfile,
    PriceProfileCommand,
    RemovePriceProfile,
)
from eosvolt.domain.price_profiles.decider import price_profiles
from eosvolt.domain.price_profiles.events import NO_TIME_ZONE, ProfileTerms
from tests.examples import CHARGE_BOX_ID, COMPANY, FLAT_TARIFF, after
from tests.scenario import WHY, Scenario

HOME, PROFILE, OTHER = "home-1", "p1", "p2"
TERMS = ProfileTerms(name="Home", tariff=replace(FLAT_TARIFF, time_zone=NO_TIME_ZONE))
_OF_PROFILE: tuple[PriceProfileCommand, ...] = (
    ChangePriceProfile(at=after(9), terms=replace(TERMS, name="At home")),
    RemovePriceProfile(at=after(10)),
)
_OF_HOME: tuple[HomeChargerCommand, ...] = (
    AddHomeCharger(
        home=HOME,
        company=COMPANY,
        at=after(1),
        charge_box_id=CHARGE_BOX_ID,
        profile=PROFILE,
        time_zone="Europe/Berlin",
    ),
    IssueHomeCode(at=after(1), digest="ab", expires_at=after(100)),
    IssueHomeCode(at=after(2), digest="cd", expires_at=after(100), customer="ana"),
    RedeemHomeCode(at=after(3), digest="cd", customer="ana"),
    AllowHomeToken(at=after(4), token="T1", kind=HomeToken.FAMILY),
    AllowHomeToken(at=after(5), token="T2", kind=HomeToken.GUEST, until=after(500)),
    WithdrawHomeToken(at=after(6), token="T1"),
    ChangeHomeProfile(at=after(7), profile=OTHER),
    RemoveHomeCharger(at=after(8), open_sessions=0),
)


async def home_life() -> Scenario:
    """A home charger from its profile to its end: two codes, an owner, the family and a guest."""
    s = Scenario()
    for profile in (PROFILE, OTHER):
        add = AddPriceProfile(profile=profile, company=COMPANY, at=after(0), terms=TERMS)
        await s.application.execute(price_profiles, profile, add, WHY)
    for command in _OF_HOME:
        await s.application.execute(home_chargers, HOME, command, WHY)
    for change in _OF_PROFILE:
        await s.application.execute(price_profiles, OTHER, change, WHY)
    return s
