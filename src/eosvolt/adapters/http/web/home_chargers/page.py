"""The list of home chargers."""

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.presentation.home_chargers import company_zone, home_lines
from eosvolt.adapters.http.web.home_chargers.view_models import HomeChargersPage, HomeRows
from eosvolt.adapters.http.web.shell.customer_names import customer_names
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, show
from eosvolt.application.operations.home_chargers import VIEW

PAGE = "/home-chargers"
CODE_STATES = {
    "open": Text("Code not redeemed"),
    "expired": Text("Code expired"),
    "redeemed": Text("Redeemed"),
}


def home_list_routes(pages: Pages) -> list[Route]:
    """``/home-chargers``."""
    return [pages.get(PAGE, home_list, needs=VIEW)]


async def home_list(request: PageRequest) -> Response:
    """The page, or its list alone."""
    return await show(request, HomeChargersPage(), {"list": _list})


async def _list(request: PageRequest) -> HomeRows:
    zone = company_zone(request.company)
    lines = await home_lines(request.queries, request.number, request.now, zone)
    names = await customer_names(request, (line.customer for line in lines))
    return HomeRows(lines=lines, states=CODE_STATES, names=names)
