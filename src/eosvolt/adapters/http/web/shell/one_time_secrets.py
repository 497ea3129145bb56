"""Secrets that a page shows once, right after they were made.

A form is answered with a redirect, so that reloading does not send it again. The secret goes to the page that
follows in a cookie that only this page gets and takes away: nothing has to be kept here, and it does not
matter which process answers.
"""

from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from eosvolt.adapters.http.web.shell.page_request import PageRequest

_NAME = "eosvolt-shown-once"
_SECONDS = 60


def to_be_shown(request: PageRequest, path: str, secret: str) -> Response:
    """Send the browser on to the page at ``path``, which shows the secret."""
    response = RedirectResponse(path, 303)
    response.set_cookie(
        _NAME,
        secret,
        max_age=_SECONDS,
        path=quote(path, safe="/%"),
        secure=request.dependencies.secure,
        httponly=True,
        samesite="strict",
    )
    return response


def brought(request: PageRequest) -> str:
    """The secret that this page is to show; empty where there is none, or where it was shown."""
    return request.raw.cookies.get(_NAME, "")


def shown(request: PageRequest, response: Response) -> Response:
    """The page that shows it; the browser forgets the secret."""
    response.delete_cookie(
        _NAME,
        path=request.raw.url.path,
        secure=request.dependencies.secure,
        httponly=True,
        samesite="strict",
    )
    return response
