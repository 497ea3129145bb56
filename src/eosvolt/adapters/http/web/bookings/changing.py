"""Rescheduling, extending and cancelling a booking, and the slots to which one can be dragged."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.booking_calendar import DAYS_OF_WEEK
from eosvolt.adapters.http.presentation.booking_names import fee_of_added
from eosvolt.adapters.http.web.bookings.new import plugs_at
from eosvolt.adapters.http.web.bookings.one import booking_row
from eosvolt.adapters.http.web.bookings.view_models import CancelPage, ExtendPage, ReschedulePage
from eosvolt.adapters.http.web.shell.addresses import segment
from eosvolt.adapters.http.web.shell.booking_slots import (
    chosen_plug,
    day_links,
    day_of,
    last_day,
    plug_value,
    slot_lines,
    start_of,
)
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.query_parameters import lived_day
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.booking_offers import OfferQuestion
from eosvolt.application.booking_slots import PlugChoice
from eosvolt.application.operations import bookings
from eosvolt.application.operations.booking_plans import (
    BookingById,
    BookingCancellation,
    BookingExtension,
    BookingMove,
)
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.domain.calendar import local_date
from eosvolt.domain.kernel import Rejected
from eosvolt.projections.bookings import BookingRow

_ONE = "/bookings/{booking}"
_DAY = timedelta(days=1)
_LONGEST_NOTE = 500
_MOST_ADDED = 6


def booking_change_routes(pages: Pages) -> list[Route]:
    """The forms of a booking's row menu."""
    days = {"date": lived_day, "from": lived_day}
    return [
        pages.form(
            f"{_ONE}/reschedule",
            ask_move,
            move,
            days,
            needs=bookings.VIEW,
            operation=bookings.reschedule,
        ),
        pages.get(f"{_ONE}/slots", slots, days, needs=bookings.VIEW, form=bookings.reschedule),
        pages.form(f"{_ONE}/extend", ask_extension, extend, needs=bookings.VIEW, operation=bookings.extend),
        pages.form(f"{_ONE}/cancel", ask, cancel, needs=bookings.VIEW, operation=bookings.cancel),
        pages.post(f"{_ONE}/give-back", give_back, operation=bookings.give_back),
    ]


async def ask_move(request: PageRequest) -> Response:
    """The form with the slots of a day."""
    row = await booking_row(request)
    typed = {"date": request.query("date"), "plug": request.query("plug"), "start": ""}
    return await _move_page(request, row, typed, {})


async def move(request: PageRequest) -> Response:
    """Move the booking, or show why not with the slots that are free now."""
    row = await booking_row(request)
    typed = {name: request.form_value(name).strip() for name in ("date", "plug", "start")}
    since, plug = start_of(typed["start"]), _plug(typed["plug"])
    if since is None:
        return await _move_page(request, row, typed, {"start": gettext("Choose a slot.")})
    if not typed["date"]:
        typed["date"] = local_date(since, row.time_zone).isoformat()
    wanted = BookingMove(booking=row.id, since=since, charger=plug.charger, plug=plug.plug)
    try:
        await request.run(bookings.reschedule, wanted)
    except (InvalidValue, Rejected) as refusal:
        return await _move_page(request, row, typed, {"start": translated(refusal)}, status=409)
    back = request.form_value("back")
    inside = back == "/bookings" or back.startswith("/bookings?")
    return redirect(back if inside else _address(row), gettext("Booking rescheduled."))


async def slots(request: PageRequest) -> Response:
    """The slots of a week to which the booking can be moved, as JSON for the calendar."""
    row = await booking_row(request)
    begins = day_of(request.query("from"), local_date(row.since, row.time_zone))
    zone = ZoneInfo(row.time_zone)
    own = PlugChoice(row.charge_point, row.connector)
    found = await request.dependencies.slot_offers.offers(
        request.number, _question(row, begins, begins + timedelta(days=DAYS_OF_WEEK), own), request.now
    )
    items = [
        {
            "start": each.since.isoformat(),
            "day": each.since.astimezone(zone).date().isoformat(),
            "from": f"{each.since.astimezone(zone):%H:%M}",
            "minutes": int((each.until - each.since).total_seconds()) // 60,
            "plug": plug_value(row.charge_point, row.connector),
        }
        for each in found
        if each.free and each.since != row.since
    ]
    return JSONResponse({"items": items})


