"""Queries of drivers, across companies: places to charge, their own sessions, codes of homes."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString, cast

from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.adapters.postgres.queries import cursors
from eosvolt.adapters.postgres.queries.base_query import NO_HOMES
from eosvolt.adapters.postgres.queries.live import LiveRows, readers_of
from eosvolt.adapters.postgres.row_tables import RowTable
from eosvolt.application.drivers import DriverCustomer, HomeOfCode, PlaceFilter
from eosvolt.application.questions import Page
from eosvolt.projections.bookings import BookingRow, bookings
from eosvolt.projections.charge_points import charge_points
from eosvolt.projections.companies import CompanyRow, companies
from eosvolt.projections.connector_status import ConnectorRow, connector_status
from eosvolt.projections.home_chargers import HomeChargerRow, home_chargers
from eosvolt.projections.locations import LocationRow, locations
from eosvolt.projections.payments import PaymentRow, payments
from eosvolt.projections.session_history import session_history
from eosvolt.projections.session_row import SessionRow

_Found = tuple[LocationRow, CompanyRow, Sequence[ConnectorRow], int | None]

_BY_NAME, _BY_DISTANCE, _NEWEST = "places", "placesNear", "driverSessions"
_COMING, _OVER = "driverBookings", "driverBookingsOver"
# The distance on a sphere of the earth's mean radius in metres; places without coordinates come last.
_METRES: LiteralString = (
    "coalesce((2 * 6371008 * asin(least(1, sqrt("
    "power(sin(radians((details ->> 'latitude')::float - %(latitude)s) / 2), 2)"
    " + cos(radians(%(latitude)s)) * cos(radians((details ->> 'latitude')::float))"
    " * power(sin(radians((details ->> 'longitude')::float - %(longitude)s) / 2), 2)))))::bigint, 99999999)"
)
_WANTED: LiteralString = (
    "NOT removed AND (details ->> 'visible')::boolean"
    " AND (details ->> 'type' = 'public' OR company = ANY(%(companies)s))"
    " AND (%(search)s = '' OR position(lower(%(search)s) IN lower(name)) > 0"
    " OR position(lower(%(search)s) IN lower(details ->> 'address')) > 0)"
    " AND (NOT %(plugs)s OR location IN (SELECT location FROM {connector_status}"
    " WHERE (%(plug_type)s = '' OR type = %(plug_type)s) AND (NOT %(free)s OR shown = 'Available')))"
    + NO_HOMES
)
_NEAREST: LiteralString = (
    f"SELECT {{locations_columns}}, metres FROM (SELECT *, {_METRES} AS metres FROM {{locations}}"
    f" WHERE {_WANTED}) AS l WHERE %(key)s::bigint IS NULL OR (metres, location) > (%(key)s, %(tie)s)"
    " ORDER BY metres, location LIMIT %(rows)s"
)
_NAMED: LiteralString = (
    f"SELECT {{locations_columns}}, lower(name) FROM {{locations}} WHERE {_WANTED}"
    " AND (%(key)s::text IS NULL OR (lower(name), location) > (%(key)s, %(tie)s))"
    " ORDER BY lower(name), location LIMIT %(rows)s"
)
_BEHIND: LiteralString = " AND (%(key)s::timestamptz IS NULL OR (started_at, number) < (%(key)s, %(tie)s))"
# Each part by its own index: with OR between them the sessions of everybody would be looked through.
_OWN_SESSIONS: LiteralString = (
    "WHERE id IN ((SELECT id FROM {session_history}"
    f" WHERE company = ANY(%(companies)s) AND customer = ANY(%(customers)s){_BEHIND}"
    " ORDER BY started_at DESC, number DESC LIMIT %(rows)s)"
    " UNION (SELECT session FROM {payments} WHERE driver = %(driver)s))"
    f"{_BEHIND} ORDER BY started_at DESC, number DESC LIMIT %(rows)s"
)
_OWN: LiteralString = "company = ANY(%(companies)s) AND customer = ANY(%(customers)s)"


class PostgresDriverQueries:
    """Implements ``adapters.http.ports.drivers.DriverQueries``."""

    def __init__(self, reading: ReadPool) -> None:
        """``reading`` is opened and closed by its owner."""
        places = (locations, companies, connector_status, charge_points, home_chargers)
        self._live = LiveRows(reading, readers_of((*places, session_history, payments, bookings)))

    async def locations(self, wanted: PlaceFilter, *, cursor: str | None, limit: int) -> Page[_Found]:
        """A page of locations, by distance or by name; raises ``Unanswerable`` for another order's cursor."""
        params: dict[str, Any] = {
            "search": wanted.search,
            "companies": list(wanted.companies),
            "plugs": bool(wanted.plug_type) or wanted.free,
            "plug_type": wanted.plug_type,
            "free": wanted.free,
            "key": None,
            "tie": None,
            "rows": limit + 1,
        }
        order, query = _BY_NAME, _NAMED
        if wanted.near is not None:
            params["latitude"], params["longitude"] = wanted.near
            order, query = _BY_DISTANCE, _NEAREST
        if cursor:
            params["key"], params["tie"] = cursors.read(cursor, order, str if order is _BY_NAME else int)
            params["tie"] = str(params["tie"])
        rows = await self._live.ask(query, params)
        reader = cast("RowTable[LocationRow]", self._live.readers[locations.name])
        found = [(reader.row(values[:-1]), values[-1]) for values in rows[:limit]]
        following = None
        if len(rows) > limit:
            last, key = found[-1]
            following = cursors.written(order, key, last.location)
        whole = await self._whole([row for row, _ in found])
        if wanted.near is None:
            return Page(whole, following)
        metres = {row.location: int(key) for row, key in found}
        return Page([(*each[:3], metres[each[0].location]) for each in whole], following)

    async def location(self, company: int, location: str) -> _Found | None:
        """One location, also a hidden one; ``None`` for one that is removed, a home or not there."""
        rows = await self._live.rows(
            locations,
            f"WHERE location = %(location)s AND company = %(company)s AND NOT removed{NO_HOMES}",
            {"location": location, "company": company},
        )
        found = await self._whole(rows)
        return found[0] if found else None

    async def location_of(self, company: int, charge_box_id: str) -> _Found | None:
        """The location of a charger, also a hidden one or a home."""
        rows = await self._live.rows(
            locations,
            "WHERE company = %(company)s AND NOT removed AND location = (SELECT location FROM {charge_points}"
            " WHERE charge_point = %(charge_point)s AND NOT removed)",
            {"company": company, "charge_point": f"{company}/{charge_box_id}"},
        )
        found = await self._whole(rows)
        return found[0] if found else None

    async def sessions(
        self, customers: Sequence[DriverCustomer], driver: str, *, cursor: str | None, limit: int
    ) -> Page[SessionRow]:
        """A page of the sessions of these customers and of those that the driver pays for, newest first."""
        params: dict[str, Any] = {
            "companies": [each.company for each in customers],
            "customers": [each.customer for each in customers],
            "driver": driver,
            "key": None,
            "tie": None,
            "rows": limit + 1,
        }
        if cursor:
            params["key"], params["tie"] = cursors.read(cursor, _NEWEST, datetime)
        rows = await self._live.rows(session_history, _OWN_SESSIONS, params)
        following = None
        if len(rows) > limit:
            rows = rows[:limit]
            following = cursors.written(_NEWEST, rows[-1].started_at, rows[-1].number)
        return Page(rows, following)

    async def payment(self, driver: str, wanted: str) -> PaymentRow | None:
        """The driver's payment with this id, or for the session with this id."""
        params = {"driver": driver, "wanted": wanted}
        return await self._live.first(
            payments,
            "WHERE driver = %(driver)s AND %(wanted)s <> '' AND (id = %(wanted)s OR session = %(wanted)s)",
            params,
        )

    async def bookings(
        self, customers: Sequence[DriverCustomer], *, over: bool, cursor: str | None, limit: int
    ) -> Page[BookingRow]:
        """A page of the bookings of these customers that are ``over``, the latest first, or of the others."""
        params: dict[str, Any] = {**_ids(customers), "key": None, "tie": None, "rows": limit + 1}
        order = _OVER if over else _COMING
        before: LiteralString = "<" if over else ">"
        way: LiteralString = "DESC" if over else "ASC"
        states: LiteralString = (
            "state IN ('completed', 'cancelled', 'noShow')" if over else "state IN ('booked', 'active')"
        )
        if cursor:
            params["key"], params["tie"] = cursors.read(cursor, order, datetime)
            params["tie"] = str(params["tie"])
        rows = await self._live.rows(
            bookings,
            f"WHERE {_OWN} AND {states} AND (%(key)s::timestamptz IS NULL"
            f" OR (since, id) {before} (%(key)s::timestamptz, %(tie)s::text))"
            f" ORDER BY since {way}, id {way} LIMIT %(rows)s",
            params,
        )
        if len(rows) <= limit:
            return Page(rows, None)
        last = rows[limit - 1]
        return Page(rows[:limit], cursors.written(order, last.since, last.id))

    async def booking(self, customers: Sequence[DriverCustomer], booking: str) -> BookingRow | None:
        """The booking with this id, or the slots held under it, of one of these customers."""
        params = {**_ids(customers), "booking": booking}
        return await self._live.first(bookings, f"WHERE id = %(booking)s AND {_OWN}", params)

    async def homes(self, customers: Sequence[DriverCustomer]) -> Sequence[HomeChargerRow]:
        """The home chargers that these customers own."""
        params = {
            "companies": [each.company for each in customers],
            "customers": [each.customer for each in customers],
        }
        return await self._live.rows(
            home_chargers,
            "WHERE company = ANY(%(companies)s) AND owner = ANY(%(customers)s) AND NOT removed"
            " ORDER BY company, charge_box_id",
            params,
        )

    async def home_with_code(self, digest: str) -> HomeOfCode | None:
        """The home charger for which a code with this SHA-256 was issued last."""
        row = await self._live.first(
            home_chargers, "WHERE code_digest = %(digest)s AND NOT removed", {"digest": digest}
        )
        return None if row is None else HomeOfCode(row.company, row.location)

    async def _whole(self, rows: Sequence[LocationRow]) -> list[_Found]:
        """Locations with whose they are, and their plugs."""
        if not rows:
            return []
        numbers = {"companies": sorted({row.company for row in rows})}
        known = await self._live.rows(companies, "WHERE company = ANY(%(companies)s)", numbers)
        of = {row.company: row for row in known}
        plugs: dict[str, list[ConnectorRow]] = defaultdict(list)
        for plug in await self._live.rows(
            connector_status,
            "WHERE location = ANY(%(ids)s) AND company = ANY(%(companies)s) ORDER BY charge_point, connector",
            {"ids": [row.location for row in rows], **numbers},
        ):
            if plug.connector > 0:
                plugs[plug.location].append(plug)
        return [(row, of[row.company], plugs[row.location], None) for row in rows if row.company in of]


def _ids(customers: Sequence[DriverCustomer]) -> dict[str, Any]:
    """The parameters of ``_OWN``."""
    return {
        "companies": [each.company for each in customers],
        "customers": [each.customer for each in customers],
    }
