"""Choosing a slot: a day and the slots of a location, and the hold while the driver decides."""

from urllib.parse import quote
from uuid import uuid4

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.driving import SeenPlace, company_of, seen_place
from eosvolt.adapters.http.web.drive.driver_pages import DriverPages, DriverRequest, show_driver
from eosvolt.adapters.http.web.drive.view_models import (
    BookableSlots,
    DriverBookPage,
)
from eosvolt.adapters.http.web.shell.booking_slots import (
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
from eosvolt.adapters.http.web.shell.pages import redirect
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.booking_offers import OfferQuestion
from eosvolt.application.booking_slots import PlugChoice
from eosvolt.application.operations import driving_bookings as driving
from eosvolt.application.operations.driving_bookings import (
    DriverSlots,
)
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.domain.calendar import local_date
from eosvolt.domain.kernel import Rejected

_BOOK = "/drive/locations/{company}/{location}/book"


def booking_choice_routes(pages: DriverPages) -> list[Route]:
    """The page of a location on which slots are chosen."""
    return [pages.form(_BOOK, choose, hold, operation=driving.hold, everybody=True)]


async def choose(request: DriverRequest) -> Response:
    """The slots of a day at a location. Everybody may look at those of a public one."""
    typed = {name: request.query(name) for name in ("date", "slots", "plug")}
    return await _choose(request, typed)


async def hold(request: DriverRequest) -> Response:
    """Hold the slot for five minutes, and ask whether it is to be booked."""
    typed = {name: request.form_value(name).strip() for name in ("date", "slots", "plug", "start")}
    seen = await _seen(request)
    since, choice = start_of(typed["start"]), chosen_plug(typed["plug"])
    if since is None or choice is None:
        return await _choose(request, typed, gettext("Choose a slot."))
    booking = request.form_value("booking") or str(uuid4())
    wanted = DriverSlots(
        email=request.driver.email,
        booking=booking,
        location=seen.place.location.location,
        since=since,
        slots=slot_count(typed["slots"]),
        charger=choice.charger,
        plug=choice.plug,
        type=choice.type,
    )
    try:
        await request.run_at(seen.place.location.company, driving.hold, wanted)
    except (InvalidValue, Rejected) as refusal:
        return await _choose(request, typed, translated(refusal))
    return redirect(f"/drive/bookings/{quote(booking)}")


async def _seen(request: DriverRequest) -> SeenPlace:
    """The location as the driver sees it. Raises a 404 ``Problem``."""
    found = await request.dependencies.driver_queries.location(
        company_of(request.path_parameter("company")), request.path_parameter("location")
    )
    shown = await seen_place(request.dependencies, request.who, found, request.now)
    if shown is None or not shown.place.location.booking.enabled:
        raise not_found()
    return shown


async def _choose(request: DriverRequest, typed: dict[str, str], problem: str = "") -> Response:
    shown = await _seen(request)
    row = shown.place.location
    zone = row.tariff.time_zone
    today = local_date(request.now, zone)
    slots = slot_count(typed["slots"])
    plugs = plug_lines(shown.place.plugs)
    value = chosen_line(plugs, typed["plug"])
    plug = chosen_plug(value) or PlugChoice()
    wanted = OfferQuestion(row.location, today, today, slots, plug, booker=shown.booker)
    day, offers = await offers_of_day(request, row.company, wanted, typed["date"])
    here = f"/drive/locations/{row.company}/{quote(row.location, safe='')}/book"
    kept = f"{here}?slots={slots}&plug={quote(value, safe='')}"
    model = DriverBookPage(
        shown=shown,
        offered=BookableSlots(
            days=day_links(today, day, last_day(row.booking, today), f"{kept}&date="),
            slots=slot_lines(offers, zone),
            start=typed.get("start", ""),
        ),
        counts=counts(row.booking),
        plugs=plugs,
        typed={"date": day.isoformat(), "slots": str(slots), "plug": value},
        signed_in=request.who is not None,
        known=shown.own is not None,
        problem=problem,
        here=here,
        booking=str(uuid4()),
    )
    return await show_driver(request, model, status=409 if problem else 200, tab="find")
