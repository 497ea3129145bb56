"""``/bookings/new``: an operator books a slot for a customer or a token."""

from collections.abc import Sequence
from datetime import date
from uuid import uuid4

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.bookings.view_models import NewBookingPage
from eosvolt.adapters.http.web.shell.addresses import segment
from eosvolt.adapters.http.web.shell.booking_slots import (
    MOST_OFFERED,
    DayLink,
    PlugLine,
    chosen_line,
    chosen_plug,
    counts,
    day_links,
    last_day,
    offers_of_day,
    plug_lines,
    slot_count,
    slot_lines,
    start_of,
)
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.query_parameters import lived_day, number
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.booking_offers import OfferQuestion
from eosvolt.application.booking_slots import PlugChoice
from eosvolt.application.operations import bookings
from eosvolt.application.operations.booking_plans import NewBookingInput
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.domain.calendar import local_date
from eosvolt.domain.kernel import Rejected
from eosvolt.projections.locations import LocationRow

_PAGE = "/bookings/new"
_FIELDS = ("location", "date", "slots", "plug", "start", "email", "token")
_FIELD_OF = {"customerId": "email", "token": "token", "plug": "plug", "chargeBoxId": "plug"}


def new_booking_routes(pages: Pages) -> list[Route]:
    """The form: first the day and the plug, then the slot and the driver."""
    checks = {"date": lived_day, "slots": number(1, MOST_OFFERED)}
    return [pages.form(_PAGE, new, make, checks, bookings.VIEW, operation=bookings.book, marks=True)]


async def new(request: PageRequest) -> Response:
    """The form with the slots of the day."""
    return await _page(request, {name: request.query(name) for name in _FIELDS}, {})


async def make(request: PageRequest) -> Response:
    """Book the slot, or show why not with the slots that are free now."""
    typed = {name: request.form_value(name).strip() for name in _FIELDS}
    wrong = dict(request.invisible_characters)
    since, choice = start_of(typed["start"]), chosen_plug(typed["plug"])
    if since is None:
        wrong["start"] = gettext("Choose a slot.")
    if choice is None:
        wrong["plug"] = gettext("There is no such plug.")
    if bool(typed["email"]) == bool(typed["token"]):
        wrong["email"] = gettext("A booking is for a customer or for a token.")
    customer = ""
    if typed["email"] and "email" not in wrong:
        person = await request.dependencies.customers.with_email(request.number, typed["email"])
        customer = "" if person is None else person.customer
        if not customer:
            wrong["email"] = gettext("There is no customer with this e-mail address.")
    slots = typed["slots"]
    if not (slots.isascii() and slots.isdecimal() and 1 <= int(slots[:3]) <= MOST_OFFERED):
        wrong["slots"] = gettext("There is no such number of slots.")
    if wrong or since is None or choice is None:
        return await _page(request, typed, wrong)
    wanted = NewBookingInput(
        booking=request.form_value("booking") or str(uuid4()),
        location=typed["location"],
        since=since,
        slots=int(slots),
        charger=choice.charger,
        plug=choice.plug,
        type=choice.type,
        customer=customer,
        token="" if customer else typed["token"],
    )
    try:
        answer = await request.run(bookings.book, wanted)
    except InvalidValue as refusal:
        return await _page(request, typed, {_FIELD_OF.get(refusal.field, "start"): translated(refusal)})
    except Rejected as refusal:
        return await _page(request, typed, {"start": translated(refusal)}, status=409)
    return redirect(f"/bookings/{segment(answer.booking)}", gettext("Booking made."))


def chosen_place(request: PageRequest, location: str) -> LocationRow | None:
    """The location of the form, or the only one that takes bookings; ``None``: one is to be chosen."""
    places = [row for row in request.locations.rows if row.booking.enabled]
    if not location:
        return places[0] if len(places) == 1 else None
    return next((row for row in places if row.location == location), None)


async def plugs_at(request: PageRequest, location: str) -> list[PlugLine]:
    """The plugs of a location to choose from."""
    return plug_lines(await request.queries.connectors(request.number, location=location))


async def _page(
    request: PageRequest, typed: dict[str, str], wrong: dict[str, str], *, status: int = 0
) -> Response:
    place = chosen_place(request, typed["location"])
    if place is None:
        return await show(request, _without_place(request, typed, wrong))
    zone = place.tariff.time_zone
    today = local_date(request.now, zone)
    slots = slot_count(typed["slots"])
    plugs = await plugs_at(request, place.location)
    value = chosen_line(plugs, typed["plug"])
    choice = chosen_plug(value) or PlugChoice()
    wanted = OfferQuestion(place.location, today, today, slots, choice)
    day, offers = await offers_of_day(request, request.number, wanted, typed["date"])
    values = typed | {"location": place.location, "date": day.isoformat(), "slots": str(slots), "plug": value}
    return await show(
        request,
        NewBookingPage(
            typed=values,
            problems=wrong,
            places=_places(request),
            place=place,
            days=_days(values, today, day, last_day(place.booking, today)),
            slots=slot_lines(offers, zone),
            counts=counts(place.booking),
            plugs=plugs,
            booking=request.form_value("booking") or str(uuid4()),
        ),
        status=status or (422 if wrong else 200),
    )


def _without_place(request: PageRequest, typed: dict[str, str], wrong: dict[str, str]) -> NewBookingPage:
    return NewBookingPage(
        typed=typed,
        problems=wrong,
        places=_places(request),
        place=None,
        days=(),
        slots=(),
        counts=(),
        plugs=(),
        booking="",
    )


def _places(request: PageRequest) -> list[tuple[str, str]]:
    return [(row.location, row.name) for row in request.locations.rows if row.booking.enabled]


def _days(values: dict[str, str], today: date, day: date, last: date) -> Sequence[DayLink]:
    query = f"{_PAGE}?location={segment(values['location'])}&slots={values['slots']}"
    if values["plug"]:
        query += f"&plug={segment(values['plug'])}"
    return day_links(today, day, last, f"{query}&date=")
