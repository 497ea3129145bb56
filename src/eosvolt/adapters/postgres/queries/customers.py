"""Queries of customers. Their names and addresses stand in a table beside the read model."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString, NamedTuple

from eosvolt.adapters.postgres.queries import cursors
from eosvolt.adapters.postgres.queries.base_query import BaseQuery
from eosvolt.application.questions import CUSTOMER_SORTS, Page, Unanswerable
from eosvolt.projections.customer_groups import CustomerGroupRow, customer_groups
from eosvolt.projections.customers import CustomerRow, customers


class _Order(NamedTuple):
    """A sort column, the type of its keys, and that of the database."""

    column: LiteralString
    kind: type[str] | type[datetime]
    typed: LiteralString


_ORDERS: dict[str, _Order] = {
    "name": _Order("coalesce(lower(p.name), '')", str, "text"),
    "email": _Order("coalesce(p.email_folded, '')", str, "text"),
    "addedAt": _Order("c.added_at", datetime, "timestamptz"),
}
_FOUND: LiteralString = (
    "SELECT c.customer, {column} AS k FROM {{customers}} c LEFT JOIN customer_records p USING (customer)"
    " WHERE c.company = %(company)s{behind}"
    " AND (%(group)s = '' OR c.groups @> jsonb_build_array(%(group)s::text))"
    " AND (%(search)s = ''"
    " OR strpos(lower(p.name), lower(%(search)s)) > 0 OR strpos(p.email_folded, lower(%(search)s)) > 0"
    " OR EXISTS (SELECT FROM jsonb_array_elements_text(c.tokens) uid"
    " WHERE starts_with(uid, upper(%(search)s))))"
    " ORDER BY k {direction}, c.customer {direction} LIMIT %(rows)s"
)


class PostgresCustomerQueries(BaseQuery):
    """Customers."""

    async def customers(
        self,
        company: int,
        *,
        search: str = "",
        group: str = "",
        sort: str = "name",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[CustomerRow]:
        """A page of customers by ``sort``, one of ``CUSTOMER_SORTS``, descending with a leading ``-``."""
        order = _ORDERS.get(sort.removeprefix("-"))
        if order is None:
            raise Unanswerable(f"Customers can be sorted by {', '.join(CUSTOMER_SORTS)}.")
        params: dict[str, Any] = {
            "company": company,
            "search": search.strip(),
            "group": group,
            "rows": limit + 1,
        }
        descending = sort.startswith("-")
        behind: LiteralString = ""
        if cursor is not None:
            params["key"], params["tie"] = _place(cursor, sort, order)
            sign: LiteralString = "<" if descending else ">"
            behind = f" AND ({order.column}, c.customer) {sign} (%(key)s::{order.typed}, %(tie)s)"
        direction: LiteralString = "DESC" if descending else "ASC"
        query = _FOUND.format(column=order.column, behind=behind, direction=direction)
        found = await self._live.ask(query, params)
        rows = await self._live.rows(
            customers, "WHERE customer = ANY(%(ids)s)", {"ids": [customer for customer, _ in found]}
        )
        known = {row.customer: row for row in rows}
        shown = found[:limit]
        last = cursors.written(sort, shown[-1][1], shown[-1][0]) if len(found) > limit else None
        return Page([known[customer] for customer, _ in shown if customer in known], last)

    async def customer_groups(self, company: int) -> Sequence[CustomerGroupRow]:
        """The customer groups of a company by name."""
        return await self._live.rows(
            customer_groups,
            'WHERE company = %(company)s ORDER BY lower(name), "group"',
            {"company": company},
        )

    async def customer_group(self, company: int, group: str) -> CustomerGroupRow | None:
        """One group."""
        return await self._live.first(
            customer_groups,
            'WHERE "group" = %(group)s AND company = %(company)s',
            {"group": group, "company": company},
        )

    async def customer(self, company: int, customer: str) -> CustomerRow | None:
        """One customer who is not erased."""
        return await self._live.first(
            customers,
            "WHERE customer = %(customer)s AND company = %(company)s",
            {"customer": customer, "company": company},
        )


def _place(cursor: str, sort: str, order: _Order) -> tuple[Any, str]:
    key, tie = cursors.read(cursor, sort, order.kind)
    if key is None or not isinstance(tie, str):
        raise Unanswerable("This cursor is not one of this list.")
    return key, tie
