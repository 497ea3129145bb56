"""``/locations/{location}/booking``: the rules for bookings of a location, and its secret address."""

import secrets

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.booking_feed import feed_address, feed_digest
from eosvolt.adapters.http.web.bookings import rules_data
from eosvolt.adapters.http.web.bookings.view_models import BookingRulesPage
from eosvolt.adapters.http.web.locations.form import location_row
from eosvolt.adapters.http.web.shell.addresses import segment
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate, form_version, lost_update, seen_version
from eosvolt.adapters.http.web.shell.one_time_secrets import brought, shown, to_be_shown
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.application.operations import booking_feeds, bookings
from eosvolt.application.operations.booking_feeds import BookingFeedEnd, BookingFeedIssue
from eosvolt.application.operations.bookings import BookingRulesInput
from eosvolt.application.operations.operation import ChangedMeanwhile
from eosvolt.projections.locations import LocationRow

_PAGE = "/locations/{location}/booking"


def booking_rules_routes(pages: Pages) -> list[Route]:
    """The form, and the secret address."""
    return [
        pages.form(_PAGE, rules, set_rules, needs=bookings.VIEW, operation=bookings.set_rules, readable=True),
        pages.post(f"{_PAGE}/feed", issue, operation=booking_feeds.issue),
        pages.get(f"{_PAGE}/feed/issued", issued, needs=bookings.VIEW, form=booking_feeds.issue),
        pages.post(f"{_PAGE}/feed/withdraw", withdraw, operation=booking_feeds.withdraw),
    ]


async def rules(request: PageRequest) -> Response:
    """The form, as the rules are."""
    row = await location_row(request)
    return await _page(request, row, rules_data.known(row.booking), {})


async def set_rules(request: PageRequest) -> Response:
    """Set the rules."""
    row = await location_row(request)
    values = rules_data.typed(request.form)
    wrong, wanted = rules_data.checked(values, row.tariff)
    if wanted is None:
        return await _page(request, row, values, wrong)
    change = BookingRulesInput(location=row.location, rules=wanted, seen=seen_version(request))
    try:
        await request.run(bookings.set_rules, change)
    except ChangedMeanwhile as refusal:
        lost = lost_update(request, refusal, rules_data.known, values, rules_data.LABELS)
        return await _page(request, row, lost.values, {}, lost)
    return redirect(_address(row), gettext("Rules for bookings saved."))


async def issue(request: PageRequest) -> Response:
    """Give the bookings a new secret address; the page that follows is the only one that shows it."""
    row = await location_row(request)
    secret = secrets.token_urlsafe(32)
    wanted = BookingFeedIssue(location=row.location, digest=feed_digest(secret))
    await request.run(booking_feeds.issue, wanted)
    return to_be_shown(request, f"{_address(row)}/feed/issued", secret)


async def issued(request: PageRequest) -> Response:
    """The page with the address that was just made, once."""
    row, secret = await location_row(request), brought(request)
    if not secret:
        return redirect(_address(row))
    address = feed_address(request.dependencies.public_url, request.number, row.location, secret)
    return shown(request, await _page(request, row, rules_data.known(row.booking), {}, issued=address))


async def withdraw(request: PageRequest) -> Response:
    """Let the secret address lead nowhere."""
    row = await location_row(request)
    await request.run(booking_feeds.withdraw, BookingFeedEnd(location=row.location))
    return redirect(_address(row), gettext("The calendar address leads nowhere now."))


def _address(row: LocationRow) -> str:
    return f"/locations/{segment(row.location)}/booking"


async def _page(
    request: PageRequest,
    row: LocationRow,
    values: dict[str, str],
    wrong: dict[str, str],
    lost: LostUpdate | None = None,
    *,
    issued: str = "",
) -> Response:
    return await show(
        request,
        BookingRulesPage(
            row=row,
            form_values=values,
            lengths=rules_data.slot_lengths(values["slotMinutes"]),
            feed=await request.queries.booking_feed(request.number, row.location),
            issued=issued,
            problems=wrong,
            lost=lost,
            version=form_version(request, lost, row.booking_version or ""),
        ),
        status=422 if wrong else 409 if lost else 200,
    )
