"""Queries of bookings and their secret addresses."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, LiteralString

from eosvolt.adapters.postgres.queries import cursors
from eosvolt.adapters.postgres.queries.base_query import HERE, BaseQuery
from eosvolt.application.booking_questions import BOOKING_SORTS, BookingDay, BookingFilter
from eosvolt.application.questions import Page, Unanswerable
from eosvolt.domain.kernel import Fact
from eosvolt.projections.booking_feeds import BookingFeedRow, booking_feeds
from eosvolt.projections.booking_fees import BookingFeeRow, booking_fees
from eosvolt.projections.bookings import BookingRow, bookings

_WANTED: LiteralString = (
    "WHERE company = %(company)s AND (%(location)s = '' OR location = %(location)s)"
    " AND (%(charge_point)s = '' OR charge_point = %(charge_point)s)"
    " AND (%(connector)s::bigint IS NULL OR connector = %(connector)s)"
    " AND (%(token)s = '' OR token = %(token)s) AND (%(customer)s = '' OR customer = %(customer)s)"
    " AND (%(states)s::text[] IS NULL AND state <> 'held' OR state = ANY(%(states)s))"
    " AND (%(since)s::timestamptz IS NULL OR until > %(since)s)"
    f" AND (%(until)s::timestamptz IS NULL OR since < %(until)s){HERE}"
)
_COLUMNS: dict[str, LiteralString] = {"start": "since", "madeAt": "made_at"}
_DAYS: LiteralString = (
    "SELECT location, (since AT TIME ZONE time_zone)::date AS day,"
    " count(*) FILTER (WHERE state <> 'cancelled'), count(*) FILTER (WHERE state = 'noShow'),"
    " count(*) FILTER (WHERE state = 'cancelled'),"
    " coalesce(sum(extract(epoch FROM until - since)) FILTER (WHERE state <> 'cancelled'), 0)::bigint"
    " FROM {bookings} WHERE company = %(company)s AND state <> 'held'"
    " AND (%(location)s = '' OR location = %(location)s)"
    " AND since >= %(earliest)s AND since < %(latest)s"
    " AND (since AT TIME ZONE time_zone)::date >= %(since)s"
    f" AND (since AT TIME ZONE time_zone)::date < %(until)s{HERE} GROUP BY 1, 2 ORDER BY 2, 1"
)
# No local day begins or ends more than a day from the one in UTC.
_A_DAY = timedelta(days=1)


class PostgresBookingQueries(BaseQuery):
    """Bookings, their sums by day, and where calendar programs read them."""

    async def bookings(
        self,
        company: int,
        wanted: BookingFilter,
        *,
        sort: str = "start",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[BookingRow]:
        """A page of bookings by one of ``BOOKING_SORTS``, with ``-`` backwards; raises ``Unanswerable``."""
        name = sort.removeprefix("-")
        if name not in _COLUMNS:
            raise Unanswerable(f"Bookings can be sorted by {', '.join(BOOKING_SORTS)}, not by {name}.")
        column = _COLUMNS[name]
        params: dict[str, Any] = {
            "company": company,
            "location": wanted.location,
            "charge_point": wanted.charge_point,
            "connector": wanted.connector,
            "token": wanted.token,
            "customer": wanted.customer,
            "states": list(wanted.states) or None,
            "since": wanted.since,
            "until": wanted.until,
            "rows": limit + 1,
            **self._here,
        }
        behind: LiteralString = ""
        before: LiteralString = "<" if sort.startswith("-") else ">"
        way: LiteralString = "DESC" if sort.startswith("-") else "ASC"
        if cursor:
            params["key"], params["tie"] = cursors.read(cursor, sort, datetime)
            params["tie"] = str(params["tie"])
            behind = f" AND ({column}, id) {before} (%(key)s::timestamptz, %(tie)s::text)"
        rows = await self._live.rows(
            bookings, f"{_WANTED}{behind} ORDER BY {column} {way}, id {way} LIMIT %(rows)s", params
        )
        if len(rows) <= limit:
            return Page(rows, None)
        last = rows[limit - 1]
        return Page(rows[:limit], cursors.written(sort, getattr(last, column), last.id))

    async def booking(self, company: int, booking: str) -> BookingRow | None:
        """One booking."""
        return await self._live.first(
            bookings,
            f"WHERE id = %(booking)s AND company = %(company)s{HERE}",
            {"booking": booking, "company": company, **self._here},
        )

    async def booking_fee(self, company: int, booking: str) -> BookingFeeRow | None:
        """The fee of a booking; ``None`` as long as none is owed."""
        return await self._live.first(
            booking_fees,
            f"WHERE id = %(booking)s AND company = %(company)s{HERE}",
            {"booking": booking, "company": company, **self._here},
        )

    async def booking_facts(self, company: int, booking: str) -> Sequence[Fact]:
        """What happened to a booking, the oldest first."""
        facts = await self._store.read(f"booking:{booking}")
        return [fact for fact in facts if fact.why.company == company]

    async def booking_days(
        self, company: int, since: date, until: date, *, location: str = ""
    ) -> Sequence[BookingDay]:
        """The sums of the bookings that begin on local days from ``since`` up to but without ``until``."""
        params = {
            "company": company,
            "location": location,
            "since": since,
            "until": until,
            "earliest": since - _A_DAY,
            "latest": until + _A_DAY,
            **self._here,
        }
        return [BookingDay(*row) for row in await self._live.ask(_DAYS, params)]

    async def booking_feed(self, company: int, location: str) -> BookingFeedRow | None:
        """The secret address of a location's bookings, if they have one."""
        return await self._live.first(
            booking_feeds,
            f"WHERE location = %(location)s AND company = %(company)s{HERE}",
            {"location": location, "company": company, **self._here},
        )
