"""The part of the dashboard with the next bookings."""

from eosvolt.adapters.http.presentation.booking_names import BOOKING_STATES
from eosvolt.adapters.http.web.dashboard.view_models import DashboardBookings
from eosvolt.adapters.http.web.shell.customer_names import customer_names
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.application.booking_questions import COMING, BookingFilter
from eosvolt.application.operations.bookings import VIEW
from eosvolt.application.permissions import allows

_SHOWN = 6


def shows_bookings(request: PageRequest) -> bool:
    """Whether there is anything to book, for who may see bookings."""
    bookable = any(row.booking.enabled for row in request.locations.rows)
    return bookable and allows(request.actor.grants, VIEW)


async def bookings_part(request: PageRequest) -> DashboardBookings:
    """The bookings that go on or come next."""
    wanted = BookingFilter(since=request.then, states=COMING)
    page = await request.queries.bookings(request.number, wanted, limit=_SHOWN)
    return DashboardBookings(
        rows=page.items,
        names=await customer_names(request, (row.customer for row in page.items)),
        booking_states=BOOKING_STATES,
    )
