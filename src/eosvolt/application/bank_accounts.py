"""Bank accounts: judged with the library ``schwifty``, kept outside the history, told there only in part."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException

from eosvolt.application.ports import Alongside
from eosvolt.domain.companies.settings import MaskedBankAccount

# ISO 13616-1: at most 34 characters; more only as blanks between them.
LONGEST_IBAN = 42
LONGEST_BIC = 11
# Names in SEPA credit transfers (EPC AT-E001).
LONGEST_HOLDER = 70


class BankAccount(NamedTuple):
    """An account: its IBAN without blanks and the BIC of its bank, both in capitals; empty for none."""

    iban: str = ""
    bic: str = ""


class PayeeAccount(NamedTuple):
    """The account to which a person is paid, and its holder; all empty for none."""

    account: BankAccount = BankAccount()
    holder: str = ""


class BankAccounts(Protocol):
    """The bank accounts of companies, one each."""

    def kept(self, company: int, account: BankAccount) -> tuple[MaskedBankAccount, Alongside]:
        """The account as the history tells it, and the change that stores it; an empty one is deleted."""
        ...

    async def account(self, company: int) -> BankAccount:
        """The account of a company; an empty one if it has none."""
        ...


def compact(account: BankAccount) -> BankAccount:
    """The account in capitals without blanks and hyphens."""
    return BankAccount(*("".join(text.replace("-", " ").split()).upper() for text in account))


def masked(iban: str) -> str:
    """The country and the last four digits of an IBAN; empty for none."""
    return f"{iban[:2]} •••• {iban[-4:]}" if iban else ""


def grouped(iban: str) -> str:
    """An IBAN as it is printed, in groups of four (ISO 13616-1)."""
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def problems(account: BankAccount) -> Iterator[tuple[str, str]]:
    """Everything that is wrong with a compact account, as pairs of its field and a sentence."""
    if account.iban and not _valid(IBAN, account.iban, LONGEST_IBAN):
        yield "iban", "This is not an IBAN: its country, its length or its check digits are wrong."
    if account.bic and not _valid(BIC, account.bic, LONGEST_BIC):
        yield "bic", "This is not a BIC: it has 8 or 11 letters and digits, for example COBADEFFXXX."
    if account.bic and not account.iban:
        yield "iban", "There is a BIC but no IBAN."


def tidied_payee(payee: PayeeAccount) -> PayeeAccount:
    """The account in capitals without blanks, and the holder without white space around words."""
    return PayeeAccount(compact(payee.account), " ".join(payee.holder.split()))


def payee_problems(payee: PayeeAccount) -> Iterator[tuple[str, str]]:
    """Everything that is wrong with a tidied account of a person, as pairs of its field and a sentence."""
    yield from problems(payee.account)
    if len(payee.holder) > LONGEST_HOLDER:
        yield "accountHolder", f"A name has at most {LONGEST_HOLDER:d} characters."
    if payee.holder and not payee.account.iban and not payee.account.bic:
        yield "iban", "There is an account holder but no IBAN."


def _valid(kind: type[IBAN] | type[BIC], text: str, longest: int) -> bool:
    if len(text) > longest:
        return False
    try:
        kind(text)
    except SchwiftyException:
        return False
    return True
