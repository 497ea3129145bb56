"""Sessions as a table for files, with the same rows in the same order as the list, for pages and API."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.download import Download
from eosvolt.adapters.http.ports.queries import Page, Queries, SessionFilter
from eosvolt.adapters.http.presentation.exports import AT_ONCE, download, local, pages
from eosvolt.adapters.http.presentation.pricing import average_rate, priced
from eosvolt.application.payment_methods import payment_method
from eosvolt.application.table_files import Cell, Table, TableFormat
from eosvolt.projections.session_row import SessionRow

COLUMNS = (
    "number", "id", "status", "type", "started (local)", "started (UTC)", "ended (local)", "ended (UTC)",
    "freed (local)", "freed (UTC)", "time zone", "duration (s)", "location", "location id", "charger", "plug",
    "token", "group", "energy (kWh)", "held back (kWh)", "price per kWh", "charging", "blocking fee", "total",
    "net", "VAT", "currency", "meter start (Wh)", "meter stop (Wh)", "transaction id", "authorization",
    "reason", "provisional", "flags", "customer id", "payment method",
)  # fmt: skip


async def sessions_download(
    dependencies: Dependencies,
    queries: Queries,
    company: int,
    wanted: SessionFilter,
    *,
    name: str,
    sort: str,
    now: datetime,
    as_of: datetime | None,
    form: TableFormat,
) -> Download:
    """The file of the wanted sessions. Running ones are priced as of ``as_of``, or of ``now``."""
    places = {row.location: row.name for row in await queries.locations(company, removed=True, homes=True)}

    async def page(snapshot: Queries, cursor: str | None) -> Page[SessionRow]:
        return await snapshot.sessions(
            company, wanted, sort=sort, cursor=cursor, limit=AT_ONCE, now=as_of or now, as_of=as_of
        )

    table = Table("Sessions", now, COLUMNS, partial(session_cells, now=as_of or now, places=places))
    return await download(dependencies, company, name, table, pages(queries, page), form)


def session_cells(row: SessionRow, *, now: datetime, places: Mapping[str, str]) -> tuple[Cell, ...]:
    """The cells of a session, by ``COLUMNS``. Amounts are gross where nothing else is said.

    ``places`` are the names of locations.
    """
    price, zone = priced(row, now), row.time_zone
    return (
        row.number,
        row.id,
        row.status,
        row.type,
        local(row.started_at, zone),
        row.started_at,
        local(row.ended_at, zone),
        row.ended_at,
        local(row.freed_at, zone),
        row.freed_at,
        zone,
        max(int(((row.ended_at or now) - row.started_at).total_seconds()), 0),
        places.get(row.location, ""),
        row.location,
        row.charge_point,
        row.connector or None,
        row.token,
        row.group,
        _kwh(row.energy_wh),
        _kwh(price.held_wh),
        average_rate(price, row.energy_wh),
        price.charging.gross.amount,
        price.blocking.gross.amount,
        price.total.gross.amount,
        price.total.net.amount,
        price.total.vat.amount,
        row.currency,
        row.meter_start_wh,
        row.meter_stop_wh,
        str(row.transaction),
        row.authorization,
        row.reason,
        "yes" if row.provisional else "no",
        " ".join(row.flags),
        row.customer,
        payment_method(row.customer, row.payment).value,
    )


def _kwh(wh: int) -> Decimal:
    return (Decimal(wh) / 1000).quantize(Decimal("0.001"))
