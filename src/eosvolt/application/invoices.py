"""Invoices as documents: what is printed, and what programs read of them (EN 16931)."""

from datetime import date
from decimal import Decimal

import msgspec

from eosvolt.application.printed_document import PrintedDocument
from eosvolt.domain.companies.settings import BillingDetails
from eosvolt.domain.invoices.amounts import InvoiceAmounts, RateAmounts, invoice_amounts
from eosvolt.domain.money import Money, Taxed, minor_digits

# EN 16931 has amounts of at most two decimals.
_MOST_DECIMALS = 2


class ElectronicLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of an electronic invoice: a session from one day to another, its gross amount and VAT rate."""

    name: str
    description: str
    since: date
    until: date
    gross: Money
    rate: Decimal


class ElectronicInvoice(msgspec.Struct, frozen=True, kw_only=True):
    """What programs read of an invoice for the days from ``first`` to ``last``, to be paid by ``due_on``."""

    number: str
    issued_on: date
    due_on: date | None = None
    first: date
    last: date
    seller: BillingDetails
    buyer: BillingDetails
    currency: str
    lines: tuple[ElectronicLine, ...]
    terms: str

    @property
    def possible(self) -> bool:
        """Whether EN 16931 has such amounts: not in currencies with three decimals, such as KWD."""
        return minor_digits(self.currency) <= _MOST_DECIMALS

    @property
    def amounts(self) -> InvoiceAmounts:
        """The net amounts, VAT and rates of the document."""
        return invoice_amounts([(line.gross, line.rate) for line in self.lines], self.currency)


class ElectronicCreditNote(ElectronicInvoice, frozen=True, kw_only=True):
    """What programs read of a credit note: it has one line, and nothing is due.

    ``credits`` is the number of the invoice that it credits, of the day ``credits_on``. Net amount and VAT
    are those that were ``refunded``, as in the ledger: the last part of a session took what was left.
    """

    credits: str
    credits_on: date
    refunded: Taxed

    @property
    def amounts(self) -> InvoiceAmounts:
        """The net amount and VAT that were refunded, at the rate of the line."""
        (line,) = self.lines
        gross, net, vat = self.refunded.gross, self.refunded.net, self.refunded.vat
        return InvoiceAmounts((net,), (RateAmounts(line.rate, net, vat, gross),), gross)


class PrintedInvoice(PrintedDocument, frozen=True, kw_only=True):
    """An invoice as it is printed.

    ``recipient`` are the lines of the address, ``lines`` the cells below ``columns``, ``rates`` those below
    ``rate_columns``, ``sums`` pairs of a label and an amount before the ``total``.
    """

    recipient_label: str
    recipient: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    rate_columns: tuple[str, ...]
    rates: tuple[tuple[str, ...], ...]
    sums: tuple[tuple[str, str], ...]
    total_label: str
    total: str
