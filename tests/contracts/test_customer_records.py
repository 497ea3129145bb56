"""Customers' personal data on PostgreSQL: of one company, one address once, and gone with all copies."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from eosvolt.adapters.clock import WallClock
from eosvolt.adapters.postgres.customer_records import PostgresCustomerRecords
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.application.actor import system
from eosvolt.application.bank_accounts import BankAccount, PayeeAccount
from eosvolt.application.customers import CustomerPerson
from eosvolt.application.executor import Application, Plan
from eosvolt.application.operations.customers import ADD, customer_of_address
from eosvolt.application.operations.operation import Input, OperationContext, Operations, operation
from eosvolt.application.operations.ports import Ports
from eosvolt.domain.companies.settings import BillingDetails
from eosvolt.domain.customers.decider import Customer, customers
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.vocabulary import EVENTS
from tests.contracts.side_changes import done
from tests.examples import COMPANY

OTHER = 77
PAYEE = PayeeAccount(BankAccount("DE89370400440532013000", "COBADEFFXXX"), "Ana Stein")
BILLING = BillingDetails(street="Kai 1", city="Đường")


def person(customer: str, name: str = "Ana", email: str = "", company: int = COMPANY) -> CustomerPerson:
    return CustomerPerson(
        customer=customer, company=company, name=name, email=email, billing=BILLING, payee=PAYEE
    )


@pytest.fixture
async def records(database: str) -> AsyncIterator[PostgresCustomerRecords]:
    async with PostgresCustomerRecords(database) as opened:
        yield opened


async def test_a_record_is_read_by_its_own_company_only(
    database: str, records: PostgresCustomerRecords
) -> None:
    ana, ben = person("a", email="Ana@x.example"), person("b", "Ben", "ana@x.example", OTHER)
    for each in (ana, ben):
        await done(database, records.kept(each))
    assert await records.person(COMPANY, "a") == ana
    assert await records.person(OTHER, "a") is None
    assert await records.people(COMPANY, ["a", "b"]) == {"a": ana}
    assert await records.people(COMPANY, []) == {}
    assert await records.with_email(COMPANY, " ANA@X.example ") == ana
    assert await records.with_email(OTHER, "ana@x.example") == ben
    assert await records.with_email(COMPANY, "") is None


async def test_an_address_is_of_one_customer_and_free_after_the_erasure(
    database: str, records: PostgresCustomerRecords
) -> None:
    ana = person("a", email="ana@x.example")
    await done(database, records.kept(ana))
    await done(database, records.kept(person("c")))
    await done(database, records.kept(person("d")))
    with pytest.raises(Rejected, match="e-mail"):
        await done(database, records.kept(person("b", email="ANA@x.example")))
    await done(database, records.erased(ana))
    assert await records.person(COMPANY, "a") is None
    await done(database, records.kept(person("b", email="ANA@x.example")))
    assert await records.with_email(COMPANY, "ana@x.example") == person("b", email="ANA@x.example")


class Wanted(Input, frozen=True, kw_only=True):
    """An address, and the id for a new customer."""

    email: str
    new_id: str


@operation(ADD)
async def find_or_make(context: OperationContext, wanted: Wanted) -> Plan[str]:
    found = await customer_of_address(context, wanted.email, new_id=wanted.new_id)
    return Plan(found.envelopes, found.customer, alongside=found.alongside)


async def test_of_many_who_want_the_customer_of_an_address_at_a_time_all_get_the_same(
    database: str, records: PostgresCustomerRecords
) -> None:
    clock = WallClock()
    async with (
        PostgresEventStore(database, EVENTS, clock) as first,
        PostgresEventStore(database, EVENTS, clock) as second,
    ):
        applications = [Application(store, 0, asyncio.Lock) for store in (first, second)]
        several = [Operations(each, clock, Ports(customer_records=records)) for each in applications]
        asked: list[Any] = [
            several[n % 2].run(
                find_or_make,
                system("test", COMPANY),
                Wanted(email="Eve@x.example" if n % 3 else "eve@X.example", new_id=f"n{n}"),
            )
            for n in range(12)
        ]
        answers = set(await asyncio.gather(*asked))
        assert len(answers) == 1
        (winner,) = answers
        made = await records.with_email(COMPANY, "eve@x.example")
        assert made is not None
        assert made.customer == winner
        for n in range(12):
            known = await applications[0].state(customers, f"n{n}")
            assert isinstance(known, Customer) is (f"n{n}" == winner)
