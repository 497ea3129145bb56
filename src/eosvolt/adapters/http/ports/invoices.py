"""Questions about invoices, for Finance."""

from typing import Protocol

from eosvolt.application.questions import Page
from eosvolt.projections.invoices import InvoiceRow


class InvoiceQueries(Protocol):
    """Questions about invoices. Whoever works at some locations only sees none."""

    async def invoices(
        self, company: int, *, customer: str = "", cursor: str | None = None, limit: int = 50
    ) -> Page[InvoiceRow]:
        """A page of the invoices, also of one ``customer`` only, the last issued first."""
        ...

    async def invoice(self, company: int, invoice: str) -> InvoiceRow | None:
        """One invoice by its id or number."""
        ...
