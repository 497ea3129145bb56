"""All pages of drivers, and what makes them an app on a phone."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.auth import Gate
from eosvolt.adapters.http.framework.texts import current, gettext
from eosvolt.adapters.http.web.drive.account import account_routes
from eosvolt.adapters.http.web.drive.booking_choice import booking_choice_routes
from eosvolt.adapters.http.web.drive.bookings import booking_routes
from eosvolt.adapters.http.web.drive.driver_pages import FIND, DriverPages
from eosvolt.adapters.http.web.drive.find import find_routes
from eosvolt.adapters.http.web.drive.home import home_routes
from eosvolt.adapters.http.web.drive.plug import plug_routes
from eosvolt.adapters.http.web.drive.profile import profile_routes
from eosvolt.adapters.http.web.drive.sessions import session_routes
from eosvolt.adapters.http.web.drive.sign_in import sign_in_routes


def drive_routes(dependencies: Dependencies, gate: Gate) -> list[Route]:
    """``/drive``. The page of a plug matches any three segments, so it comes last."""
    pages = DriverPages(dependencies, gate)
    return [
        Route("/drive/manifest.webmanifest", manifest, methods=["GET"]),
        *find_routes(pages),
        *sign_in_routes(pages),
        *session_routes(pages),
        *booking_choice_routes(pages),
        *booking_routes(pages),
        *home_routes(pages),
        *account_routes(pages),
        *profile_routes(pages),
        *plug_routes(pages),
    ]


async def manifest(_: Request) -> Response:
    """What a phone needs to keep the pages as an app (W3C Web Application Manifest)."""
    content = {
        "name": gettext("Charging"),
        "short_name": gettext("Charging"),
        "lang": current().code,
        "id": FIND,
        "start_url": FIND,
        "scope": FIND,
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0b5d4e",
        "icons": [{"src": "/static/logo.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }
    headers = {"cache-control": "public, max-age=3600", "vary": "accept-language"}
    return JSONResponse(content, headers=headers, media_type="application/manifest+json")
