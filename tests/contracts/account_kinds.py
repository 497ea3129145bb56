"""The two kinds of accounts, whose protection is the same: people of companies and platform staff."""

from typing import Protocol

from eosvolt.adapters.postgres.account_security import PostgresAccountSecurity
from eosvolt.adapters.postgres.account_tables import PEOPLE, STAFF, AccountTables
from eosvolt.adapters.postgres.accounts import PostgresAccounts
from eosvolt.adapters.postgres.second_factors import PostgresSecondFactors
from tests.contracts.owners import PASSWORD, created


class AccountKind(Protocol):
    """How accounts of one kind are made, with ``PASSWORD``, and how they are reached."""

    name: str
    tables: AccountTables

    async def created(self, accounts: PostgresAccounts, email: str) -> str: ...

    def factors(self, accounts: PostgresAccounts) -> PostgresSecondFactors: ...

    def security(self, accounts: PostgresAccounts) -> PostgresAccountSecurity: ...

    async def by_password(self, accounts: PostgresAccounts, email: str, password: str) -> str | None: ...

    async def by_session(self, accounts: PostgresAccounts, secret: str) -> str | None: ...


class PersonKind:
    """People of companies."""

    name, tables = "person", PEOPLE

    async def created(self, accounts: PostgresAccounts, email: str) -> str:
        return (await created(accounts, email)).account

    def factors(self, accounts: PostgresAccounts) -> PostgresSecondFactors:
        return accounts.second_factors

    def security(self, accounts: PostgresAccounts) -> PostgresAccountSecurity:
        return accounts.own

    async def by_password(self, accounts: PostgresAccounts, email: str, password: str) -> str | None:
        found = await accounts.by_password(email, password)
        return None if found is None else found.account

    async def by_session(self, accounts: PostgresAccounts, secret: str) -> str | None:
        found = await accounts.by_session(secret)
        return None if found is None else found.account


class StaffKind:
    """Platform staff."""

    name, tables = "staff", STAFF

    async def created(self, accounts: PostgresAccounts, email: str) -> str:
        return (await accounts.staff.create(email, "Olga", PASSWORD)).id

    def factors(self, accounts: PostgresAccounts) -> PostgresSecondFactors:
        return accounts.staff_factors

    def security(self, accounts: PostgresAccounts) -> PostgresAccountSecurity:
        return accounts.staff_security

    async def by_password(self, accounts: PostgresAccounts, email: str, password: str) -> str | None:
        found = await accounts.staff.by_password(email, password)
        return None if found is None else found.id

    async def by_session(self, accounts: PostgresAccounts, secret: str) -> str | None:
        found = await accounts.staff.by_session(secret)
        return None if found is None else found.id


KINDS: tuple[AccountKind, ...] = (PersonKind(), StaffKind())
