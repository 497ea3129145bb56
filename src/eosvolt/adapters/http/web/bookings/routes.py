"""Every page of bookings."""

from starlette.routing import Route

from eosvolt.adapters.http.web.bookings.changing import booking_change_routes
from eosvolt.adapters.http.web.bookings.fee import booking_fee_routes
from eosvolt.adapters.http.web.bookings.new import new_booking_routes
from eosvolt.adapters.http.web.bookings.one import booking_routes
from eosvolt.adapters.http.web.bookings.page import booking_list_routes
from eosvolt.adapters.http.web.bookings.rules import booking_rules_routes
from eosvolt.adapters.http.web.shell.pages import Pages


def routes(pages: Pages) -> list[Route]:
    """Every page of bookings, and the rules as a page of the location."""
    return [
        *booking_list_routes(pages),
        # `new` is a form: it is no booking.
        *new_booking_routes(pages),
        *booking_routes(pages),
        *booking_change_routes(pages),
        *booking_fee_routes(pages),
        *booking_rules_routes(pages),
    ]
