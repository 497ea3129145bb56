"""The filter of bookings in the address of a page, and its chips."""

from datetime import date, datetime, timedelta

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.booking_calendar import DAYS_OF_WEEK, monday_of
from eosvolt.adapters.http.presentation.booking_names import BOOKING_STATES
from eosvolt.adapters.http.web.bookings.view_models import BookingChip
from eosvolt.adapters.http.web.shell.customer_names import customer_names
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.query_parameters import (
    QueryChecks,
    in_order_of,
    lived_day,
    number,
    one_of,
)
from eosvolt.application.booking_questions import BOOKING_SORTS, BookingFilter
from eosvolt.domain.calendar import local_day
from eosvolt.domain.tokens.uid import folded

VIEWS = ("calendar", "list")
_MOST_PLUGS = 1_000
FILTERS = ("state", "location", "charger", "plug", "token", "customer", "from", "to")
FILTER_CHECKS: QueryChecks = {
    "view": one_of(VIEWS),
    "week": lived_day,
    "from": lived_day,
    "to": lived_day,
    "state": one_of(BOOKING_STATES),
    "plug": number(0, _MOST_PLUGS),
    "sort": in_order_of(BOOKING_SORTS),
}
_DAY = timedelta(days=1)


def monday(request: PageRequest) -> date:
    """The first day of the week that the address asks for."""
    asked = request.query("week")
    return monday_of(date.fromisoformat(asked) if asked else request.today)


def of_week(request: PageRequest) -> BookingFilter:
    """The bookings of the week. Its days begin at other instants elsewhere, so a day more is asked for."""
    begins = monday(request)
    zone = request.locations.zone(request.query("location"))
    return _filter(
        request,
        local_day(begins - _DAY, zone)[0],
        local_day(begins + timedelta(days=DAYS_OF_WEEK), zone)[1],
    )


def of_days(request: PageRequest) -> BookingFilter:
    """The bookings of the days that the address asks for, local ones of the chosen or the first location.

    Without days and in the usual order those from today on.
    """
    zone = request.locations.zone(request.query("location"))
    since, until = request.query("from"), request.query("to")
    coming = not since and not until and not request.query("sort")
    if coming:
        since = request.today.isoformat()
    return _filter(
        request,
        local_day(date.fromisoformat(since), zone)[0] if since else None,
        local_day(date.fromisoformat(until), zone)[1] if until else None,
    )


def _filter(request: PageRequest, since: datetime | None, until: datetime | None) -> BookingFilter:
    plug = request.query("plug")
    return BookingFilter(
        since=since,
        until=until,
        states=request.query_values("state"),
        location=request.query("location"),
        charge_point=request.query("charger"),
        connector=int(plug) if plug else None,
        token=folded(request.query("token")),
        customer=request.query("customer"),
    )


def filtered(request: PageRequest) -> bool:
    """Whether the address has a filter."""
    return any(request.query(name) for name in FILTERS)


async def chips_of(request: PageRequest) -> list[BookingChip]:
    """The filters that are set, each with the address without it."""
    customer = request.query("customer")
    names = await customer_names(request, (customer,))
    chips = [
        BookingChip(
            str(BOOKING_STATES[state]),
            request.link(
                state=[each for each in request.query_values("state") if each != state], cursor=None
            ),
        )
        for state in request.query_values("state")
    ]
    texts = {
        "from": gettext("from {day}", day=request.query("from")),
        "to": gettext("to {day}", day=request.query("to")),
        "location": request.locations.name(request.query("location")),
        "charger": request.query("charger"),
        "plug": gettext("plug {plug}", plug=request.query("plug")),
        "token": gettext("token {token}", token=request.query("token")),
        "customer": gettext("customer {name}", name=names.get(customer, customer)),
    }
    return chips + [
        BookingChip(text, request.link(**{name: None, "cursor": None}))
        for name, text in texts.items()
        if request.query(name)
    ]
