"""``/bookings/{booking}``: one booking, and what happened to it."""

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.booking_names import BOOKING_STATES, CANCEL_REASONS
from eosvolt.adapters.http.web.bookings.view_models import BookingFacts, BookingPage, BookingStory
from eosvolt.adapters.http.web.shell.customer_names import customer_names
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, show
from eosvolt.adapters.http.web.shell.timeline import timeline
from eosvolt.application.operations.bookings import VIEW
from eosvolt.projections.bookings import BookingRow


def booking_routes(pages: Pages) -> list[Route]:
    """``/bookings/{booking}``."""
    return [pages.get("/bookings/{booking}", booking, needs=VIEW, past=True)]


async def booking(request: PageRequest) -> Response:
    """The page, or one of its parts."""
    return await show(
        request, BookingPage(row=await booking_row(request)), {"facts": _facts, "story": _story}
    )


async def booking_row(request: PageRequest) -> BookingRow:
    """The booking that the address names. Raises a 404 ``Problem``."""
    row = await request.queries.booking(request.number, request.path_parameter("booking"))
    if row is None:
        raise not_found(gettext("There is no such booking."))
    return row


async def _facts(request: PageRequest) -> BookingFacts:
    row = await booking_row(request)
    return BookingFacts(
        row=row,
        fee=await request.queries.booking_fee(request.number, row.id),
        names=await customer_names(request, (row.customer,)),
        states=BOOKING_STATES,
        reasons=CANCEL_REASONS,
    )


async def _story(request: PageRequest) -> BookingStory:
    row = await booking_row(request)
    facts = await request.queries.booking_facts(request.number, row.id)
    return BookingStory(row=row, entries=timeline(facts, row.time_zone)[::-1])
