"""Invoices over the in-memory read models."""

from collections.abc import Sequence
from datetime import datetime

from eosvolt.adapters.memory.read_models import MemoryReadModels
from eosvolt.application.questions import Page
from eosvolt.projections.booking_fees import booking_fees
from eosvolt.projections.customers import customers
from eosvolt.projections.invoices import InvoiceRow, invoices
from eosvolt.projections.session_history import session_history


class MemoryInvoiceQueries:
    """The invoices, and what can be put on one."""

    models: MemoryReadModels

    async def invoices(
        self, company: int, *, customer: str = "", cursor: str | None = None, limit: int = 50
    ) -> Page[InvoiceRow]:
        assert cursor is None
        rows = self.models.rows(
            invoices, lambda row: row.company == company and customer in {"", row.customer}
        )
        return Page(sorted(rows, key=lambda row: -row.position)[:limit], None)

    async def invoice(self, company: int, invoice: str) -> InvoiceRow | None:
        rows = self.models.rows(
            invoices, lambda row: row.company == company and invoice in {row.id, row.number}
        )
        return next(iter(rows), None)


class MemoryInvoiceable:
    """The sessions that can be put on an invoice."""

    def __init__(self, models: MemoryReadModels) -> None:
        self._models = models

    async def invoiceable(
        self, company: int, customer: str, group: str, since: datetime, until: datetime
    ) -> Sequence[str]:
        members = self._models.rows(customers, lambda row: row.company == company and group in row.groups)
        wanted = {row.customer for row in members} if group else {customer}
        rows = self._models.rows(
            session_history,
            lambda row: (
                row.company == company
                and row.customer in wanted
                and row.freed_at is not None
                and since <= row.freed_at < until
                and not row.invoice
                and row.total_gross > row.refunded_gross
            ),
        )
        return [row.id for row in sorted(rows, key=lambda row: (row.started_at, row.number))]

    async def invoiceable_fees(
        self, company: int, customer: str, group: str, since: datetime, until: datetime
    ) -> Sequence[str]:
        members = self._models.rows(customers, lambda row: row.company == company and group in row.groups)
        wanted = {row.customer for row in members} if group else {customer}
        rows = self._models.rows(
            booking_fees,
            lambda row: (
                row.company == company
                and row.customer in wanted
                and since <= row.charged_at < until
                and not row.invoice
                and row.gross > row.refunded_gross
            ),
        )
        return [row.id for row in sorted(rows, key=lambda row: (row.since, row.id))]
