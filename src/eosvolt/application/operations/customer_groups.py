"""Operations on customer groups: add, change and remove. Who is in them is said of each customer."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from eosvolt.application.executor import Plan
from eosvolt.application.operations.customers import ADD, EDIT, VIEW
from eosvolt.application.operations.locations import check_location
from eosvolt.application.operations.operation import (
    Input,
    Operation,
    OperationContext,
    Seen,
    operation_at,
    operation_everywhere,
)
from eosvolt.application.permissions import Action, NotThere, Permission, ProductArea
from eosvolt.domain.customer_groups.commands import PutCustomerGroup, RemoveCustomerGroup
from eosvolt.domain.customer_groups.decider import CustomerGroup, CustomerGroups, customer_groups
from eosvolt.domain.customer_groups.prices import GroupPrice
from eosvolt.domain.kernel import CommandEnvelope, Event
from eosvolt.domain.tokens.uid import folded

__all__ = ["ADD", "EDIT", "VIEW"]

GROUP_ONLY_EVERYWHERE = "Whoever may work at some locations only cannot remove a group."


class CustomerGroupTerms(Input, frozen=True, kw_only=True):
    """All that is said of a group: its name, its groups of tokens in any case, its prices by location."""

    name: str
    token_groups: tuple[str, ...] = ()
    prices: tuple[GroupPrice, ...] = ()


class NewCustomerGroupInput(Input, frozen=True, kw_only=True):
    """A group under an id that was never used."""

    group: str
    terms: CustomerGroupTerms


class CustomerGroupChangeInput(Input, frozen=True, kw_only=True):
    """``changed`` maps the present terms to the new ones; it may refuse by raising."""

    group: str
    changed: Callable[[CustomerGroupTerms], CustomerGroupTerms]
    seen: Seen = None


class CustomerGroupById(Input, frozen=True, kw_only=True):
    """A group."""

    group: str


async def _at_new_prices(_: OperationContext, wanted: NewCustomerGroupInput) -> Collection[str]:
    """Whoever works at some locations sets prices at these only."""
    return {price.location for price in wanted.terms.prices}


async def _at_changed_prices(context: OperationContext, wanted: CustomerGroupChangeInput) -> Collection[str]:
    before = group_terms(await _known(context, wanted.group))
    return _repriced(before.prices, wanted.changed(before).prices)


@operation_at(ADD, _at_new_prices)
async def add(context: OperationContext, wanted: NewCustomerGroupInput) -> Plan[str]:
    """Add a group. Returns its id.

    Raises ``Rejected`` for a name that is taken, ``InvalidValue`` for a location that is not there.
    """
    await _check_locations(context, (price.location for price in wanted.terms.prices))
    return Plan((_put(context, wanted.group, wanted.terms),), wanted.group)


@operation_at(EDIT, _at_changed_prices)
async def change(context: OperationContext, wanted: CustomerGroupChangeInput) -> Plan[None]:
    """Change a group. Prices hold for sessions that start from now on."""
    known = await _known(context, wanted.group)
    key = str(context.company)
    await context.check_seen(
        customer_groups,
        key,
        wanted.seen,
        lambda event: _is_about(event, wanted.group),
        lambda state: _told(state, wanted.group),
    )
    before = group_terms(known)
    after = wanted.changed(before)
    changed = _repriced(before.prices, after.prices)
    await _check_locations(context, changed & {price.location for price in after.prices})
    return Plan((_put(context, wanted.group, after),), None)


@operation_everywhere(Permission(Action.DELETE, ProductArea.CHARGE_POINTS), GROUP_ONLY_EVERYWHERE)
async def remove(context: OperationContext, wanted: CustomerGroupById) -> Plan[None]:
    """Remove a group. It opens no location any more; sessions keep the prices that they have."""
    await _known(context, wanted.group)
    command = RemoveCustomerGroup(group=wanted.group, at=context.at)
    return Plan((CommandEnvelope(customer_groups, str(context.company), command),), None)


def group_terms(known: CustomerGroup) -> CustomerGroupTerms:
    """What is said of a group now."""
    return CustomerGroupTerms(name=known.name, token_groups=known.token_groups, prices=known.prices)


async def _known(context: OperationContext, group: str) -> CustomerGroup:
    state = await context.state(customer_groups, str(context.company))
    known = state.group(group)
    if known is None:
        raise NotThere
    return known


async def _check_locations(context: OperationContext, locations: Iterable[str]) -> None:
    for location in sorted(locations):
        await check_location(context, location, "prices")


def _repriced(before: Iterable[GroupPrice], after: Iterable[GroupPrice]) -> set[str]:
    """The locations at which prices differ."""
    return {price.location for price in {*before} ^ {*after}}


def _put(context: OperationContext, group: str, terms: CustomerGroupTerms) -> CommandEnvelope:
    terms = _tidied(terms)
    command = PutCustomerGroup(
        company=context.company,
        group=group,
        at=context.at,
        name=terms.name,
        token_groups=terms.token_groups,
        prices=terms.prices,
    )
    return CommandEnvelope(customer_groups, str(context.company), command)


def _tidied(terms: CustomerGroupTerms) -> CustomerGroupTerms:
    """The terms without needless white space, and each group of tokens once."""
    token_groups = tuple(dict.fromkeys(uid for each in terms.token_groups if (uid := folded(each))))
    return CustomerGroupTerms(
        name=" ".join(terms.name.split()), token_groups=token_groups, prices=terms.prices
    )


def _is_about(event: Event, group: str) -> bool:
    return getattr(event, "group", "") == group


def _told(state: CustomerGroups, group: str) -> CustomerGroupTerms | None:
    known = state.group(group)
    return None if known is None else group_terms(known)


OPERATIONS: tuple[Operation[Any, Any], ...] = (add, change, remove)
