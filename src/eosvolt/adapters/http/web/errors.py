"""Errors in the product's look."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from eosvolt.adapters.http.auth import Gate
from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.web.rendering import render

_TITLES = {
    400: "That did not make sense",
    403: "Not allowed",
    404: "There is nothing here",
    405: "That is not possible here",
    409: "That does not fit",
    413: "That is too large",
    422: "Something is not right",
    429: "Too many tries",
    500: "Something went wrong",
}


def error_page(
    dependencies: Dependencies,  # noqa: ARG001 - the composition hands all parts of the site the same
    gate: Gate,
) -> Callable[[Request, int, str], Response]:
    """What shows a refusal or a failure to a person, without asking the database anything."""

    def show(request: Request, status: int, detail: str) -> Response:
        known = {
            "status": status,
            "title": _TITLES.get(status, "Something went wrong"),
            "detail": detail,
            "signed_in": gate.cookie in request.cookies,
            "trace": request.scope.get("state", {}).get("trace", ""),
        }
        return HTMLResponse(render("shell/error.html", known), status, {"cache-control": "no-store"})

    return show
