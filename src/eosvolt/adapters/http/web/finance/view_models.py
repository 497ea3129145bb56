"""What the templates of Finance are given."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.presentation.home_statement_document import StatementParties
from eosvolt.adapters.http.presentation.home_statements import StatedMonth
from eosvolt.adapters.http.presentation.reimbursement_payments import OwedMonth
from eosvolt.adapters.http.web.shell.export_form import ExportForm
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.ledger_reports import Balance, VatLine, VatPeriod
from eosvolt.domain.companies.settings import MaskedBankAccount
from eosvolt.projections.ledger import LedgerRow
from eosvolt.projections.payouts import PayoutRow


class FinanceBalances(ViewModel, frozen=True, kw_only=True):
    """What can be withdrawn and what is pending, by currency, and the income of ``currency`` by month.

    ``chart`` is what the browser draws (JSON). ``everywhere``: the figures are the company's, not those of
    some locations.
    """

    templates: ClassVar = ("finance/balances.html",)

    balances: Sequence[Balance]
    currency: str
    earlier: str
    later: str
    chart: Mapping[str, Any]
    question: str
    everywhere: bool


class FinanceTransactions(ViewModel, frozen=True, kw_only=True):
    """A page of the transaction history; ``cursor`` leads to the next."""

    templates: ClassVar = ("finance/list.html",)

    rows: Sequence[LedgerRow]
    cursor: str | None
    filtered: bool
    everywhere: bool
    kinds: Mapping[str, Text]


class FinancePage(ViewModel, frozen=True, kw_only=True):
    """The start of Finance. ``export`` is ``None`` for whoever may not export.

    ``customer`` is what the filter names, ``None`` for whoever may not see customers.
    """

    templates: ClassVar = ("finance/page.html",)
    parts: ClassVar = (FinanceBalances, FinanceTransactions)

    kinds: Mapping[str, Text]
    currencies: Sequence[str]
    customer: str | None
    export: ExportForm | None
    filtered: bool
    page: str = "finance"


class VatPage(ViewModel, frozen=True, kw_only=True):
    """The VAT report of a year. ``earlier`` and ``later`` lead to the years beside it."""

    templates: ClassVar = ("finance/vat.html",)

    year: int
    by: str
    periods: Mapping[VatPeriod, Text]
    lines: Sequence[VatLine]
    names: Mapping[str, str]
    totals: Sequence[VatLine]
    earlier: str
    later: str
    page: str = "finance"


class WithdrawalList(ViewModel, frozen=True, kw_only=True):
    """A page of the withdrawals. ``overdue`` are the ids of those whose review should have been done."""

    templates: ClassVar = ("finance/withdrawal_list.html",)

    rows: Sequence[PayoutRow]
    cursor: str | None
    states: Mapping[str, Text]
    overdue: frozenset[str]
    everywhere: bool


class WithdrawalsPage(ViewModel, frozen=True, kw_only=True):
    """All withdrawals."""

    templates: ClassVar = ("finance/withdrawals.html",)
    parts: ClassVar = (WithdrawalList,)

    page: str = "finance"


class WithdrawPage(ViewModel, frozen=True, kw_only=True):
    """The form. ``available`` are amounts by currency; ``minimum`` is empty where there is none."""

    templates: ClassVar = ("finance/withdraw.html",)

    available: Sequence[tuple[str, str]]
    currencies: Sequence[tuple[str, str]]
    typed: Mapping[str, str]
    problems: Mapping[str, str]
    billing_complete: bool
    account: MaskedBankAccount
    minimum: str
    second_factor: bool
    page: str = "finance"


class WithdrawalPage(ViewModel, frozen=True, kw_only=True):
    """A withdrawal with its statement, of which the last ``movements`` of ``count`` are shown.

    ``carried`` and the ``sums`` by kind add up to what was available, in minor units.
    """

    templates: ClassVar = ("finance/withdrawal.html",)

    row: PayoutRow
    states: Mapping[str, Text]
    overdue: bool
    carried: int
    sums: Sequence[tuple[Text, int]]
    movements: Sequence[LedgerRow]
    count: int
    kinds: Mapping[str, Text]
    requested_by: str
    page: str = "finance"


class ReimbursementList(ViewModel, frozen=True, kw_only=True):
    """Statements of home chargers; ``months`` are in words, ``names`` those of owners by id.

    ``dots`` are the colours of states.
    """

    templates: ClassVar = ("finance/reimbursement_list.html",)

    rows: Sequence[StatedMonth]
    months: Mapping[date, str]
    states: Mapping[str, Text]
    dots: Mapping[str, str]
    names: Mapping[str, str]
    filtered: bool


class ReimbursementPayments(ViewModel, frozen=True, kw_only=True):
    """What a payment file pays now: ``payable`` statements of together ``total`` minor units.

    ``left_out`` are owed but cannot be in it, for one of the ``reasons``; ``owed_months`` are in words.
    ``account`` is the company's, from which is paid.
    """

    templates: ClassVar = ("finance/reimbursement_payments.html",)

    payable: int
    total: int
    currency: str
    left_out: Sequence[OwedMonth]
    reasons: Mapping[str, Text]
    owed_months: Mapping[date, str]
    account: MaskedBankAccount


class ReimbursementsPage(ViewModel, frozen=True, kw_only=True):
    """The statements of home chargers; ``state`` and ``home`` are what the list is filtered by."""

    templates: ClassVar = ("finance/reimbursements.html",)
    parts: ClassVar = (ReimbursementPayments, ReimbursementList)

    states: Mapping[str, Text]
    state: str
    home: str
    page: str = "finance"


class ReimbursementPage(ViewModel, frozen=True, kw_only=True):
    """One statement with its sessions; ``sources`` are the prices of its lines in words.

    ``reference`` is what was typed.
    """

    templates: ClassVar = ("finance/reimbursement.html",)

    row: StatedMonth
    month: str
    states: Mapping[str, Text]
    dots: Mapping[str, str]
    parties: StatementParties
    sources: Sequence[str]
    approved_by: str
    reference: str
    problems: Mapping[str, str]
    page: str = "finance"
