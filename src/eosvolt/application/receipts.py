"""Receipts: the texts of a document about one session, and the port that makes files of documents."""

from typing import Protocol

import msgspec

from eosvolt.application.images import Picture
from eosvolt.application.invoices import ElectronicCreditNote, ElectronicInvoice, PrintedInvoice
from eosvolt.application.printed_document import PrintedDocument
from eosvolt.application.statements import PrintedStatement
from eosvolt.application.uptime_reports import UptimeReport


class ReceiptLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the bill as it is printed; ``quantity`` × ``price`` is ``gross``, rounded half-up."""

    what: str
    since: str
    until: str
    quantity: str
    price: str
    gross: str


class ReceiptSum(msgspec.Struct, frozen=True, kw_only=True):
    """A sum of lines as it is printed; ``name`` says of what."""

    name: str
    net: str
    vat: str
    gross: str


class Receipt(PrintedDocument, frozen=True, kw_only=True):
    """A receipt: ``sums`` are those behind the lines, ``rates`` the amounts of each VAT rate."""

    lines: tuple[ReceiptLine, ...]
    sums: tuple[ReceiptSum, ...]
    total_label: str
    total: str
    rate_columns: tuple[str, ...]
    rates: tuple[ReceiptSum, ...]


class Documents(Protocol):
    """Makes files to print."""

    async def receipt(self, receipt: Receipt, logo: Picture | None) -> bytes:
        """The receipt as a PDF. Its texts are printed as they are, whatever characters they have."""
        ...

    async def credit_note(
        self, credit_note: Receipt, electronic: ElectronicCreditNote, logo: Picture | None
    ) -> bytes:
        """The credit note to an invoice as a PDF/A-3, with its XML in it as invoices have it."""
        ...

    async def invoice(
        self, invoice: PrintedInvoice, electronic: ElectronicInvoice, logo: Picture | None
    ) -> bytes:
        """The invoice as a PDF/A-3, with its XML in it where EN 16931 has such amounts."""
        ...

    async def invoice_xml(self, electronic: ElectronicInvoice) -> bytes:
        """The XML alone. Raises ``ValueError`` where EN 16931 does not have such amounts."""
        ...

    async def uptime_report(self, report: UptimeReport, logo: Picture | None) -> bytes:
        """A report for regulators as a PDF. Some thousand lines take seconds."""
        ...

    async def statement(self, statement: PrintedStatement, logo: Picture | None) -> bytes:
        """A statement as a PDF."""
        ...
