"""The questions about bookings and their secret addresses, answered over the in-memory store."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from eosvolt.adapters.memory.read_models import MemoryReadModels
from eosvolt.application.booking_questions import COMING, BookingDay, BookingFilter
from eosvolt.application.questions import Page
from eosvolt.domain.calendar import local_date
from eosvolt.domain.kernel import Fact
from eosvolt.projections.booking_feeds import BookingFeedRow
from eosvolt.projections.booking_feeds import booking_feeds as feed_model
from eosvolt.projections.booking_fees import BookingFeeRow, booking_fees
from eosvolt.projections.bookings import BookingRow
from eosvolt.projections.bookings import bookings as booking_model


class MemoryBookingQueries:
    """Bookings are of locations."""

    models: MemoryReadModels
    within: frozenset[str] | None

    def _here(self, location: str) -> bool:
        return self.within is None or location in self.within

    async def bookings(
        self,
        company: int,
        wanted: BookingFilter,
        *,
        sort: str = "start",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[BookingRow]:
        assert cursor is None
        rows = self.models.rows(
            booking_model,
            lambda row: row.company == company and self._here(row.location) and _is_wanted(row, wanted),
        )
        rows = sorted(
            rows,
            key=lambda row: (row.since if sort.endswith("start") else row.made_at, row.id),
            reverse=sort.startswith("-"),
        )
        assert len(rows) <= limit
        return Page(rows, None)

    async def booking(self, company: int, booking: str) -> BookingRow | None:
        row = self.models.row(booking_model, booking)
        return row if row is not None and row.company == company and self._here(row.location) else None

    async def booking_fee(self, company: int, booking: str) -> BookingFeeRow | None:
        row = self.models.row(booking_fees, booking)
        return row if row is not None and row.company == company and self._here(row.location) else None

    async def booking_facts(self, company: int, booking: str) -> Sequence[Fact]:
        facts = await self.models.store.read(f"booking:{booking}")
        return [fact for fact in facts if fact.why.company == company]

    async def booking_days(
        self, company: int, since: date, until: date, *, location: str = ""
    ) -> Sequence[BookingDay]:
        page = await self.bookings(company, BookingFilter(location=location), limit=1000)
        by_day: dict[tuple[date, str], list[BookingRow]] = defaultdict(list)
        for row in page.items:
            by_day[local_date(row.since, row.time_zone), row.location].append(row)
        days = []
        for (day, place), rows in sorted(by_day.items()):
            if not since <= day < until:
                continue
            kept = [row for row in rows if row.state != "cancelled"]
            seconds = sum(int((row.until - row.since).total_seconds()) for row in kept)
            no_shows = sum(row.state == "noShow" for row in kept)
            days.append(BookingDay(place, day, len(kept), no_shows, len(rows) - len(kept), seconds))
        return days

    async def bookings_at(self, company: int, location: str) -> int:
        page = await self.bookings(company, BookingFilter(location=location, states=COMING), limit=1000)
        return min(1, len(page.items))

    async def booking_feed(self, company: int, location: str) -> BookingFeedRow | None:
        row = self.models.row(feed_model, location)
        return row if row is not None and row.company == company and self._here(location) else None


def _is_wanted(row: BookingRow, wanted: BookingFilter) -> bool:
    return (
        (row.state in wanted.states if wanted.states else row.state != "held")
        and wanted.location in {"", row.location}
        and wanted.charge_point in {"", row.charge_point}
        and wanted.connector in {None, row.connector}
        and wanted.token in {"", row.token}
        and wanted.customer in {"", row.customer}
        and (wanted.since is None or row.until > wanted.since)
        and (wanted.until is None or row.since < wanted.until)
    )