async def ask_extension(request: PageRequest) -> Response:
    """The form that adds slots."""
    return await _extend_page(request, await booking_row(request))


async def extend(request: PageRequest) -> Response:
    """Add slots behind those of the booking."""
    row = await booking_row(request)
    text = request.form_value("slots")
    if not (text.isascii() and text.isdecimal() and len(text) <= 3):
        return await _extend_page(request, row, gettext("Choose until when."), status=422)
    try:
        await request.run(bookings.extend, BookingExtension(booking=row.id, slots=int(text)))
    except (InvalidValue, Rejected) as refusal:
        return await _extend_page(request, row, translated(refusal), status=409)
    return redirect(_address(row), gettext("Booking extended."))


async def ask(request: PageRequest) -> Response:
    """Ask whether it is to be cancelled, and why."""
    return await show(request, CancelPage(row=await booking_row(request), problem=""))


async def cancel(request: PageRequest) -> Response:
    """Cancel the booking."""
    row = await booking_row(request)
    note = request.form_value("note").strip()
    problem, status = "", 422
    if len(note) > _LONGEST_NOTE:
        problem = gettext("A reason has at most {number} characters.", number=_LONGEST_NOTE)
    else:
        try:
            refund = request.form_value("keep") != "yes"
            wanted = BookingCancellation(booking=row.id, note=note, refund=refund)
            await request.run(bookings.cancel, wanted)
        except Rejected as refusal:
            problem, status = translated(refusal), 409
    if problem:
        return await show(request, CancelPage(row=row, problem=problem), status=status)
    return redirect(_address(row), gettext("Booking cancelled."))


async def give_back(request: PageRequest) -> Response:
    """End a used booking before its time."""
    row = await booking_row(request)
    await request.run(bookings.give_back, BookingById(booking=row.id))
    return redirect(_address(row), gettext("The rest of the booking is free."))


def _address(row: BookingRow) -> str:
    return f"/bookings/{segment(row.id)}"


def _plug(value: str) -> PlugChoice:
    """The plug of the form; without one the booking stays at its own, or at any of the kind."""
    plug = chosen_plug(value)
    return PlugChoice() if plug is None or not plug.charger else plug


def _question(row: BookingRow, since: date, until: date, choice: PlugChoice) -> OfferQuestion:
    return OfferQuestion(row.location, since, until, row.slots, choice, besides=row.id)


async def _move_page(
    request: PageRequest,
    row: BookingRow,
    typed: dict[str, str],
    wrong: dict[str, str],
    *,
    status: int = 0,
) -> Response:
    place = await request.queries.location(request.number, row.location)
    if place is None or place.removed:
        raise not_found()
    today = local_date(request.now, row.time_zone)
    day = day_of(typed["date"], max(today, local_date(row.since, row.time_zone)))
    plug = _plug(typed["plug"])
    if not plug.charger:
        plug = PlugChoice(row.charge_point, row.connector)
    offers = await request.dependencies.slot_offers.offers(
        request.number, _question(row, day, day + _DAY, plug), request.now
    )
    value = plug_value(plug.charger, plug.plug)
    address = f"{_address(row)}/reschedule?plug={segment(value)}&date="
    return await show(
        request,
        ReschedulePage(
            row=row,
            typed=typed | {"date": day.isoformat(), "plug": value},
            problems=wrong,
            days=day_links(today, day, last_day(place.booking, today), address),
            slots=slot_lines(offers, row.time_zone),
            plugs=[each for each in await plugs_at(request, row.location) if "/" in each.value],
        ),
        status=status or (422 if wrong else 200),
    )


async def _extend_page(
    request: PageRequest, row: BookingRow, problem: str = "", *, status: int = 200
) -> Response:
    length = (row.until - row.since) / row.slots
    numbers = range(row.slots + 1, row.slots + _MOST_ADDED + 1)
    ends = [
        (str(number), row.since + number * length, fee_of_added(row, number - row.slots, request.now))
        for number in numbers
    ]
    return await show(request, ExtendPage(row=row, ends=ends, problem=problem), status=status)
