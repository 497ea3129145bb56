"""Pages for people who are not signed in, and their patience."""

from starlette.responses import HTMLResponse, Response

from eosvolt.adapters.http.framework.problems import Problem
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.shell.rendering import render
from eosvolt.adapters.http.web.shell.view_model import ViewModel, variables

NO_STORE = {"cache-control": "no-store"}


def patient(seconds: float) -> None:
    """Raise a 429 ``Problem`` if there are seconds left to wait."""
    if seconds:
        raise Problem(
            429,
            gettext("Too many tries. Please wait a little."),
            headers={"Retry-After": str(int(seconds) + 1)},
        )


def signed_out_page(model: ViewModel, status: int = 200) -> Response:
    """A page that needs no sign-in."""
    (template,) = model.templates
    return HTMLResponse(render(template, variables(model, template)), status, NO_STORE)
