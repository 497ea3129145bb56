"""``/locations/choices``: what may be put on a location's list, found while one types."""

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.web.locations.rules.view_models import AccessChoices
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, show
from eosvolt.adapters.http.web.shell.query_parameters import one_of
from eosvolt.application.operations.locations import VIEW

MOST_CHOICES = 30


def choice_routes(pages: Pages) -> list[Route]:
    """The route of the choices."""
    kinds = {"kind": one_of(("tokens", "groups", "customers"))}
    return [pages.get("/locations/choices", choices, kinds, needs=VIEW)]


async def choices(request: PageRequest) -> Response:
    """The first tokens, groups, or customers by e-mail address, in which ``search`` occurs."""
    search = request.query("search").strip()
    if request.query("kind") == "groups":
        groups = await request.queries.token_groups(request.number, search=search, limit=MOST_CHOICES)
        return await show(request, AccessChoices(choices=[(group, "") for group in groups]))
    if request.query("kind") == "customers":
        return await show(request, AccessChoices(choices=await _customers(request, search)))
    found = await request.queries.tokens(request.number, search=search, limit=MOST_CHOICES)
    labels = [(token.uid, " · ".join(filter(None, (token.label, token.group)))) for token in found.items]
    return await show(request, AccessChoices(choices=labels))


async def _customers(request: PageRequest, search: str) -> list[tuple[str, str]]:
    rows = await request.queries.customers(request.number, search=search, limit=MOST_CHOICES)
    ids = [row.customer for row in rows.items]
    people = await request.dependencies.customers.people(request.number, ids)
    return [(people[each].email or each, people[each].name) for each in ids if each in people]
