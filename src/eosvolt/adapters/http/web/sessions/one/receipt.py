"""The receipt of a session, to download."""

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.presentation.receipt import receipt_file
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages
from eosvolt.application.operations.sessions import VIEW


def receipt_routes(pages: Pages) -> list[Route]:
    """``/sessions/{session}/receipt``."""
    return [pages.get("/sessions/{session}/receipt", receipt, needs=VIEW)]


async def receipt(request: PageRequest) -> Response:
    """The PDF; ``number`` asks for an earlier one."""
    session = request.path_parameter("session")
    number = request.query("number")
    return await receipt_file(request.dependencies, request.queries, request.number, session, number)
