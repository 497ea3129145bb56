"""What can happen to a customer, of whom the history knows an id, a language and tokens."""

import pytest

from eosvolt.domain.companies.settings import CompanyLanguage
from eosvolt.domain.customers.commands import (
    AddCustomer,
    AddCustomerToken,
    ChangeCustomer,
    EraseCustomer,
    RemoveCustomerToken,
)
from eosvolt.domain.customers.decider import TOKENS_LEFT, TOO_MANY_TOKENS, customers
from eosvolt.domain.customers.events import (
    MOST_TOKENS,
    CustomerAdded,
    CustomerChanged,
    CustomerErased,
    CustomerTokenAdded,
    CustomerTokenRemoved,
)
from eosvolt.domain.kernel import Rejected
from tests.examples import COMPANY, MORNING, TOKEN, after
from tests.rule import Rule

ADDED = CustomerAdded(company=COMPANY, at=MORNING, language=CompanyLanguage.GERMAN)
HAS_TOKEN = CustomerTokenAdded(at=after(1), token=TOKEN)
ERASED = CustomerErased(at=after(9))


def test_a_customer_is_added_once() -> None:
    add = AddCustomer(company=COMPANY, at=MORNING, language=CompanyLanguage.GERMAN)
    Rule(customers).when(add).then(ADDED)


def test_a_new_language_or_another_record_is_a_change() -> None:
    english = CompanyLanguage.ENGLISH
    Rule(customers).given(ADDED).when(ChangeCustomer(at=after(1), language=english, record=1)).then(
        CustomerChanged(at=after(1), language=english, record=1)
    )
    german = CompanyLanguage.GERMAN
    Rule(customers).given(ADDED).when(ChangeCustomer(at=after(1), language=german, record=2)).then(
        CustomerChanged(at=after(1), language=german, record=2)
    )
    Rule(customers).given(ADDED).when(ChangeCustomer(at=after(1), language=german, record=1)).then()


def test_tokens_are_added_and_taken_away() -> None:
    Rule(customers).given(ADDED).when(AddCustomerToken(at=after(1), token=TOKEN)).then(HAS_TOKEN)
    Rule(customers).given(ADDED, HAS_TOKEN).when(RemoveCustomerToken(at=after(2), token=TOKEN)).then(
        CustomerTokenRemoved(at=after(2), token=TOKEN)
    )
    Rule(customers).given(ADDED).when(RemoveCustomerToken(at=after(2), token=TOKEN)).then()


def test_nobody_has_tokens_without_end() -> None:
    many = [CustomerTokenAdded(at=after(1), token=f"T{n}") for n in range(MOST_TOKENS)]
    with pytest.raises(Rejected, match=TOO_MANY_TOKENS):
        Rule(customers).given(ADDED, *many).when(AddCustomerToken(at=after(2), token=TOKEN))


def test_a_customer_with_tokens_is_not_erased() -> None:
    erase = EraseCustomer(at=after(9))
    with pytest.raises(Rejected, match=TOKENS_LEFT):
        Rule(customers).given(ADDED, HAS_TOKEN).when(erase)
    Rule(customers).given(ADDED).when(erase).then(ERASED)


def test_nothing_happens_to_an_erased_customer() -> None:
    for command in (
        AddCustomer(company=COMPANY, at=after(10)),
        ChangeCustomer(at=after(10), language=CompanyLanguage.ENGLISH, record=7),
        AddCustomerToken(at=after(10), token=TOKEN),
    ):
        Rule(customers).given(ADDED, ERASED).when(command).then()
