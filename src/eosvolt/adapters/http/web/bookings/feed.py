"""``/booking-feeds/…``: the bookings of a location for calendar programs. Its address is the secret."""

import hmac
import time
from datetime import timedelta
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.auth import proven
from eosvolt.adapters.http.framework.problems import Problem, not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.framework.web_sessions import address_of
from eosvolt.adapters.http.presentation.booking_feed import ICALENDAR, PAST_DAYS, feed, feed_digest
from eosvolt.adapters.http.web.shell.path_parameters import decoded
from eosvolt.application.booking_questions import BookingFilter
from eosvolt.application.registration import company_number
from eosvolt.application.throttle import Throttle, network
from eosvolt.projections.bookings import BookingRow

_PATH = "/booking-feeds/{company}/{location}/{secret}"
_SUFFIX = ".ics"
_AT_ONCE = 500
MOST_ENTRIES = 5_000
_HEADERS = {"cache-control": "private, max-age=300", "x-robots-tag": "noindex"}


def booking_feed_routes(dependencies: Dependencies) -> list[Route]:
    """The route of all booking feeds."""
    tries = Throttle(per_second=1, burst=60, clock=time.monotonic)

    async def read(request: Request) -> Response:
        if seconds := tries.take(network(address_of(request))):
            raise Problem(429, gettext("Too many requests."), headers={"Retry-After": str(int(seconds) + 1)})
        company = company_number(decoded(request, "company"))
        location, secret = decoded(request, "location"), decoded(request, "secret")
        row = await dependencies.queries.booking_feed(company, location) if company else None
        digest = feed_digest(secret.removesuffix(_SUFFIX))
        if row is None or not hmac.compare_digest(row.digest, digest):
            raise not_found()
        proven(request)
        place = await dependencies.queries.location(company, location)
        if place is None or place.removed:
            raise not_found()
        now = dependencies.clock.now()
        wanted = BookingFilter(location=location, since=now - timedelta(days=PAST_DAYS))
        host = urlsplit(dependencies.public_url).hostname or "localhost"
        rows = await _all(dependencies, company, wanted)
        content = feed(rows, place.name, place.details.address, host, now)
        return Response(content, media_type=ICALENDAR, headers=_HEADERS)

    return [Route(_PATH, read, methods=["GET"])]


async def _all(dependencies: Dependencies, company: int, wanted: BookingFilter) -> list[BookingRow]:
    """The bookings, at most ``MOST_ENTRIES``."""
    found: list[BookingRow] = []
    cursor: str | None = None
    while len(found) < MOST_ENTRIES:
        page = await dependencies.queries.bookings(company, wanted, cursor=cursor, limit=_AT_ONCE)
        found.extend(page.items)
        cursor = page.cursor
        if cursor is None:
            break
    return found
