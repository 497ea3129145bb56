"""One search over everything that has a page: for the API, the command palette and the page of results."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Literal, NamedTuple
from urllib.parse import quote

from eosvolt.adapters.http.ports.queries import FaultFilter, Queries, SessionFilter
from eosvolt.adapters.http.presentation.customers import CustomerEntry, customer_page
from eosvolt.application.customers import CustomerDirectory
from eosvolt.application.explanation_sentences import in_words
from eosvolt.application.operations import chargers, customers, faults, locations, sessions, tokens
from eosvolt.application.permissions import Grants, Permission, allows
from eosvolt.application.search_text import SearchText, search_text
from eosvolt.projections.charge_points import ChargePointRow
from eosvolt.projections.faults import FaultRow
from eosvolt.projections.session_row import SessionRow
from eosvolt.projections.tokens import TokenRow

LONGEST = 200
Kind = Literal["session", "charger", "location", "token", "customer", "fault"]


class Hit(NamedTuple):
    """Something that was found. ``id`` is that of the API's resource, ``path`` the page's address.

    ``name`` and ``about`` are in the form that pages show; ``state`` is empty where the kind has none.
    """

    kind: Kind
    id: str
    name: str
    about: str
    state: str
    path: str


async def search(
    queries: Queries, directory: CustomerDirectory, company: int, typed: str, limit: int, grants: Grants
) -> list[Hit]:
    """What the company has under a text: at most ``limit`` of each kind, the exact ones first.

    Kinds are in the order of ``Kind``; one of which the text is the whole name goes before. Kinds that the
    ``grants`` do not let view are left out.
    """
    meant = search_text(typed[:LONGEST])
    if not meant.text:
        return []
    asked: Sequence[tuple[Permission, Callable[[Queries, int, SearchText, int], Awaitable[list[Hit]]]]] = (
        (sessions.VIEW, _sessions),
        (chargers.VIEW, _chargers),
        (locations.VIEW, _locations),
        (tokens.VIEW, _tokens),
        (customers.VIEW, partial(_customers, directory)),
        (faults.VIEW, _faults),
    )
    found = await asyncio.gather(
        *(ask(queries, company, meant, limit) for need, ask in asked if allows(grants, need))
    )
    named = meant.text.casefold()
    found.sort(key=lambda hits: not any(named in (hit.id.casefold(), hit.name.casefold()) for hit in hits))
    return [hit for hits in found for hit in hits]


async def _sessions(queries: Queries, company: int, meant: SearchText, limit: int) -> list[Hit]:
    page = await queries.sessions(company, SessionFilter(search=meant.text), limit=limit)
    exact = [row for row in page.items if row.number == meant.number]
    return [_session(row) for row in (*exact, *(row for row in page.items if row not in exact))]


async def _chargers(queries: Queries, company: int, meant: SearchText, limit: int) -> list[Hit]:
    text = meant.plug[0] if meant.plug else meant.text
    rows = [*await queries.charge_points(company, search=text, homes=True)]
    if meant.plug:
        more = await queries.charge_points(company, search=meant.text, homes=True)
        rows += [row for row in more if row not in rows]
    rows.sort(key=lambda row: row.charge_box_id.casefold() != text.casefold())
    return [_charger(row) for row in rows[:limit]]


async def _locations(queries: Queries, company: int, meant: SearchText, limit: int) -> list[Hit]:
    text = meant.text.casefold()
    rows = [
        row
        for row in await queries.locations(company)
        if text in f"{row.name} {row.details.address}".casefold() or row.location == meant.text
    ]
    rows.sort(key=lambda row: not row.name.casefold().startswith(text))
    return [
        Hit("location", row.location, row.name, row.details.address, "", f"/locations/{row.location}")
        for row in rows[:limit]
    ]


async def _tokens(queries: Queries, company: int, meant: SearchText, limit: int) -> list[Hit]:
    page = await queries.tokens(company, search=meant.text, limit=limit)
    return [_token(row) for row in page.items]


async def _customers(
    directory: CustomerDirectory, queries: Queries, company: int, meant: SearchText, limit: int
) -> list[Hit]:
    page = await customer_page(queries, directory, company, search=meant.text, limit=limit)
    return [_customer(entry) for entry in page.items]


async def _faults(queries: Queries, company: int, meant: SearchText, limit: int) -> list[Hit]:
    page = await queries.faults(company, FaultFilter(search=meant.text), limit=limit)
    return [_fault(row) for row in page.items]


def _session(row: SessionRow) -> Hit:
    about = f"{plug_name(row.charge_point, row.connector)}, {row.token or '–'}"
    return Hit("session", row.id, f"Session {row.number}", about, row.status, f"/sessions/{row.id}")


def _charger(row: ChargePointRow) -> Hit:
    about = f"{row.vendor} {row.model}".strip()
    state = "online" if row.online else "offline"
    path = f"/chargers/{quote(row.charge_box_id, safe='')}"
    return Hit("charger", row.charge_box_id, row.charge_box_id, about, state, path)


def _token(row: TokenRow) -> Hit:
    about = ", ".join(filter(None, (row.label, row.group)))
    return Hit("token", row.uid, row.uid, about, row.status, f"/tokens?search={quote(row.uid, safe='')}")


def _customer(entry: CustomerEntry) -> Hit:
    customer, person = entry.row.customer, entry.person
    return Hit("customer", customer, person.name, person.email, "", f"/customers/{quote(customer, safe='')}")


def _fault(row: FaultRow) -> Hit:
    name = f"{row.code} at {plug_name(row.charge_point, row.connector)}"
    return Hit(
        "fault",
        row.id,
        name,
        in_words(row.text, row.explanation),
        row.state,
        f"/diagnostics/{quote(row.id, safe='')}",
    )


def plug_name(charge_box_id: str, connector: int) -> str:
    """A plug as pages write it: ``LEJ-AUG-02 · 1``; the charger alone where there is no plug's number."""
    return f"{charge_box_id} · {connector}" if connector else charge_box_id
