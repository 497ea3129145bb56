"""The customer groups of a company: the list."""

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.web.customer_groups.view_models import CustomerGroupRows, CustomerGroupsPage
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, show
from eosvolt.application.operations import customer_groups

PAGE = "/customer-groups"


def group_list_routes(pages: Pages) -> list[Route]:
    """``/customer-groups``."""
    return [pages.get(PAGE, group_list, needs=customer_groups.VIEW)]


async def group_list(request: PageRequest) -> Response:
    """The page, or its list alone."""
    return await show(request, CustomerGroupsPage(), {"list": _list})


async def _list(request: PageRequest) -> CustomerGroupRows:
    return CustomerGroupRows(rows=await request.queries.customer_groups(request.number))
