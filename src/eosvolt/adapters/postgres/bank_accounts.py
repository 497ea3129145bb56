"""Bank accounts of companies, outside the history."""

import hmac
from typing import LiteralString, Self

from eosvolt.adapters.postgres.alongside import Statement, Statements
from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.application.bank_accounts import BankAccount, masked
from eosvolt.domain.companies.settings import MaskedBankAccount

_KEEP: LiteralString = (
    "INSERT INTO bank_accounts (company, fingerprint, iban, bic) VALUES (%s, %s, %s, %s)"
    " ON CONFLICT (company) DO UPDATE"
    " SET fingerprint = excluded.fingerprint, iban = excluded.iban, bic = excluded.bic"
)
_FORGET: LiteralString = "DELETE FROM bank_accounts WHERE company = %s"


class PostgresBankAccounts:
    """Stores and reads bank accounts. Use it as an async context manager."""

    def __init__(self, dsn: str, secret_key: bytes) -> None:
        """``secret_key`` is the server's and is not stored in the database."""
        self._database = ReadPool(dsn, "bank accounts", size=1)
        self._secret_key = secret_key

    async def __aenter__(self) -> Self:
        """Start filling the pool; does not wait for the database."""
        await self._database.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self._database.close()

    def kept(self, company: int, account: BankAccount) -> tuple[MaskedBankAccount, Statements]:
        """The account as the history tells it, and the statement that stores or deletes it."""
        if not account.iban:
            return MaskedBankAccount(), Statements(Statement(_FORGET, (company,)))
        told = MaskedBankAccount(
            iban=masked(account.iban), bic=account.bic, fingerprint=self._fingerprint(company, account)
        )
        return told, Statements(Statement(_KEEP, (company, told.fingerprint, *account)))

    async def account(self, company: int) -> BankAccount:
        """The account of a company; an empty one if it has none."""
        rows = await self._database.fetch(
            "SELECT iban, bic FROM bank_accounts WHERE company = %s", (company,)
        )
        return BankAccount(*rows[0]) if rows else BankAccount()

    def _fingerprint(self, company: int, account: BankAccount) -> str:
        """The same for the same account of a company; without the server's key nobody can make it."""
        message = f"bank account {company} {account.iban} {account.bic}"
        return hmac.digest(self._secret_key, message.encode(), "sha256").hex()
