"""The customers of a company by id: the question of the page Customers and of the API.

Who they are is kept outside the history; who shows customers puts both together.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from eosvolt.domain.customers.events import (
    CustomerAdded,
    CustomerChanged,
    CustomerErased,
    CustomerMembershipChanged,
    CustomerTokenAdded,
    CustomerTokenRemoved,
)
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class CustomerRow(Row, frozen=True, kw_only=True):
    """A customer who is not erased.

    ``tokens`` are uids in the order in which they were added; ``groups`` are ids, also of removed groups.
    """

    customer: str
    company: int
    language: str
    added_at: datetime
    tokens: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    version: int = 0


def keys(fact: Fact) -> Iterable[str]:
    """The customer's id."""
    return (fact.key,)


def apply(row: CustomerRow | None, fact: Fact, key: str) -> CustomerRow | None:
    """The customer after the fact; ``None`` once erased."""
    match fact.event, row:
        case CustomerAdded() as added, _:
            return CustomerRow(
                customer=key,
                company=added.company,
                language=added.language.value,
                added_at=added.at,
                version=fact.version,
            )
        case CustomerErased(), _:
            return None
        case _, CustomerRow() as known:
            return msgspec.structs.replace(_changed(known, fact), version=fact.version)
        case _:
            return row


def _changed(known: CustomerRow, fact: Fact) -> CustomerRow:
    match fact.event:
        case CustomerChanged(language=language):
            return msgspec.structs.replace(known, language=language.value)
        case CustomerTokenAdded(token=token):
            return msgspec.structs.replace(known, tokens=(*known.tokens, token))
        case CustomerTokenRemoved(token=token):
            return msgspec.structs.replace(known, tokens=tuple(t for t in known.tokens if t != token))
        case CustomerMembershipChanged(groups=groups):
            return msgspec.structs.replace(known, groups=groups)
        case _:
            return known


customers = ReadModel(
    name="customers",
    version=1,
    row=CustomerRow,
    reads=tags(
        CustomerAdded,
        CustomerChanged,
        CustomerTokenAdded,
        CustomerTokenRemoved,
        CustomerMembershipChanged,
        CustomerErased,
    ),
    keys=keys,
    apply=apply,
    indexes=("company",),
)
