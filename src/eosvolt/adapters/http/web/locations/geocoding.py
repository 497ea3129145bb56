"""Where the address that is typed into a location's form may be, asked of the installation's geocoder."""

import logging

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.web.locations.view_models import GeocodedPlaces
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, show
from eosvolt.application.geocoding import GeocoderUnreachable
from eosvolt.application.operations import locations

LONGEST_ADDRESS = 500
_log = logging.getLogger("eosvolt.geocoder")


def geocoding_routes(pages: Pages) -> list[Route]:
    """``/locations/geocoded``."""
    return [pages.get("/locations/geocoded", geocoded, needs=locations.VIEW)]


async def geocoded(request: PageRequest) -> Response:
    """The places to choose from. 404 where no geocoder is configured."""
    geocoder = request.dependencies.geocoder
    if geocoder is None:
        raise not_found()
    address = " ".join(request.query("address").split())[:LONGEST_ADDRESS]
    try:
        places = await geocoder.places(address) if address else []
    except GeocoderUnreachable as error:
        _log.warning("The geocoder does not answer: %s", error)
        return await show(request, GeocodedPlaces(places=[], unreachable=True))
    return await show(request, GeocodedPlaces(places=places, unreachable=False))
