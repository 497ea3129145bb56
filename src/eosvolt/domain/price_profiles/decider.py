"""The rules of a price profile: its terms, and the home chargers that it prices."""

from collections.abc import Sequence
from typing import assert_never

import msgspec

from eosvolt.domain.kernel import Decider, Rejected
from eosvolt.domain.price_profiles import reimbursement
from eosvolt.domain.price_profiles.commands import (
    AddPriceProfile,
    AssignPriceProfile,
    ChangePriceProfile,
    PriceProfileCommand,
    ReleasePriceProfile,
    RemovePriceProfile,
)
from eosvolt.domain.price_profiles.events import (
    Direction,
    PriceProfileAdded,
    PriceProfileAssigned,
    PriceProfileChanged,
    PriceProfileEvent,
    PriceProfileReleased,
    PriceProfileRemoved,
    ProfileTerms,
    free,
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
            _check_change(known.terms, terms, command.at.year)
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
    reimbursing = terms.direction is Direction.REIMBURSE
    if reimbursing is not (terms.reimbursement is not None):
        raise Rejected("Exactly the profiles that reimburse say who pays for which tokens.")
    if terms.reimbursement is None:
        return
    if terms.tariff != free(terms.tariff.currency):
        raise Rejected("Charging costs nothing where the owner is reimbursed.")
    for _, sentence in reimbursement.problems(terms.reimbursement):
        raise Rejected(sentence)


def _check_change(before: ProfileTerms, after: ProfileTerms, year: int) -> None:
    """What statements rely on stays: who owes whom, and the price that was chosen for a calendar year."""
    if before.direction is not after.direction:
        raise Rejected("Who owes whom does not change: create another price profile.")
    if before.reimbursement is None or after.reimbursement is None:
        return
    if before.reimbursement.payer != after.reimbursement.payer:
        raise Rejected("Who pays does not change: create another price profile.")
    if before.tariff.currency != after.tariff.currency:
        raise Rejected("The currency of a price profile that reimburses does not change.")
    sources = before.reimbursement.sources, after.reimbursement.sources
    if changed := reimbursement.chosen_otherwise(*sources, year):
        raise Rejected(f"The kind of price of {changed:d} was chosen for the whole year.")


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
