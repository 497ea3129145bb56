"""Customers as people and programs see them: what the history says of them, with their names beside it."""

from collections.abc import AsyncIterator
from typing import NamedTuple

from eosvolt.adapters.http.ports.customers import CustomerQueries
from eosvolt.adapters.http.ports.queries import Queries, SessionFilter
from eosvolt.application.customers import CustomerDirectory, CustomerPerson
from eosvolt.application.questions import Page
from eosvolt.projections.customers import CustomerRow
from eosvolt.projections.session_row import SessionRow

_SESSIONS_AT_ONCE = 200


class CustomerEntry(NamedTuple):
    """A customer who is not erased."""

    row: CustomerRow
    person: CustomerPerson


async def customer_page(
    queries: CustomerQueries,
    directory: CustomerDirectory,
    company: int,
    *,
    search: str = "",
    group: str = "",
    sort: str = "name",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[CustomerEntry]:
    """A page of customers; see ``CustomerQueries.customers``."""
    page = await queries.customers(company, search=search, group=group, sort=sort, cursor=cursor, limit=limit)
    people = await directory.people(company, [row.customer for row in page.items])
    entries = [CustomerEntry(row, people[row.customer]) for row in page.items if row.customer in people]
    return Page(entries, page.cursor)


async def customer_entry(
    queries: CustomerQueries, directory: CustomerDirectory, company: int, customer: str
) -> CustomerEntry | None:
    """One customer; ``None`` for one that is erased or not there."""
    row = await queries.customer(company, customer)
    person = await directory.person(company, customer)
    return None if row is None or person is None else CustomerEntry(row, person)


async def sessions_of(queries: Queries, row: CustomerRow) -> AsyncIterator[SessionRow]:
    """All sessions of a customer, at the locations to which ``queries`` are narrowed, the newest first."""
    cursor: str | None = None
    while True:
        page = await queries.sessions(
            row.company, SessionFilter(customer=row.customer), cursor=cursor, limit=_SESSIONS_AT_ONCE
        )
        for session in page.items:
            yield session
        if page.cursor is None:
            return
        cursor = page.cursor
