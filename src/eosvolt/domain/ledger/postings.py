"""Double entry: accounts, postings and the balances that they add up to.

Each company has one chart of accounts for each currency. Postings follow from an entry's amounts in
proportion, so that those of a sum of entries are the sums of their postings.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from eosvolt.domain.ledger.movements import EntryKind


class AccountKind(StrEnum):
    """The kinds of accounts.

    ``RECEIVABLE`` is what sessions that are not closed owe, ``AVAILABLE`` what closed ones brought, less
    platform fees and withdrawals; ``REQUESTED`` is reserved for withdrawals, ``PAID_OUT`` what was paid.
    There is an ``INCOME`` account for charging, one for blocking fees and one for booking fees, and one for
    the ``VAT`` of each country and rate. ``REFUNDS`` is what was given back of income. ``REIMBURSEMENTS`` is
    what owners of home chargers cost, of which ``REIMBURSEMENTS_OWED`` is still to be paid and
    ``REIMBURSEMENTS_PAID`` was.
    """

    RECEIVABLE = "receivable"
    AVAILABLE = "available"
    INCOME = "income"
    VAT = "vat"
    PLATFORM_FEE = "platformFee"
    REQUESTED = "requested"
    PAID_OUT = "paidOut"
    REFUNDS = "refunds"
    REIMBURSEMENTS = "reimbursements"
    REIMBURSEMENTS_OWED = "reimbursementsOwed"
    REIMBURSEMENTS_PAID = "reimbursementsPaid"


class LedgerAccount(NamedTuple):
    """An account of a company in one currency; ``part`` tells accounts of a kind apart."""

    kind: AccountKind
    part: str = ""

    def __str__(self) -> str:
        """The account's name, e.g. ``income:charging`` or ``vat:DE:0.19``."""
        return f"{self.kind}:{self.part}" if self.part else self.kind.value


RECEIVABLE = LedgerAccount(AccountKind.RECEIVABLE)
AVAILABLE = LedgerAccount(AccountKind.AVAILABLE)
PLATFORM_FEES = LedgerAccount(AccountKind.PLATFORM_FEE)
REQUESTED = LedgerAccount(AccountKind.REQUESTED)
PAID_OUT = LedgerAccount(AccountKind.PAID_OUT)
REFUNDS = LedgerAccount(AccountKind.REFUNDS)
REIMBURSEMENTS = LedgerAccount(AccountKind.REIMBURSEMENTS)
REIMBURSEMENTS_OWED = LedgerAccount(AccountKind.REIMBURSEMENTS_OWED)
REIMBURSEMENTS_PAID = LedgerAccount(AccountKind.REIMBURSEMENTS_PAID)
CHARGING_INCOME = LedgerAccount(AccountKind.INCOME, "charging")
BLOCKING_FEE_INCOME = LedgerAccount(AccountKind.INCOME, "blockingFee")
BOOKING_FEE_INCOME = LedgerAccount(AccountKind.INCOME, "bookingFee")


class EntrySum(Struct, frozen=True, array_like=True, order=True):
    """The amounts of one entry, or of several of one kind, in minor units of ``currency``.

    ``vat_rate`` is a fraction, ``country`` an ISO 3166-1 alpha-2 code, empty where it was not known.
    """

    currency: str
    kind: EntryKind
    country: str
    vat_rate: Decimal
    gross: int
    net: int
    vat: int


class Posting(NamedTuple):
    """Minor units on an account: debits are positive, credits negative."""

    account: LedgerAccount
    minor: int


def postings(entry: EntrySum) -> tuple[Posting, ...]:
    """The postings of an entry or a sum; they add up to zero. None of them is zero."""
    return tuple(posting for posting in _posted(entry) if posting.minor)


def added(entries: Iterable[EntrySum]) -> tuple[EntrySum, ...]:
    """The sums by currency, kind, country and rate, in this order; sums of nothing are left out."""
    sums: dict[tuple[str, EntryKind, str, Decimal], tuple[int, int, int]] = {}
    for each in entries:
        key = each.currency, each.kind, each.country, each.vat_rate
        gross, net, vat = sums.get(key, (0, 0, 0))
        sums[key] = gross + each.gross, net + each.net, vat + each.vat
    return tuple(EntrySum(*key, *amounts) for key, amounts in sorted(sums.items()) if any(amounts))


def trial_balance(entries: Iterable[EntrySum]) -> Mapping[str, Mapping[LedgerAccount, int]]:
    """The balance of each account by currency, debits positive; the balances of a currency sum to zero."""
    balances: dict[str, Counter[LedgerAccount]] = defaultdict(Counter)
    # A year has hundreds of sums of each kind, and what they are posted to is the same.
    for entry in added(entries):
        for account, minor in postings(entry):
            balances[entry.currency][account] += minor
    return balances


def _posted(entry: EntrySum) -> tuple[Posting, ...]:
    match entry.kind:
        case EntryKind.SETTLEMENT:
            return (Posting(AVAILABLE, entry.gross), Posting(RECEIVABLE, -entry.gross))
        case EntryKind.PLATFORM_FEE:
            return (Posting(AVAILABLE, entry.gross), Posting(PLATFORM_FEES, -entry.gross))
        case EntryKind.WITHDRAWAL | EntryKind.WITHDRAWAL_REJECTED:
            return (Posting(AVAILABLE, entry.gross), Posting(REQUESTED, -entry.gross))
        case EntryKind.WITHDRAWAL_PAID:
            return (Posting(REQUESTED, entry.gross), Posting(PAID_OUT, -entry.gross))
        case EntryKind.WITHDRAWAL_RETURNED:
            return (Posting(AVAILABLE, entry.gross), Posting(PAID_OUT, -entry.gross))
        case EntryKind.REIMBURSEMENT:
            return (Posting(REIMBURSEMENTS_OWED, entry.gross), Posting(REIMBURSEMENTS, -entry.gross))
        case EntryKind.REIMBURSEMENT_PAID:
            return (Posting(REIMBURSEMENTS_PAID, entry.gross), Posting(REIMBURSEMENTS_OWED, -entry.gross))
        case EntryKind.CHARGING | EntryKind.CORRECTION:
            return _earned(entry, CHARGING_INCOME)
        case EntryKind.BLOCKING_FEE | EntryKind.BLOCKING_FEE_CREDIT:
            return _earned(entry, BLOCKING_FEE_INCOME)
        case EntryKind.BOOKING_FEE:
            return _earned(entry, BOOKING_FEE_INCOME)
        case EntryKind.REFUND:
            return _earned(entry, REFUNDS)


def _earned(entry: EntrySum, income: LedgerAccount) -> tuple[Posting, ...]:
    vat = LedgerAccount(AccountKind.VAT, f"{entry.country}:{entry.vat_rate.normalize():f}")
    return (Posting(RECEIVABLE, entry.gross), Posting(income, -entry.net), Posting(vat, -entry.vat))
