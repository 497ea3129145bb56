"""What follows from home chargers and price profiles: their homes, who may charge there, at what tariff."""

from collections.abc import Iterable

import msgspec

from eosvolt.domain.charge_points.commands import RemoveChargePoint
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.home_chargers.events import (
    HomeChargerAdded,
    HomeChargerRemoved,
    HomeChargerReplaced,
    HomeCodeRedeemed,
    HomeProfileChanged,
    HomeTokenAllowed,
    HomeTokenWithdrawn,
)
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.locations.access import GuestToken
from eosvolt.domain.locations.commands import AddLocation, ChangeLocation, ChangeTariff, RemoveLocation
from eosvolt.domain.locations.decider import Location, locations
from eosvolt.domain.locations.events import Details, LocationType
from eosvolt.domain.price_profiles.commands import AssignPriceProfile, ReleasePriceProfile
from eosvolt.domain.price_profiles.decider import PriceProfile, price_profiles
from eosvolt.domain.price_profiles.events import PriceProfileChanged
from eosvolt.domain.reactions.reaction import Need, ReactionContext

# The changes of who may charge at a home.
ListChange = HomeCodeRedeemed | HomeTokenAllowed | HomeTokenWithdrawn
# The changes of what else is said of a home.
HomeChange = ListChange | HomeChargerReplaced


def needs_home(_event: HomeChange, context: ReactionContext) -> Iterable[Need]:
    """The home, which has the list of who may charge there, and the name of the charger."""
    yield Need(locations, context.key)


def change_list(event: ListChange, context: ReactionContext) -> list[CommandEnvelope]:
    """The home's list has who may charge there: the owner's tokens, others, and guests with their end."""
    home, tokens = context.other(locations, context.key), context.after.tokens
    if not isinstance(home, Location):
        return []
    lasting = tuple(each.token for each in tokens if each.until is None)
    guests = tuple(GuestToken(each.token, each.until) for each in tokens if each.until is not None)
    change = ChangeLocation(
        at=event.at,
        details=msgspec.structs.replace(home.details, authorized_tokens=lasting),
        access=msgspec.structs.replace(home.access, guests=guests, owner=context.after.owner),
    )
    return [CommandEnvelope(locations, context.key, change)]


def needs_profile(event: HomeChargerAdded, _context: ReactionContext) -> Iterable[Need]:
    """The profile, which has the prices."""
    yield Need(price_profiles, event.profile)


def make_home(event: HomeChargerAdded, context: ReactionContext) -> list[CommandEnvelope]:
    """A home charger has a home, with the prices of its profile. Neither says who lives there."""
    profile = context.other(price_profiles, event.profile)
    if not isinstance(profile, PriceProfile):
        return []
    home = AddLocation(
        location=event.home,
        company=event.company,
        at=event.at,
        details=Details(name=event.charge_box_id, type=LocationType.PRIVATE, visible=False),
        tariff=profile.terms.tariff_in(event.time_zone, event.profile),
    )
    assign = AssignPriceProfile(home=event.home, at=event.at)
    return [
        CommandEnvelope(locations, event.home, home),
        CommandEnvelope(price_profiles, event.profile, assign),
    ]


def needs_home_and_profile(event: HomeProfileChanged, _context: ReactionContext) -> Iterable[Need]:
    """The home, which has the time zone, and the new profile."""
    yield Need(locations, event.home)
    yield Need(price_profiles, event.profile)


def change_profile(event: HomeProfileChanged, context: ReactionContext) -> list[CommandEnvelope]:
    """Sessions to come have the prices of the new profile; the one before has no say any more."""
    home, profile = context.other(locations, event.home), context.other(price_profiles, event.profile)
    if not isinstance(home, Location) or not isinstance(profile, PriceProfile):
        return []
    release = ReleasePriceProfile(home=event.home, at=event.at)
    assign = AssignPriceProfile(home=event.home, at=event.at)
    tariff = profile.terms.tariff_in(home.tariff.time_zone, event.profile)
    return [
        CommandEnvelope(price_profiles, context.before.profile, release),
        CommandEnvelope(price_profiles, event.profile, assign),
        CommandEnvelope(locations, event.home, ChangeTariff(at=event.at, tariff=tariff)),
    ]


def replace_charger(event: HomeChargerReplaced, context: ReactionContext) -> list[CommandEnvelope]:
    """The charger before goes, and the home has the name of the new one."""
    home, before = context.other(locations, event.home), context.before
    if not isinstance(home, Location):
        return []
    details = msgspec.structs.replace(home.details, name=event.charge_box_id)
    change = ChangeLocation(at=event.at, details=details, access=home.access)
    charger = f"{before.company}/{before.charge_box_id}"
    return [
        CommandEnvelope(charge_points, charger, RemoveChargePoint(at=event.at)),
        CommandEnvelope(locations, event.home, change),
    ]


def remove_home(event: HomeChargerRemoved, context: ReactionContext) -> list[CommandEnvelope]:
    """Its charger and its home go with it, and its profile can be removed."""
    known, at = context.before, event.at
    release = ReleasePriceProfile(home=event.home, at=at)
    # Its only charger goes in the same commit; of sessions the command knew.
    close = RemoveLocation(at=at, charge_points=0, open_sessions=0)
    charger = f"{known.company}/{known.charge_box_id}"
    return [
        CommandEnvelope(charge_points, charger, RemoveChargePoint(at=at)),
        CommandEnvelope(locations, event.home, close),
        CommandEnvelope(price_profiles, known.profile, release),
    ]


def needs_homes(_event: PriceProfileChanged, context: ReactionContext) -> Iterable[Need]:
    """The homes that the profile prices, which have their own time zones."""
    for home in sorted(context.after.homes):
        yield Need(locations, home)


def change_tariffs(event: PriceProfileChanged, context: ReactionContext) -> list[CommandEnvelope]:
    """Sessions to come at all its homes have the profile's new prices."""
    envelopes = []
    for home in sorted(context.after.homes):
        known = context.other(locations, home)
        if isinstance(known, Location):
            tariff = event.terms.tariff_in(known.tariff.time_zone, event.profile)
            envelopes.append(CommandEnvelope(locations, home, ChangeTariff(at=event.at, tariff=tariff)))
    return envelopes
