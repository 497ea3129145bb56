"""The customer groups of a company: the question of their page and of the API."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from eosvolt.domain.customer_groups.events import (
    CustomerGroupAdded,
    CustomerGroupChanged,
    CustomerGroupRemoved,
)
from eosvolt.domain.customer_groups.prices import GroupPrice
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class CustomerGroupRow(Row, frozen=True, kw_only=True):
    """A group. Tokens of ``token_groups`` belong to it, beside the customers who say so."""

    group: str
    company: int
    name: str
    token_groups: tuple[str, ...]
    prices: tuple[GroupPrice, ...]
    added_at: datetime
    version: int


def keys(fact: Fact) -> Iterable[str]:
    """The group's id."""
    match fact.event:
        case CustomerGroupAdded(group=group) | CustomerGroupChanged(group=group):
            return (group,)
        case CustomerGroupRemoved(group=group):
            return (group,)
        case _:
            return ()


def apply(row: CustomerGroupRow | None, fact: Fact, key: str) -> CustomerGroupRow | None:
    """The group after the fact; ``None`` once removed."""
    match fact.event, row:
        case CustomerGroupAdded() as added, _:
            return CustomerGroupRow(
                group=key,
                company=added.company,
                name=added.name,
                token_groups=added.token_groups,
                prices=added.prices,
                added_at=added.at,
                version=fact.version,
            )
        case CustomerGroupChanged() as changed, CustomerGroupRow() as known:
            return msgspec.structs.replace(
                known,
                name=changed.name,
                token_groups=changed.token_groups,
                prices=changed.prices,
                version=fact.version,
            )
        case CustomerGroupRemoved(), _:
            return None
        case _:
            return row


customer_groups = ReadModel(
    name="customer_groups",
    version=1,
    row=CustomerGroupRow,
    reads=tags(CustomerGroupAdded, CustomerGroupChanged, CustomerGroupRemoved),
    keys=keys,
    apply=apply,
    indexes=("company",),
)
