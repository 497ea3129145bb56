"""Error pages."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.auth import Gate
from eosvolt.adapters.http.framework.problems import Problem
from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.web.shell.page_request import GRANTS
from eosvolt.adapters.http.web.shell.rendering import render
from eosvolt.adapters.http.web.shell.view_model import ViewModel, variables
from eosvolt.application.operations.views import SEARCH
from eosvolt.application.permissions import OWNER, Grants, allows

_TITLES = {
    400: Text("Bad request"),
    403: Text("Not allowed"),
    404: Text("Page not found"),
    405: Text("Not possible at this address"),
    409: Text("Conflict"),
    413: Text("Too large"),
    422: Text("Check what you entered"),
    429: Text("Too many attempts"),
    500: Text("Something went wrong"),
    503: Text("Not ready yet"),
}

# Advice by status.
_NEXT = {
    400: Text("Go back and try again."),
    403: Text("Ask the administrator of your company's account."),
    404: Text("Check the address, or search for what you are looking for."),
    405: Text("Go back and use the form or button there."),
    409: Text("Reload the page before it and try again."),
    413: Text("Send something smaller."),
    422: Text("Go back and correct it."),
    429: Text("Wait a minute and try again."),
    503: Text("Try again in a moment. Chargers are served meanwhile."),
}
_OTHERWISE = Text(
    "Try again in a moment. If it stays, give the operator of this system the number of the request."
)
# Not repeated, because the title is the same.
_NOTHING = Text("There is nothing here.")


class ErrorPage(ViewModel, frozen=True, kw_only=True):
    """What went wrong, by field where it can be told, and what to do ``next``.

    ``grants`` are the user's, for the menu; everything where nobody looked who asks.
    """

    templates: ClassVar = ("shell/error.html",)

    status: int
    title: str
    detail: str
    findings: Sequence[tuple[str, str]]
    next: str
    signed_in: bool
    trace: str
    grants: Grants
    may_search: bool
    request: None = None
    page: str = ""


def error_page(
    dependencies: Dependencies,  # noqa: ARG001 - the composition hands all parts of the site the same
    gate: Gate,
) -> Callable[[Request, Problem], Response]:
    """Make the function that renders a problem as a page, without database queries."""

    def show(request: Request, problem: Problem) -> Response:
        status, detail = problem.status, problem.detail
        grants = request.scope.get("state", {}).get(GRANTS, OWNER)
        page = ErrorPage(
            status=status,
            title=str(_TITLES.get(status, gettext("Something went wrong"))),
            detail="" if detail == _NOTHING else detail,
            findings=[(each.pointer.lstrip("?/"), each.detail) for each in problem.findings],
            next=str(_NEXT.get(status, _OTHERWISE)),
            signed_in=bool(gate.cookie.secret(request)),
            trace=request.scope.get("state", {}).get("trace", ""),
            grants=grants,
            may_search=allows(grants, SEARCH),
        )
        return HTMLResponse(
            render("shell/error.html", variables(page, "shell/error.html")),
            status,
            {"cache-control": "no-store"},
        )

    return show
