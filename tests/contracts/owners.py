"""Accounts of people who work for a company, for the tests of what belongs to an account."""

from uuid import uuid4

from eosvolt.adapters.postgres.accounts import PostgresAccounts
from eosvolt.adapters.postgres.alongside import Statements
from eosvolt.application.access import Account
from eosvolt.domain.granted_access import NO_ACCESS

PASSWORD = "correct horse battery"


async def created(
    accounts: PostgresAccounts,
    email: str,
    *,
    company: int = 242,
    name: str | tuple[str, str] = "Olga",
    password: str = PASSWORD,
    owner: bool = True,
) -> Account:
    """A new account with this e-mail address, if nothing else is said the owner's of company 242."""
    account, creation = await accounts.creation(
        account=str(uuid4()),
        company=company,
        email=email,
        name=name,
        password=password,
        owner=owner,
        access=NO_ACCESS,
    )
    await carry_out(accounts, creation)
    return account


async def carry_out(accounts: PostgresAccounts, *changes: Statements) -> None:
    """Make the changes in one transaction."""
    async with accounts._database.connection() as connection, connection.transaction():
        for each in changes:
            await each.carry_out(connection)
