"""A company and its owner come to exist together, or not at all."""

from typing import Protocol

import msgspec

from eosvolt.application.access import Account
from eosvolt.application.execution import Application
from eosvolt.domain.companies.commands import RegisterCompany
from eosvolt.domain.companies.decider import companies
from eosvolt.domain.kernel import Provenance, Rejected


class AccountBook(Protocol):
    """Where accounts are kept, outside the history."""

    async def create(self, *, company: int, email: str, name: str, password: str, owner: bool) -> Account:
        """Raises ``Rejected`` where the e-mail is taken or the password too short."""
        ...

    async def remove(self, account: str) -> None:
        """Forget an account."""
        ...


class Owner(msgspec.Struct, frozen=True):
    """Who registers a company. Personal data, kept outside the history."""

    email: str
    name: str
    password: str


async def register_company(
    application: Application, accounts: AccountBook, wish: RegisterCompany, owner: Owner
) -> None:
    """Carry out ``wish`` with a new account as the owner that it names.

    Raises ``Rejected``; nothing is left then.
    """
    account = await accounts.create(
        company=wish.company, email=owner.email, name=owner.name, password=owner.password, owner=True
    )
    register = msgspec.structs.replace(wish, owner=account.account)
    why = Provenance(wish.company, f"admin:{account.account}", "registration")
    try:
        await application.execute(companies, str(wish.company), register, why)
    except Rejected:
        await accounts.remove(account.account)
        raise
