"""What the web needs to know of bookings, and who answers it.

Everything takes the company first; an answer never contains anything of another one.
"""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from eosvolt.application.booking_questions import BookingDay, BookingFilter
from eosvolt.application.questions import Page
from eosvolt.domain.kernel import Fact
from eosvolt.projections.booking_feeds import BookingFeedRow
from eosvolt.projections.booking_fees import BookingFeeRow
from eosvolt.projections.bookings import BookingRow


class BookingQueries(Protocol):
    """Questions about bookings and their secret addresses."""

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
        ...

    async def booking(self, company: int, booking: str) -> BookingRow | None:
        """One booking."""
        ...

    async def booking_fee(self, company: int, booking: str) -> BookingFeeRow | None:
        """The fee of a booking; ``None`` as long as none is owed."""
        ...

    async def booking_facts(self, company: int, booking: str) -> Sequence[Fact]:
        """What happened to a booking, the oldest first."""
        ...

    async def booking_days(
        self, company: int, since: date, until: date, *, location: str = ""
    ) -> Sequence[BookingDay]:
        """The sums of the bookings that begin on local days from ``since`` up to but without ``until``."""
        ...

    async def booking_feed(self, company: int, location: str) -> BookingFeedRow | None:
        """The secret address of a location's bookings, if they have one."""
        ...
