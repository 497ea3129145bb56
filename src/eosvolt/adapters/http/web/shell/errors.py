"""Errors in the product's look."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from eosvolt.adapters.http.framework.auth import Gate
from eosvolt.adapters.http.framework.dependencies import Dependencies
from eosvolt.adapters.http.framework.problems import Problem
from eosvolt.adapters.http.web.shell.rendering import render

_TITLES = {
    400: "Bad request",
    403: "Not allowed",
    404: "Page not found",
    405: "Not possible at this address",
    409: "Conflict",
    413: "Too large",
    422: "Check what you entered",
    429: "Too many attempts",
    500: "Something went wrong",
    503: "Not ready yet",
}

# What to do next.
_NEXT = {
    400: "Go back and try again.",
    403: "Ask whoever runs your company's account.",
    404: "Check the address, or search for what you are looking for.",
    405: "Go back and use the form or button there.",
    409: "Reload the page before it and try again.",
    413: "Send something smaller.",
    422: "Go back and correct it.",
    429: "Wait a minute and try again.",
    503: "Try again in a moment. Chargers are served meanwhile.",
}
_OTHERWISE = "Try again in a moment. If it stays, tell whoever runs this system the number of the request."
# Said by the title already.
_NOTHING = "There is nothing here."


def error_page(
    dependencies: Dependencies,  # noqa: ARG001 - the composition hands all parts of the site the same
    gate: Gate,
) -> Callable[[Request, Problem], Response]:
    """What shows a refusal or a failure to a person, without asking the database anything."""

    def show(request: Request, problem: Problem) -> Response:
        status, detail = problem.status, problem.detail
        known = {
            "status": status,
            "title": _TITLES.get(status, "Something went wrong"),
            "detail": "" if detail == _NOTHING else detail,
            "findings": [(each.pointer.lstrip("?/"), each.detail) for each in problem.findings],
            "next": _NEXT.get(status, _OTHERWISE),
            "page": "",
            "request": None,
            "signed_in": gate.cookie in request.cookies,
            "trace": request.scope.get("state", {}).get("trace", ""),
        }
        return HTMLResponse(render("shell/error.html", known), status, {"cache-control": "no-store"})

    return show
