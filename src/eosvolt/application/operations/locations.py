"""Operations on locations: add, change and remove."""

from collections.abc import Callable, Collection
from typing import Any

from eosvolt.application.executor import Plan
from eosvolt.application.operations.operation import (
    Input,
    InvalidValue,
    Operation,
    OperationContext,
    Seen,
    operation_at,
    operation_everywhere,
)
from eosvolt.application.permissions import Action, NotThere, Permission, ProductArea
from eosvolt.domain.customer_groups.decider import customer_groups
from eosvolt.domain.customers.decider import Customer, customers
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.locations.access import OPEN_ACCESS, AccessRules
from eosvolt.domain.locations.commands import AddLocation, ChangeLocation, ChangeTariff, RemoveLocation
from eosvolt.domain.locations.decider import Location, LocationState, locations
from eosvolt.domain.locations.events import (
    NO_INFO,
    Details,
    DriverInfo,
    LocationAdded,
    LocationChanged,
    LocationRemoved,
    TariffChanged,
)
from eosvolt.domain.locations.homes import is_home
from eosvolt.domain.tariffs.tariff import Tariff

VIEW = Permission(Action.VIEW, ProductArea.CHARGE_POINTS)
EXPORT = Permission(Action.EXPORT, ProductArea.CHARGE_POINTS)
EDITIONS = (LocationAdded, LocationChanged, TariffChanged, LocationRemoved)


class LocationTerms(Input, frozen=True, kw_only=True):
    """All that is said of a location: details, tariff, who may charge when, and hints for drivers."""

    details: Details
    tariff: Tariff
    access: AccessRules = OPEN_ACCESS
    info: DriverInfo = NO_INFO


class NewLocationInput(Input, frozen=True, kw_only=True):
    """A location under an id that was never used before."""

    location: str
    terms: LocationTerms


class LocationChangeInput(Input, frozen=True, kw_only=True):
    """``changed`` maps the present terms to the new ones; it may refuse by raising."""

    location: str
    changed: Callable[[LocationTerms], LocationTerms]
    seen: Seen = None


class LocationRemoval(Input, frozen=True, kw_only=True):
    """The location to close."""

    location: str


async def _at(_: OperationContext, wanted: LocationChangeInput | LocationRemoval) -> Collection[str]:
    return (wanted.location,)


@operation_everywhere(
    Permission(Action.ADD, ProductArea.CHARGE_POINTS),
    "Whoever may work at some locations only cannot open another one.",
)
async def add(context: OperationContext, wanted: NewLocationInput) -> Plan[str]:
    """Add a location. Returns its id."""
    await _check_listed(context, OPEN_ACCESS, wanted.terms.access)
    command = AddLocation(
        location=wanted.location,
        company=context.company,
        at=context.at,
        details=wanted.terms.details,
        tariff=wanted.terms.tariff,
        access=wanted.terms.access,
        info=wanted.terms.info,
    )
    return Plan((CommandEnvelope(locations, wanted.location, command),), wanted.location)


@operation_at(Permission(Action.EDIT, ProductArea.CHARGE_POINTS), _at)
async def change(context: OperationContext, wanted: LocationChangeInput) -> Plan[None]:
    """Change the details and the tariff of future sessions; both or neither."""
    known = await known_location(context, wanted.location)
    await check_terms_seen(context, wanted.location, wanted.seen)
    terms = wanted.changed(terms_of(known))
    await _check_listed(context, known.access, terms.access)
    described = ChangeLocation(at=context.at, details=terms.details, access=terms.access, info=terms.info)
    return Plan(
        (
            CommandEnvelope(locations, wanted.location, described),
            CommandEnvelope(locations, wanted.location, ChangeTariff(at=context.at, tariff=terms.tariff)),
        ),
        None,
    )


@operation_at(Permission(Action.DELETE, ProductArea.CHARGE_POINTS), _at)
async def remove(context: OperationContext, wanted: LocationRemoval) -> Plan[None]:
    """Remove a location that has no chargers, no open sessions and no bookings any more. Its history stays.

    A charger that moved away while a car still blocked its plug leaves the session behind, with its fees.
    """
    await known_location(context, wanted.location)
    estate = context.ports.estate
    chargers = await estate.chargers_at(context.company, wanted.location)
    sessions = await estate.open_sessions_at(context.company, wanted.location)
    booked = await estate.bookings_at(context.company, wanted.location)
    command = RemoveLocation(at=context.at, charge_points=chargers, open_sessions=sessions, bookings=booked)
    return Plan((CommandEnvelope(locations, wanted.location, command),), None)


def terms_of(known: Location) -> LocationTerms:
    """What is said of a location now."""
    return LocationTerms(details=known.details, tariff=known.tariff, access=known.access, info=known.info)


async def check_location(context: OperationContext, location: str, field: str) -> None:
    """Raise ``InvalidValue`` for ``field`` if the company has no such location."""
    try:
        await known_location(context, location)
    except NotThere:
        raise InvalidValue(field, "There is no such location.") from None


async def _check_listed(context: OperationContext, before: AccessRules, after: AccessRules) -> None:
    """Raise ``InvalidValue`` for customers and groups that the company does not have.

    Those that were listed before may be gone.
    """
    state = await context.state(customer_groups, str(context.company))
    if {*after.customer_groups} - {*before.customer_groups} - {group for group, _ in state.groups}:
        raise InvalidValue("authorizedCustomerGroups", "There is no such group.")
    for each in {*after.customers} - {*before.customers}:
        try:
            customer = await context.state(customers, each)
        except NotThere:
            customer = None
        if not isinstance(customer, Customer):
            raise InvalidValue("authorizedCustomers", "There is no such customer.")


async def check_terms_seen(context: OperationContext, location: str, seen: Seen) -> None:
    """Raise ``ChangedMeanwhile`` if what is said of a location is not what the caller saw."""
    await context.check_seen(
        locations, location, seen, lambda event: isinstance(event, EDITIONS), _current_terms
    )


async def known_location(context: OperationContext, location: str) -> Location:
    """A location of the company. Raises ``NotThere`` for no or a removed one, and for a home."""
    if is_home(location):
        # A home changes with its charger only (``operations/home_chargers.py``).
        raise NotThere
    known = await context.state(locations, location)
    if not isinstance(known, Location) or known.removed:
        raise NotThere
    return known


def _current_terms(location: LocationState) -> LocationTerms | None:
    if not isinstance(location, Location):
        return None
    return terms_of(location)


OPERATIONS: tuple[Operation[Any, Any], ...] = (add, change, remove)
