"""Queries of invoices, and of the sessions and fees of bookings that can be put on one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString

from eosvolt.adapters.postgres.queries import cursors
from eosvolt.adapters.postgres.queries.base_query import BaseQuery
from eosvolt.application.questions import Page
from eosvolt.projections.invoices import InvoiceRow, invoices

_OF_CUSTOMER: LiteralString = (
    " AND customer <> '' AND ((%(group)s = '' AND customer = %(customer)s) OR (%(group)s <> ''"
    " AND customer IN (SELECT c.customer FROM {customers} c WHERE c.company = %(company)s"
    " AND c.groups @> jsonb_build_array(%(group)s::text))))"
)
_INVOICEABLE: LiteralString = (
    "SELECT id FROM {session_history} WHERE company = %(company)s AND freed_at >= %(since)s"
    " AND freed_at < %(until)s AND invoice = '' AND total_gross > refunded_gross"
    f"{_OF_CUSTOMER} ORDER BY started_at, number"
)
_INVOICEABLE_FEES: LiteralString = (
    "SELECT id FROM {booking_fees} WHERE company = %(company)s AND charged_at >= %(since)s"
    " AND charged_at < %(until)s AND invoice = '' AND gross > refunded_gross"
    f"{_OF_CUSTOMER} ORDER BY since, id"
)


class PostgresInvoiceQueries(BaseQuery):
    """The invoices of a company. Whoever works at some locations only sees none."""

    async def invoices(
        self, company: int, *, customer: str = "", cursor: str | None = None, limit: int = 50
    ) -> Page[InvoiceRow]:
        """A page of the invoices, also of one ``customer`` only, the last issued first."""
        if self._within is not None:
            return Page((), None)
        params: dict[str, Any] = {"company": company, "customer": customer, "rows": limit + 1}
        behind: LiteralString = ""
        if cursor:
            params["key"], params["tie"] = cursors.read(cursor, "-position", int)
            behind = " AND (position, id) < (%(key)s::bigint, %(tie)s::text)"
        rest: LiteralString = (
            "WHERE company = %(company)s AND (%(customer)s = '' OR customer = %(customer)s)"
            f"{behind} ORDER BY position DESC, id DESC LIMIT %(rows)s"
        )
        rows = await self._live.rows(invoices, rest, params)
        if len(rows) <= limit:
            return Page(rows, None)
        last = rows[limit - 1]
        return Page(rows[:limit], cursors.written("-position", last.position, last.id))

    async def invoice(self, company: int, invoice: str) -> InvoiceRow | None:
        """One invoice by its id or number."""
        if self._within is not None:
            return None
        rest: LiteralString = "WHERE company = %(company)s AND (id = %(invoice)s OR number = %(invoice)s)"
        return await self._live.first(invoices, rest, {"company": company, "invoice": invoice})

    async def invoiceable(
        self, company: int, customer: str, group: str, since: datetime, until: datetime
    ) -> Sequence[str]:
        """The ids of sessions that were over in a time, cost something and are on no invoice, oldest first.

        They are those of a customer, or with a ``group`` those of its members.
        """
        params = {"company": company, "customer": customer, "group": group, "since": since, "until": until}
        return [session for (session,) in await self._live.ask(_INVOICEABLE, params)]

    async def invoiceable_fees(
        self, company: int, customer: str, group: str, since: datetime, until: datetime
    ) -> Sequence[str]:
        """The ids of bookings whose fee was charged in a time, likewise."""
        params = {"company": company, "customer": customer, "group": group, "since": since, "until": until}
        return [booking for (booking,) in await self._live.ask(_INVOICEABLE_FEES, params)]
