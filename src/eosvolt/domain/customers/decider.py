"""The rules of a customer: tokens are added until the customer is erased, and nothing happens afterwards."""

from collections.abc import Sequence
from typing import assert_never

import msgspec

from eosvolt.domain.companies.settings import CompanyLanguage
from eosvolt.domain.customers.commands import (
    AddCustomer,
    AddCustomerToken,
    ChangeCustomer,
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
    CustomerTokenAdded,
    CustomerTokenRemoved,
)
from eosvolt.domain.kernel import Decider, Rejected

TOO_MANY_TOKENS = f"A customer has at most {MOST_TOKENS} tokens."
TOKENS_LEFT = "This customer still has tokens: take them away first."


class NoCustomer(msgspec.Struct, frozen=True):
    """No such customer."""


class Customer(msgspec.Struct, frozen=True):
    """A customer of a company. ``tokens`` are uids; ``record`` is the version of the personal data."""

    company: int
    language: CompanyLanguage = CompanyLanguage.ENGLISH
    record: int = 1
    tokens: tuple[str, ...] = ()


class ErasedCustomer(msgspec.Struct, frozen=True):
    """Somebody whose personal data was deleted."""

    company: int


CustomerState = NoCustomer | Customer | ErasedCustomer


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
        case CustomerErased(), Customer(company=company):
            return ErasedCustomer(company)
        case CustomerChanged() | CustomerTokenAdded() | CustomerTokenRemoved() | CustomerErased(), _:
            return customer
        case _:
            assert_never(event)


customers: Decider[CustomerCommand, CustomerState, CustomerEvent] = Decider(
    "customer", NoCustomer(), decide, evolve
)
