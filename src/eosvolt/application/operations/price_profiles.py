"""Operations on price profiles: add, change and remove."""

from collections.abc import Callable
from typing import Any

from eosvolt.application.executor import Plan
from eosvolt.application.operations.operation import (
    Input,
    InvalidValue,
    Operation,
    OperationContext,
    Seen,
    operation_everywhere,
)
from eosvolt.application.permissions import Action, NotThere, Permission, ProductArea
from eosvolt.domain.customers.decider import Customer, customers
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.price_profiles.commands import AddPriceProfile, ChangePriceProfile, RemovePriceProfile
from eosvolt.domain.price_profiles.decider import PriceProfile, PriceProfileState, price_profiles
from eosvolt.domain.price_profiles.events import PriceProfileAdded, PriceProfileChanged, ProfileTerms

VIEW = Permission(Action.VIEW, ProductArea.CHARGE_POINTS)
EDITIONS = (PriceProfileAdded, PriceProfileChanged)
EVERYWHERE = "Whoever may work at some locations only has nothing to do with home chargers."


class NewPriceProfile(Input, frozen=True, kw_only=True):
    """A price profile under an id that was never used before."""

    profile: str
    terms: ProfileTerms


class PriceProfileChangeInput(Input, frozen=True, kw_only=True):
    """``changed`` maps the present terms to the new ones; it may refuse by raising."""

    profile: str
    changed: Callable[[ProfileTerms], ProfileTerms]
    seen: Seen = None


class PriceProfileRemoval(Input, frozen=True, kw_only=True):
    """The price profile to remove."""

    profile: str


@operation_everywhere(Permission(Action.ADD, ProductArea.CHARGE_POINTS), EVERYWHERE)
async def add(context: OperationContext, wanted: NewPriceProfile) -> Plan[str]:
    """Make a price profile. Returns its id. Raises ``InvalidValue`` for a payer who is no customer."""
    await _check_payer(context, wanted.terms)
    await _check_files(context, wanted.terms, frozenset())
    command = AddPriceProfile(
        profile=wanted.profile, company=context.company, at=context.at, terms=wanted.terms
    )
    await context.state(price_profiles, wanted.profile)
    return Plan((CommandEnvelope(price_profiles, wanted.profile, command),), wanted.profile)


@operation_everywhere(Permission(Action.EDIT, ProductArea.CHARGE_POINTS), EVERYWHERE)
async def change(context: OperationContext, wanted: PriceProfileChangeInput) -> Plan[None]:
    """Change a price profile, and with it the prices of sessions to come at all its home chargers."""
    known = await known_profile(context, wanted.profile)
    await context.check_seen(price_profiles, wanted.profile, wanted.seen, _edits, _current_terms)
    terms = wanted.changed(known.terms)
    await _check_files(context, terms, _files(known.terms))
    command = ChangePriceProfile(at=context.at, terms=terms)
    return Plan((CommandEnvelope(price_profiles, wanted.profile, command),), None)


@operation_everywhere(Permission(Action.DELETE, ProductArea.CHARGE_POINTS), EVERYWHERE)
async def remove(context: OperationContext, wanted: PriceProfileRemoval) -> Plan[None]:
    """Remove a price profile that no home charger has. Its history stays."""
    await known_profile(context, wanted.profile)
    command = RemovePriceProfile(at=context.at)
    return Plan((CommandEnvelope(price_profiles, wanted.profile, command),), None)


async def known_profile(context: OperationContext, profile: str) -> PriceProfile:
    """A price profile of the company. Raises ``NotThere`` for no or a removed one."""
    known = await context.state(price_profiles, profile)
    if not isinstance(known, PriceProfile) or known.removed:
        raise NotThere
    return known


async def _check_payer(context: OperationContext, terms: ProfileTerms) -> None:
    if not terms.payer:
        return
    known = await context.state(customers, terms.payer)
    if not isinstance(known, Customer) or known.company != context.company:
        raise InvalidValue("reimbursement/payerId", "There is no such customer.")


async def _check_files(context: OperationContext, terms: ProfileTerms, known: frozenset[str]) -> None:
    """Raise ``InvalidValue`` for a file that was not there before and that the company did not upload."""
    for digest in _files(terms) - known:
        if await context.ports.evidence_files.file(context.company, digest) is None:
            raise InvalidValue("reimbursement/priceSources", "There is no file of evidence with this digest.")


def _files(terms: ProfileTerms) -> frozenset[str]:
    return frozenset() if terms.reimbursement is None else terms.reimbursement.files


def _edits(event: object) -> bool:
    return isinstance(event, EDITIONS)


def _current_terms(profile: PriceProfileState) -> ProfileTerms | None:
    return profile.terms if isinstance(profile, PriceProfile) else None


OPERATIONS: tuple[Operation[Any, Any], ...] = (add, change, remove)
