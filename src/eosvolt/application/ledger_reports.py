"""What Finance shows: balances, income by month, and the VAT report. All of it are sums over the ledger."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from eosvolt.application.ledger_questions import LedgerDay
from eosvolt.application.payouts import OF_SETTLEMENT
from eosvolt.domain.ledger.movements import INCOME_KINDS, EntryKind
from eosvolt.domain.ledger.postings import (
    AVAILABLE,
    PAID_OUT,
    RECEIVABLE,
    REQUESTED,
    LedgerAccount,
    trial_balance,
)

VatPeriod = Literal["month", "quarter", "year"]
BLOCKING_FEES = (EntryKind.BLOCKING_FEE, EntryKind.BLOCKING_FEE_CREDIT)


class Balance(NamedTuple):
    """What a company has earned in one currency, in minor units.

    ``available`` can be withdrawn; ``pending`` is owed by sessions that have not settled; ``requested`` is
    reserved for withdrawals, and ``paid`` out. ``accounts`` are all balances that are not zero, debits
    positive.
    """

    currency: str
    available: int
    pending: int
    requested: int
    paid: int
    accounts: Mapping[LedgerAccount, int]


class VatLine(NamedTuple):
    """The taxed amounts of a period in one country, rate and currency, in minor units.

    ``period`` is ``2026-11``, ``2026-Q4`` or ``2026``; ``country`` is empty where it was not known.
    """

    period: str
    country: str
    vat_rate: Decimal
    currency: str
    net: int
    vat: int
    gross: int


class MonthlyIncome(NamedTuple):
    """The gross income of a month in one currency, by kind, in minor units; ``month`` is its first day.

    ``refunds`` were issued in the month, and are negative.
    """

    month: date
    charging: int
    blocking: int
    booking: int
    refunds: int


def balances(days: Iterable[LedgerDay], settled_until: date | None) -> list[Balance]:
    """The balance of each currency, by its code.

    Sessions that were closed after the local day ``settled_until`` have not settled; ``None``: all have.
    """
    found = trial_balance(
        each
        for day in days
        for each in day.sums
        if settled_until is None or day.day <= settled_until or each.kind not in OF_SETTLEMENT
    )
    return [
        Balance(
            currency,
            accounts.get(AVAILABLE, 0),
            accounts.get(RECEIVABLE, 0),
            accounts.get(REQUESTED, 0),
            accounts.get(PAID_OUT, 0),
            {account: minor for account, minor in sorted(accounts.items()) if minor},
        )
        for currency, accounts in sorted(found.items())
    ]


def vat_report(days: Iterable[LedgerDay], by: VatPeriod) -> list[VatLine]:
    """The lines of a VAT report, by period, country, rate and currency."""
    sums: dict[tuple[str, str, Decimal, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for day in days:
        for each in day.sums:
            if each.kind not in INCOME_KINDS:
                continue
            line = sums[_period(day.day, by), each.country, each.vat_rate, each.currency]
            for index, minor in enumerate((each.net, each.vat, each.gross)):
                line[index] += minor
    return [VatLine(*key, *amounts) for key, amounts in sorted(sums.items()) if any(amounts)]


def monthly_income(days: Iterable[LedgerDay], currency: str, months: Sequence[date]) -> list[MonthlyIncome]:
    """The income of each of ``months``, which are first days of months."""
    charging, blocking, booking, refunds = (Counter[date]() for _ in range(4))
    kinds = {
        **dict.fromkeys((EntryKind.CHARGING, EntryKind.CORRECTION), charging),
        **dict.fromkeys(BLOCKING_FEES, blocking),
        EntryKind.BOOKING_FEE: booking,
        EntryKind.REFUND: refunds,
    }
    for day in days:
        for each in day.sums:
            if each.currency == currency and each.kind in kinds:
                kinds[each.kind][day.day.replace(day=1)] += each.gross
    return [
        MonthlyIncome(month, charging[month], blocking[month], booking[month], refunds[month])
        for month in months
    ]


def _period(day: date, by: VatPeriod) -> str:
    match by:
        case "month":
            return f"{day:%Y-%m}"
        case "quarter":
            return f"{day:%Y}-Q{(day.month + 2) // 3}"
        case "year":
            return f"{day:%Y}"
