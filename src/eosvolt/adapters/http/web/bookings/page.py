"""The bookings: a week as a calendar, or a list, with figures. Every filter is in the address."""

from collections import Counter
from datetime import date, timedelta
from typing import NamedTuple

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.booking_calendar import DAYS_OF_WEEK, week_of
from eosvolt.adapters.http.presentation.booking_capacity import capacity
from eosvolt.adapters.http.presentation.booking_names import BOOKING_STATES, CANCEL_REASONS
from eosvolt.adapters.http.web.bookings.export import booking_export_routes
from eosvolt.adapters.http.web.bookings.filter import (
    FILTER_CHECKS,
    chips_of,
    filtered,
    monday,
    of_days,
    of_week,
)
from eosvolt.adapters.http.web.bookings.view_models import (
    BookingCalendar,
    BookingFigures,
    BookingRows,
    BookingsPage,
    Figure,
)
from eosvolt.adapters.http.web.shell.customer_names import customer_names
from eosvolt.adapters.http.web.shell.formats import count, day_of_month, period_name, rate
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, Part, show
from eosvolt.application.operations.bookings import VIEW

PAGE = "/bookings"
PER_PAGE = 50
# A week has at most so many in the calendar; the list has the others.
MOST_IN_A_WEEK = 1_000


def booking_list_routes(pages: Pages) -> list[Route]:
    """``/bookings``, and its files."""
    return [
        pages.get(PAGE, booking_list, FILTER_CHECKS, VIEW, past=True),
        *booking_export_routes(pages, PAGE),
    ]


async def booking_list(request: PageRequest) -> Response:
    """The page, or one of its parts."""
    view = request.query("view") or "calendar"
    parts: dict[str, Part] = {"figures": _figures}
    parts |= {"list": _list} if view == "list" else {"calendar": _calendar}
    chargers = await request.queries.charge_points(request.number)
    return await show(
        request,
        BookingsPage(
            view=view,
            chips=await chips_of(request),
            states=BOOKING_STATES,
            chargers=[each.charge_box_id for each in chargers],
            bookable=any(row.booking.enabled for row in request.locations.rows),
        ),
        parts,
    )


async def _calendar(request: PageRequest) -> BookingCalendar:
    begins = monday(request)
    page = await request.queries.bookings(request.number, of_week(request), limit=MOST_IN_A_WEEK)
    shown = [row for row in page.items if request.query_values("state") or row.state != "cancelled"]
    week = week_of(shown, begins)
    ends = begins + timedelta(days=DAYS_OF_WEEK - 1)

    def address(day: date) -> str:
        return request.link(week=day.isoformat())

    return BookingCalendar(
        week=week,
        title=f"{day_of_month(begins)} – {day_of_month(ends)} {ends.year}",
        earlier=address(begins - timedelta(days=DAYS_OF_WEEK)),
        later=address(begins + timedelta(days=DAYS_OF_WEEK)),
        now_address=request.link(week=None),
        today=request.today,
        names=await customer_names(request, (row.customer for row in shown)),
        states=BOOKING_STATES,
        reasons=CANCEL_REASONS,
        zones_mix=len({row.time_zone for row in shown}) > 1,
        filtered=filtered(request),
    )


async def _list(request: PageRequest) -> BookingRows:
    sort = request.query("sort") or "start"
    page = await request.queries.bookings(
        request.number,
        of_days(request),
        sort=sort,
        cursor=request.query("cursor") or None,
        limit=PER_PAGE,
    )
    return BookingRows(
        rows=page.items,
        cursor=page.cursor,
        sort=sort,
        names=await customer_names(request, (row.customer for row in page.items)),
        states=BOOKING_STATES,
        reasons=CANCEL_REASONS,
        zones_mix=len({row.time_zone for row in page.items}) > 1,
        filtered=filtered(request),
    )


class _Span(NamedTuple):
    """What was booked in some days."""

    share: str
    bookings: int
    no_shows: int
    cancelled: int


async def _figures(request: PageRequest) -> BookingFigures:
    """The week of the calendar beside the week before it, at the chosen location or at all of them."""
    begins, week = monday(request), timedelta(days=DAYS_OF_WEEK)
    now, before = await _span(request, begins), await _span(request, begins - week)
    name = period_name("week", begins - week, begins, begins)
    titles = (gettext("Bookings"), gettext("No-shows"), gettext("Cancelled"))
    booked = Figure(
        gettext("Booked share"),
        now.share,
        f"{name}: {before.share}",
        gettext("The booked time ÷ the time of all slots of all plugs, by the present rules."),
    )
    counts = zip(titles, now[1:], before[1:], strict=True)
    return BookingFigures(
        figures=[booked, *(Figure(title, count(n), f"{name}: {count(b)}") for title, n, b in counts)]
    )


async def _span(request: PageRequest, begins: date) -> _Span:
    location, ends = request.query("location"), begins + timedelta(days=DAYS_OF_WEEK)
    days = await request.queries.booking_days(request.number, begins, ends, location=location)
    plugs: Counter[str] = Counter()
    for each in await request.queries.plug_states(request.number):
        plugs[each.location] += each.plugs
    rows = [row for row in request.locations.rows if location in {"", row.location}]
    return _Span(
        rate(capacity(rows, plugs, days, begins, ends).share),
        sum(each.kept for each in days),
        sum(each.no_shows for each in days),
        sum(each.cancelled for each in days),
    )
