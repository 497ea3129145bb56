"""To which accounts companies pay a driver."""

from collections.abc import Sequence
from typing import NamedTuple

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.application.bank_accounts import PayeeAccount
from eosvolt.application.drivers import Driver


class OwnAccount(NamedTuple):
    """A company that knows the driver, its name, and the account to which it pays."""

    company: int
    operator: str
    payee: PayeeAccount


async def own_accounts(
    dependencies: Dependencies, driver: Driver, wanted: str | None = None
) -> Sequence[OwnAccount]:
    """The accounts of all companies of which the driver is a customer, or of one, by company."""
    found: list[OwnAccount] = []
    for each in await dependencies.drivers.customers(driver):
        if wanted not in {None, str(each.company)}:
            continue
        person = await dependencies.customers.person(each.company, each.customer)
        company = await dependencies.queries.company(each.company)
        if person is not None and company is not None:
            found.append(OwnAccount(each.company, company.name, person.payee))
    return found


async def own_account(dependencies: Dependencies, driver: Driver, company: str) -> OwnAccount:
    """The account at one company. Raises a 404 ``Problem`` if it does not know the driver."""
    found = await own_accounts(dependencies, driver, company)
    if not found:
        raise not_found()
    return found[0]
