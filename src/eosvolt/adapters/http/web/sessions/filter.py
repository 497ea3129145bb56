"""The filter of sessions in the address of a page, and its chips."""

from datetime import date

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.ports.queries import SessionFilter
from eosvolt.adapters.http.presentation.session_address import FILTERS
from eosvolt.adapters.http.web.sessions.view_models import Chip
from eosvolt.adapters.http.web.shell.customer_names import customer_names
from eosvolt.adapters.http.web.shell.labels import PAYMENT_METHODS, SESSION_STATES, SESSION_TYPES
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.query_parameters import (
    QueryChecks,
    in_order_of,
    lived_day,
    number,
    one_of,
)
from eosvolt.application.questions import SESSION_SORTS
from eosvolt.domain.calendar import local_day
from eosvolt.domain.tokens.uid import folded

# As of an earlier instant only these are known without looking at every session.
SORTS_THEN = ("startedAt", "number")
MOST_PLUGS = 1_000
FILTER_CHECKS: QueryChecks = {
    "from": lived_day,
    "to": lived_day,
    "status": one_of(SESSION_STATES),
    "type": one_of(SESSION_TYPES),
    "plug": number(0, MOST_PLUGS),
    "paymentMethod": one_of(PAYMENT_METHODS),
    "sort": in_order_of(SESSION_SORTS),
}


def wanted(request: PageRequest) -> SessionFilter:
    """Which sessions the address asks for. Dates are local ones of the chosen or the first location."""
    zone = request.locations.zone(request.query("location"))
    since, until, plug = request.query("from"), request.query("to"), request.query("plug")
    return SessionFilter(
        since=local_day(date.fromisoformat(since), zone)[0] if since else None,
        until=local_day(date.fromisoformat(until), zone)[1] if until else None,
        status=request.query_values("status"),
        type=request.query("type"),
        location=request.query("location"),
        charge_point=request.query("charger"),
        connector=int(plug) if plug else None,
        token=folded(request.query("token")),
        customer=request.query("customer"),
        payment_method=request.query("paymentMethod"),
        search=request.query("search"),
    )


def order(request: PageRequest) -> str:
    """The order that the address asks for, as far as it is possible at that instant."""
    sorts = SORTS_THEN if request.as_of else SESSION_SORTS
    return request.query("sort") if request.query("sort").removeprefix("-") in sorts else "-startedAt"


def filtered(request: PageRequest) -> bool:
    """Whether the address has a filter."""
    return any(request.query(name) for name in FILTERS)


async def chips_of(request: PageRequest) -> list[Chip]:
    """The filters that are set, each with the address without it."""
    customer = request.query("customer")
    names = await customer_names(request, (customer,))
    chips = [
        Chip(
            SESSION_STATES[status],
            request.link(
                status=[s for s in request.query_values("status") if s != status], cursor=None, before=None
            ),
        )
        for status in request.query_values("status")
    ]
    texts = {
        "search": f"“{request.query('search')}”",
        "from": gettext("from {day}", day=request.query("from")),
        "to": gettext("to {day}", day=request.query("to")),
        "type": SESSION_TYPES.get(request.query("type"), ""),
        "location": request.locations.name(request.query("location")),
        "charger": request.query("charger"),
        "plug": gettext("plug {plug}", plug=request.query("plug")),
        "token": gettext("token {token}", token=request.query("token")),
        "paymentMethod": PAYMENT_METHODS.get(request.query("paymentMethod"), ""),
        "customer": gettext("customer {name}", name=names.get(customer, customer)),
    }
    chips += [
        Chip(text, request.link(**{name: None, "cursor": None, "before": None}))
        for name, text in texts.items()
        if request.query(name)
    ]
    return chips
