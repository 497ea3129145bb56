"""Customers with tokens and sessions: the source of the golden stream ``0020-customers``."""

from eosvolt.domain.companies.settings import CompanyLanguage
from eosvolt.domain.customers.commands import (
    AddCustomer,
    AddCustomerToken,
    ChangeCustomer,
    CustomerCommand,
    EraseCustomer,
    RemoveCustomerToken,
)
from eosvolt.domain.customers.decider import customers
from eosvolt.domain.tokens.commands import AssignToken, UnassignToken
from eosvolt.domain.tokens.decider import tokens
from tests.examples import COMPANY, TOKEN, after
from tests.scenario import WHY, Scenario


async def customers_life() -> Scenario:
    """Somebody charges with a token, moves to another language, and is erased; the token stays."""
    s = Scenario()
    await s.opened()
    key = f"{COMPANY}/{TOKEN}"

    async def of(customer: str, command: CustomerCommand) -> None:
        await s.application.execute(customers, customer, command, WHY)

    await of("c1", AddCustomer(company=COMPANY, at=after(1), language=CompanyLanguage.GERMAN))
    await of("c1", AddCustomerToken(at=after(1), token=TOKEN))
    await s.application.execute(tokens, key, AssignToken(customer="c1", at=after(1)), WHY)
    number = (await s.starts(2, 1_000)).transaction
    await s.stops(62, number, 12_000)
    await s.reports(63, "Available")
    await of("c1", ChangeCustomer(at=after(70), language=CompanyLanguage.ENGLISH, record=2))
    await of("c1", RemoveCustomerToken(at=after(80), token=TOKEN))
    await s.application.execute(tokens, key, UnassignToken(customer="c1", at=after(80)), WHY)
    await of("c1", EraseCustomer(at=after(80)))
    return s
