"""The driver's sessions: the list, one of them live, its end and its receipt."""

from urllib.parse import quote
from uuid import uuid4

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import Problem, not_found
from eosvolt.adapters.http.presentation.driven_sessions import (
    OwnSession,
    next_fee_at,
    own_session,
    own_sessions,
)
from eosvolt.adapters.http.presentation.driving import FoundLocation
from eosvolt.adapters.http.presentation.pricing import priced
from eosvolt.adapters.http.presentation.receipt import receipt_file
from eosvolt.adapters.http.web.drive.driver_pages import DriverPages, DriverRequest, show_driver
from eosvolt.adapters.http.web.drive.view_models import DriverSessionPage, DriverSessionsPage
from eosvolt.adapters.http.web.shell.pages import redirect
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.booking_offers import WARNED_BEFORE, DemandedSession, NextBooking
from eosvolt.application.operations import driving
from eosvolt.application.operations.driving import DriverStop
from eosvolt.application.questions import Unanswerable
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.tokens.bearer import TokenBearer

_SESSIONS = "/drive/sessions"
_AT_ONCE = 30


def session_routes(pages: DriverPages) -> list[Route]:
    """``/drive/sessions``."""
    return [
        pages.get(_SESSIONS, listed),
        pages.form(f"{_SESSIONS}/{{session}}", one, stop, operation=driving.stop),
        pages.get(f"{_SESSIONS}/{{session}}/receipt", receipt),
    ]


async def listed(request: DriverRequest) -> Response:
    """The driver's sessions, the newest first."""
    try:
        page = await own_sessions(
            request.dependencies, request.driver, cursor=request.query("cursor") or None, limit=_AT_ONCE
        )
    except Unanswerable as refusal:
        raise Problem(422, translated(refusal)) from None
    names: dict[tuple[int, str], str] = {}
    for row in page.items:
        key = (row.company, row.location)
        if key not in names:
            there = await request.dependencies.queries.location(*key)
            names[key] = row.charge_point if there is None else there.details.name
    model = DriverSessionsPage(
        sessions=[(row, names[row.company, row.location], priced(row, request.now)) for row in page.items],
        following=f"{_SESSIONS}?cursor={quote(page.cursor)}" if page.cursor else "",
    )
    return await show_driver(request, model, tab="sessions")


async def one(request: DriverRequest) -> Response:
    """A session with its cost so far, as its bill would have it now."""
    own = await _own(request)
    row = own.row
    found = await request.dependencies.driver_queries.location_of(own.company, own.charger)
    ended = None if row is None else row.ended_at or request.now
    model = DriverSessionPage(
        own=own,
        place=None if found is None else FoundLocation(*found),
        price=None if row is None else priced(row, request.now),
        minutes=0
        if row is None or ended is None
        else max(0, int((ended - row.started_at).total_seconds()) // 60),
        next_fee_at=None if row is None else next_fee_at(row, request.now),
        stopping=bool(request.query("stopping")),
        upcoming=await _upcoming(request, own),
    )
    return await show_driver(request, model, tab="sessions")


async def _upcoming(request: DriverRequest, own: OwnSession) -> NextBooking | None:
    """The booking of the plug that begins soon and ends the session; ``None`` if there is none."""
    row = own.row
    if row is None or own.phase not in ("charging", "blocking"):
        return None
    bearer = TokenBearer(row.token, "", row.customer)
    begun = DemandedSession(row.charge_point, row.connector, (bearer,), row.started_at)
    found = await request.dependencies.slot_offers.next_booking(own.company, begun, request.now)
    if found is None or found.goes_on or found.since > request.now + WARNED_BEFORE:
        return None
    # Who is the next as well may stay where they are.
    return None if found.own and own.phase == "blocking" else found


async def stop(request: DriverRequest) -> Response:
    """Ask the charger to stop."""
    own = await _own(request)
    wanted = DriverStop(email=request.driver.email, session=own.id, command=uuid4().hex)
    try:
        await request.run_at(own.company, driving.stop, wanted)
    except Rejected as refusal:
        return redirect(f"{_SESSIONS}/{quote(own.id)}", translated(refusal))
    return redirect(f"{_SESSIONS}/{quote(own.id)}?stopping=1")


async def receipt(request: DriverRequest) -> Response:
    """The receipt as a PDF."""
    own = await _own(request)
    return await receipt_file(request.dependencies, request.dependencies.queries, own.company, own.id)


async def _own(request: DriverRequest) -> OwnSession:
    found = await own_session(request.dependencies, request.driver, request.path_parameter("session"))
    if found is None:
        raise not_found()
    return found
