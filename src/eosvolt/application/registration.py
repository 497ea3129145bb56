"""A company and its owner come to exist together, or not at all."""

from datetime import datetime
from typing import Protocol

import msgspec

from eosvolt.application.access import Account
from eosvolt.application.executor import Application, Plan
from eosvolt.application.ports import Alongside
from eosvolt.domain.companies.commands import RegisterCompany
from eosvolt.domain.companies.decider import check_invitation, companies
from eosvolt.domain.kernel import Order, Provenance, Rejected

# What a chargers' address, an account's row and the history can all hold.
HIGHEST_COMPANY = 2**31 - 1


class AccountBook(Protocol):
    """Where accounts are kept, outside the history."""

    async def creation(
        self, *, company: int, email: str, name: str, password: str, owner: bool
    ) -> tuple[Account, Alongside]:
        """An account that will be there with whatever is stored with it.

        Raises ``Rejected`` for no e-mail and for too short a password; an e-mail that is taken is found out
        when it is stored.
        """
        ...


class Owner(msgspec.Struct, frozen=True):
    """Who registers a company. Personal data, kept outside the history."""

    email: str
    name: str
    password: str


async def invited(application: Application, company: str, secret_digest: str, at: datetime) -> int:
    """The number of the company that a registration link is for, where it can be used.

    ``company`` is the number as the link has it. Raises ``Rejected`` with the reason where it cannot.
    """
    number = int(company) if company.isascii() and company.isdigit() and len(company) <= 10 else 0
    if not 0 < number <= HIGHEST_COMPANY:
        raise Rejected("This registration link is not valid.")
    check_invitation(await application.state(companies, str(number)), secret_digest, at)
    return number


async def register_company(
    application: Application, accounts: AccountBook, wish: RegisterCompany, owner: Owner
) -> None:
    """Carry out ``wish`` with a new account as the owner that it names.

    What the company allows is decided before anything is asked of the accounts, and both are stored in one
    transaction. Raises ``Rejected``; nothing is left then.
    """
    companies.decide(wish, await application.state(companies, str(wish.company)))
    account, creation = await accounts.creation(
        company=wish.company, email=owner.email, name=owner.name, password=owner.password, owner=True
    )
    register = msgspec.structs.replace(wish, owner=account.account)

    async def plan() -> Plan[None]:
        return Plan((Order(companies, str(wish.company), register),), None, alongside=(creation,))

    await application.perform(plan, Provenance(wish.company, f"admin:{account.account}", "registration"))
