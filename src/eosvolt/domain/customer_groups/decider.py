"""The rules of customer groups: names differ, and each has one price at a location."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import assert_never

import msgspec

from eosvolt.domain.customer_groups.commands import (
    CustomerGroupCommand,
    PutCustomerGroup,
    RemoveCustomerGroup,
)
from eosvolt.domain.customer_groups.events import (
    LONGEST_GROUP_NAME,
    MOST_GROUPS,
    MOST_TOKEN_GROUPS,
    CustomerGroupAdded,
    CustomerGroupChanged,
    CustomerGroupEvent,
    CustomerGroupRemoved,
)
from eosvolt.domain.customer_groups.prices import GroupPrice, PricedGroup, price_problems
from eosvolt.domain.earlier import Earlier, held_at
from eosvolt.domain.kernel import Decider, Rejected

# More changes than a company makes in weeks; sessions that are learnt later have the price of the oldest.
CHANGES_REMEMBERED = 200

NAME_MISSING = "A group needs a name."
NAME_TOO_LONG = f"The name of a group has at most {LONGEST_GROUP_NAME} characters."
NAME_TAKEN = "There is a group of this name already."
TOO_MANY_GROUPS = f"A company has at most {MOST_GROUPS} groups."
TOO_MANY_TOKEN_GROUPS = f"A group has at most {MOST_TOKEN_GROUPS} groups of tokens."


class CustomerGroup(msgspec.Struct, frozen=True):
    """A group. Tokens of ``token_groups`` belong to it, beside the customers who say so."""

    name: str
    token_groups: tuple[str, ...] = ()
    prices: tuple[GroupPrice, ...] = ()


Groups = tuple[tuple[str, CustomerGroup], ...]


class CustomerGroups(msgspec.Struct, frozen=True):
    """The groups of a company by id, in the order in which they were added, and what held before."""

    groups: Groups = ()
    earlier: Earlier[Groups] = ()

    def group(self, group: str) -> CustomerGroup | None:
        """One group by its id."""
        return next((known for key, known in self.groups if key == group), None)

    def at(self, at: datetime) -> Groups:
        """The groups as they were at an instant."""
        return held_at(self.earlier, self.groups, at)


def members_of(groups: Groups, chosen: Collection[str], token_group: str) -> tuple[PricedGroup, ...]:
    """The groups of somebody who belongs to the ``chosen`` ones and has a token of ``token_group``."""
    return tuple(
        PricedGroup(key, group.name, group.prices)
        for key, group in groups
        if key in chosen or (token_group and token_group in group.token_groups)
    )


def decide(command: CustomerGroupCommand, known: CustomerGroups) -> Sequence[CustomerGroupEvent]:
    """What happens."""
    match command:
        case PutCustomerGroup(group=key):
            before = known.group(key)
            wanted = CustomerGroup(command.name, command.token_groups, command.prices)
            if wanted == before:
                return []
            _check(key, wanted, known)
            if before is None:
                return [
                    CustomerGroupAdded(
                        company=command.company,
                        group=key,
                        at=command.at,
                        name=wanted.name,
                        token_groups=wanted.token_groups,
                        prices=wanted.prices,
                    )
                ]
            return [
                CustomerGroupChanged(
                    group=key,
                    at=command.at,
                    name=wanted.name,
                    token_groups=wanted.token_groups,
                    prices=wanted.prices,
                )
            ]
        case RemoveCustomerGroup(group=key, at=at):
            return [] if known.group(key) is None else [CustomerGroupRemoved(group=key, at=at)]
        case _:
            assert_never(command)


def _check(key: str, wanted: CustomerGroup, known: CustomerGroups) -> None:
    if not wanted.name.strip():
        raise Rejected(NAME_MISSING)
    if len(wanted.name) > LONGEST_GROUP_NAME:
        raise Rejected(NAME_TOO_LONG)
    if any(other != key and group.name.casefold() == wanted.name.casefold() for other, group in known.groups):
        raise Rejected(NAME_TAKEN)
    if known.group(key) is None and len(known.groups) >= MOST_GROUPS:
        raise Rejected(TOO_MANY_GROUPS)
    if len(wanted.token_groups) > MOST_TOKEN_GROUPS:
        raise Rejected(TOO_MANY_TOKEN_GROUPS)
    for _, sentence in price_problems(wanted.prices):
        raise Rejected(sentence)


def evolve(known: CustomerGroups, event: CustomerGroupEvent) -> CustomerGroups:
    """The groups after ``event``."""
    match event:
        case CustomerGroupAdded() | CustomerGroupChanged():
            group = CustomerGroup(event.name, event.token_groups, event.prices)
            others = tuple(each for each in known.groups if each[0] != event.group)
            if len(others) == len(known.groups):
                groups = (*others, (event.group, group))
            else:
                groups = tuple((key, group if key == event.group else each) for key, each in known.groups)
        case CustomerGroupRemoved():
            groups = tuple(each for each in known.groups if each[0] != event.group)
        case _:
            assert_never(event)
    earlier = (*known.earlier, (event.at, known.groups))[-CHANGES_REMEMBERED:]
    return CustomerGroups(groups, earlier)


customer_groups: Decider[CustomerGroupCommand, CustomerGroups, CustomerGroupEvent] = Decider(
    "customer-groups", CustomerGroups(), decide, evolve
)
