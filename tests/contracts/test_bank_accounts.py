"""Bank accounts on PostgreSQL: one for each company, with a fingerprint that needs the server's key."""

from eosvolt.adapters.postgres.bank_accounts import PostgresBankAccounts
from eosvolt.application.bank_accounts import BankAccount
from tests.contracts.side_changes import done

KEY = b"the server's key"
FIRST, SECOND = BankAccount("DE89370400440532013000", "COBADEFFXXX"), BankAccount("NL91ABNA0417164300")


async def test_an_account_is_kept_replaced_and_deleted(database: str) -> None:
    async with PostgresBankAccounts(database, KEY) as accounts:
        assert await accounts.account(242) == BankAccount()
        for wanted in (FIRST, SECOND, SECOND, BankAccount()):
            _, change = accounts.kept(242, wanted)
            await done(database, change)
            assert await accounts.account(242) == wanted


async def test_an_account_belongs_to_its_company_alone(database: str) -> None:
    async with PostgresBankAccounts(database, KEY) as accounts:
        _, change = accounts.kept(242, FIRST)
        await done(database, change)
        assert await accounts.account(77) == BankAccount()


async def test_the_history_is_told_a_part_and_a_fingerprint_made_with_the_key(database: str) -> None:
    async with PostgresBankAccounts(database, KEY) as accounts, PostgresBankAccounts(database, b"x") as thief:
        told, _ = accounts.kept(242, FIRST)
        assert (told.iban, told.bic) == ("DE •••• 3000", "COBADEFFXXX")
        assert told == accounts.kept(242, FIRST)[0]
        others = [accounts.kept(77, FIRST)[0], accounts.kept(242, SECOND)[0], thief.kept(242, FIRST)[0]]
        assert told.fingerprint not in {other.fingerprint for other in others}
        assert not accounts.kept(242, BankAccount())[0]
