"""The rules of a price profile: its terms, and the home chargers that it prices."""

from collections.abc import Sequence
from typing import assert_never

import msgspec

from eosvolt.domain.kernel import Decider, Rejected
from eosvolt.domain.price_profiles.commands import (
    AddPriceProfile,
    AssignPriceProfile,
    ChangePriceProfile,
    PriceProfileCommand,
    ReleasePriceProfile,
    RemovePriceProfile,
)
from eosvolt.domain.price_profiles.events import (
    PriceProfileAdded,
    PriceProfileAssigned,
    PriceProfileChanged,
    PriceProfileEvent,
    PriceProfileReleased,
    PriceProfileRemoved,
    ProfileTerms,
)
from eosvolt.domain.tariffs.tariff import problems


class NoPriceProfile(msgspec.Struct, frozen=True):
    """No such price profile."""


class PriceProfile(msgspec.Struct, frozen=True):
    """A price profile of a company. ``homes`` are the home chargers that it prices."""

    profile: str
    company: int
    terms: ProfileTerms
    homes: frozenset[str] = frozenset()
    removed: bool = False


PriceProfileState = NoPriceProfile | PriceProfile


def decide(command: PriceProfileCommand, profile: PriceProfileState) -> Sequence[PriceProfileEvent]:
    """What happens."""
    match command, profile:
        case AddPriceProfile(terms=terms), NoPriceProfile():
            _check(terms)
            return [
                PriceProfileAdded(
                    profile=command.profile, company=command.company, at=command.at, terms=terms
                )
            ]
        case _, NoPriceProfile() | PriceProfile(removed=True):
            return []
        case ChangePriceProfile(terms=terms), PriceProfile() as known if terms != known.terms:
            _check(terms)
            return [
                PriceProfileChanged(profile=known.profile, company=known.company, at=command.at, terms=terms)
            ]
        case AssignPriceProfile(home=home), PriceProfile(homes=homes) if home not in homes:
            return [PriceProfileAssigned(home=home, at=command.at)]
        case ReleasePriceProfile(home=home), PriceProfile(homes=homes) if home in homes:
            return [PriceProfileReleased(home=home, at=command.at)]
        case RemovePriceProfile(), PriceProfile(homes=homes):
            if homes:
                raise Rejected("Home chargers have this price profile: give them another one first.")
            return [PriceProfileRemoved(at=command.at)]
        case _:
            return []


def _check(terms: ProfileTerms) -> None:
    if not terms.name.strip():
        raise Rejected("A price profile needs a name.")
    if wrong := problems(terms.tariff):
        raise Rejected(wrong[0][1])


def evolve(profile: PriceProfileState, event: PriceProfileEvent) -> PriceProfileState:
    """The price profile after ``event``."""
    if isinstance(event, PriceProfileAdded):
        return PriceProfile(profile=event.profile, company=event.company, terms=event.terms)
    if isinstance(profile, NoPriceProfile):
        return profile
    match event:
        case PriceProfileChanged(terms=terms):
            return msgspec.structs.replace(profile, terms=terms)
        case PriceProfileAssigned(home=home):
            return msgspec.structs.replace(profile, homes=profile.homes | {home})
        case PriceProfileReleased(home=home):
            return msgspec.structs.replace(profile, homes=profile.homes - {home})
        case PriceProfileRemoved():
            return msgspec.structs.replace(profile, removed=True)
        case _:
            assert_never(event)


price_profiles: Decider[PriceProfileCommand, PriceProfileState, PriceProfileEvent] = Decider(
    "price-profile", NoPriceProfile(), decide, evolve
)
