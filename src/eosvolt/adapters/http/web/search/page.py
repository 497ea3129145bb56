"""``/search``: what the command palette shows while one types, and the page of everything found."""

from itertools import groupby

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.page_parts import PART
from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.presentation.search import LONGEST, search
from eosvolt.adapters.http.web.search.view_models import SearchHits, SearchPage
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, show
from eosvolt.application.operations.views import SEARCH

KINDS = {
    "session": (Text("Sessions"), "/sessions?search=%s"),
    "charger": (Text("Chargers"), "/chargers?search=%s"),
    "location": (Text("Locations"), ""),
    "token": (Text("Tokens"), "/tokens?search=%s"),
    "customer": (Text("Customers"), "/customers?search=%s"),
    "fault": (Text("Faults"), "/diagnostics?state=all&search=%s"),
}
IN_PALETTE, ON_PAGE = 5, 20


def search_routes(pages: Pages) -> list[Route]:
    """The page; its part ``hits`` is what the palette shows."""
    return [pages.get("/search", search_page, needs=SEARCH)]


async def search_page(request: PageRequest) -> Response:
    """Everything that was found, by kind."""
    text = request.query("q")[:LONGEST]
    return await show(request, SearchPage(text=text), {"hits": _hits})


async def _hits(request: PageRequest) -> SearchHits:
    most = IN_PALETTE if request.raw.headers.get(PART) else ON_PAGE
    hits = await search(
        request.queries,
        request.dependencies.customers,
        request.number,
        request.query("q"),
        most,
        request.actor.grants,
    )
    groups = [(*KINDS[kind], list(found), kind) for kind, found in groupby(hits, key=lambda hit: hit.kind)]
    return SearchHits(groups=groups, text=request.query("q")[:LONGEST], most=most)
