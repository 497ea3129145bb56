"""The rules of a customer: tokens are added until the customer is erased, and nothing happens afterwards."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

import msgspec

from eosvolt.domain.companies.settings import CompanyLanguage
from eosvolt.domain.customers.commands import (
    AddCustomer,
    AddCustomerToken,
    ChangeCustomer,
    ChangeMembership,
    CustomerCommand,
    EraseCustomer,
    RemoveCustomerToken,
)
from eosvolt.domain.customers.events import (
    MOST_TOKENS,
    CustomerAdded,
    CustomerChanged,
    CustomerErased,
    CustomerEvent,
    CustomerMembershipChanged,
    CustomerTokenAdded,
    CustomerTokenRemoved,
)
from eosvolt.domain.earlier import Earlier, held_at
from eosvolt.domain.kernel import Decider, Rejected

TOO_MANY_TOKENS = f"A customer has at most {MOST_TOKENS} tokens."
TOKENS_LEFT = "This customer still has tokens: take them away first."

# More changes than anybody's membership sees; sessions that are learnt later have the groups of the oldest.
CHANGES_REMEMBERED = 64


class NoCustomer(msgspec.Struct, frozen=True):
    """No such customer."""


class Customer(msgspec.Struct, frozen=True):
    """A customer of a company. ``tokens`` are uids; ``record`` is the version of the personal data.

    ``groups`` are ids; ``earlier`` are those before, oldest first, each with the instant until which it held.
    """

    company: int
    language: CompanyLanguage = CompanyLanguage.ENGLISH
    record: int = 1
    tokens: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    earlier: Earlier[tuple[str, ...]] = ()


class ErasedCustomer(msgspec.Struct, frozen=True):
    """Somebody whose personal data was deleted; ``earlier`` are the groups before."""

    company: int
    earlier: Earlier[tuple[str, ...]] = ()


CustomerState = NoCustomer | Customer | ErasedCustomer


def groups_at(customer: CustomerState, at: datetime | None = None) -> tuple[str, ...]:
    """The ids of the customer's groups: now, or as they were ``at`` an instant."""
    match customer:
        case Customer(groups=groups, earlier=earlier):
            return groups if at is None else held_at(earlier, groups, at)
        case ErasedCustomer(earlier=earlier):
            return () if at is None else held_at(earlier, (), at)
        case _:
            return ()


def decide(command: CustomerCommand, customer: CustomerState) -> Sequence[CustomerEvent]:
    """What happens."""
    match command, customer:
        case AddCustomer(), NoCustomer():
            return [CustomerAdded(company=command.company, at=command.at, language=command.language)]
        case ChangeCustomer(at=at), Customer() as known:
            if (command.language, command.record) == (known.language, known.record):
                return []
            return [CustomerChanged(at=at, language=command.language, record=command.record)]
        case AddCustomerToken(token=token), Customer(tokens=tokens) if token not in tokens:
            if len(tokens) >= MOST_TOKENS:
                raise Rejected(TOO_MANY_TOKENS)
            return [CustomerTokenAdded(at=command.at, token=token)]
        case RemoveCustomerToken(token=token), Customer(tokens=tokens) if token in tokens:
            return [CustomerTokenRemoved(at=command.at, token=token)]
        case ChangeMembership(at=at, groups=groups), Customer() as known if groups != known.groups:
            return [CustomerMembershipChanged(at=at, groups=groups)]
        case EraseCustomer(at=at), Customer(tokens=tokens):
            if tokens:
                raise Rejected(TOKENS_LEFT)
            return [CustomerErased(at=at)]
        case _:
            return []


def evolve(customer: CustomerState, event: CustomerEvent) -> CustomerState:
    """The customer after ``event``."""
    match event, customer:
        case CustomerAdded(company=company, language=language), _:
            return Customer(company, language)
        case CustomerChanged(language=language, record=record), Customer() as known:
            return msgspec.structs.replace(known, language=language, record=record)
        case CustomerTokenAdded(token=token), Customer() as known:
            return msgspec.structs.replace(known, tokens=(*known.tokens, token))
        case CustomerTokenRemoved(token=token), Customer() as known:
            return msgspec.structs.replace(known, tokens=tuple(t for t in known.tokens if t != token))
        case CustomerMembershipChanged(at=at, groups=groups), Customer() as known:
            return msgspec.structs.replace(known, groups=groups, earlier=_earlier(known, at))
        case CustomerErased(at=at), Customer() as known:
            return ErasedCustomer(known.company, _earlier(known, at))
        case (
            CustomerChanged()
            | CustomerTokenAdded()
            | CustomerTokenRemoved()
            | CustomerMembershipChanged()
            | CustomerErased(),
            _,
        ):
            return customer
        case _:
            assert_never(event)


def _earlier(known: Customer, at: datetime) -> Earlier[tuple[str, ...]]:
    return (*known.earlier, (at, known.groups))[-CHANGES_REMEMBERED:]


customers: Decider[CustomerCommand, CustomerState, CustomerEvent] = Decider(
    "customer", NoCustomer(), decide, evolve
)
