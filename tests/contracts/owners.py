"""An owner of a company, for the tests of what belongs to an account."""

from uuid import uuid4

from eosvolt.adapters.postgres.accounts import PostgresAccounts
from eosvolt.domain.granted_access import NO_ACCESS


async def created(accounts: PostgresAccounts, email: str) -> str:
    """The id of a new account with this e-mail address, the owner's of company 242."""
    account, creation = await accounts.creation(
        account=str(uuid4()),
        company=242,
        email=email,
        name="Olga",
        password="p" * 12,
        owner=True,
        access=NO_ACCESS,
    )
    async with accounts._database.connection() as connection, connection.transaction():
        await creation.carry_out(connection)
    return account.account
