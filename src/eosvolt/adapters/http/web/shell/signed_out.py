"""Pages for people who are not signed in."""

from starlette.responses import HTMLResponse, Response

from eosvolt.adapters.http.web.shell.rendering import render
from eosvolt.adapters.http.web.shell.view_model import ViewModel, variables

NO_STORE = {"cache-control": "no-store"}


def signed_out_page(model: ViewModel, status: int = 200) -> Response:
    """A page that needs no sign-in."""
    (template,) = model.templates
    return HTMLResponse(render(template, variables(model, template)), status, NO_STORE)
