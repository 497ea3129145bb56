"""Renders pages outside a company's own: those of platform staff and of drivers, each in its frame."""

from collections.abc import Callable
from urllib.parse import unquote

from starlette.responses import HTMLResponse, Response

from eosvolt.adapters.http.web.shell.base_request import BaseRequest
from eosvolt.adapters.http.web.shell.pages import NOTICE
from eosvolt.adapters.http.web.shell.rendering import rendered
from eosvolt.adapters.http.web.shell.view_model import ViewModel, variables


async def framed(
    request: BaseRequest,
    frame: Callable[[str], ViewModel],
    model: ViewModel,
    *parts: ViewModel,
    status: int = 200,
) -> Response:
    """A page with its parts; ``frame`` is given the notice of what was done before, which is shown once."""
    notice = unquote(request.raw.cookies.get(NOTICE, ""))
    around = frame(notice)
    (template,) = model.templates
    values = variables(around, *around.templates) | variables(model, template)
    for part in parts:
        values |= variables(part, *part.templates)
    response = HTMLResponse(await rendered(template, values), status)
    if notice:
        response.delete_cookie(NOTICE)
    return response
