"""All pages of the site."""

from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route, Router

from eosvolt.adapters.http.capabilities import CAPABILITIES
from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.auth import Gate
from eosvolt.adapters.http.framework.raw_path import RawPath
from eosvolt.adapters.http.web.bookings.feed import booking_feed_routes
from eosvolt.adapters.http.web.drive.routes import drive_routes
from eosvolt.adapters.http.web.live import live_routes
from eosvolt.adapters.http.web.map_tiles import map_routes
from eosvolt.adapters.http.web.pictures import picture_routes
from eosvolt.adapters.http.web.platform.page import platform_routes
from eosvolt.adapters.http.web.shell.assets import PREFIX, static_routes
from eosvolt.adapters.http.web.shell.pages import Pages
from eosvolt.adapters.http.web.sign_in.page import sign_in_routes
from eosvolt.adapters.http.web.users.join import join_routes


def page_routes(dependencies: Dependencies, gate: Gate) -> list[Route]:
    """Every page, with the methods that it answers to."""
    pages = Pages(dependencies, gate)
    return [
        *sign_in_routes(dependencies, gate),
        *platform_routes(dependencies, gate),
        *drive_routes(dependencies, gate),
        *join_routes(dependencies, gate),
        *live_routes(dependencies, gate),
        *booking_feed_routes(dependencies),
        *picture_routes(dependencies, gate),
        *map_routes(dependencies, gate),
        *(route for each in CAPABILITIES if each.pages is not None for route in each.pages(pages)),
    ]


def web_routes(dependencies: Dependencies, gate: Gate) -> list[BaseRoute]:
    """The pages' routes. They match any path, so they come last."""
    return [
        *static_routes(),
        Route("/favicon.ico", lambda _: RedirectResponse(f"{PREFIX}/logo.svg", 308), methods=["GET"]),
        # Charge box ids may hold an encoded slash, so paths are matched as they were sent.
        Mount("", RawPath(Router(page_routes(dependencies, gate), redirect_slashes=False))),
    ]
