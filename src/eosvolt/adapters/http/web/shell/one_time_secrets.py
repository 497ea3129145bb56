"""Secrets that a page shows once, right after they were created.

A form is answered with a redirect, so that reloading does not send it again. A cookie that only the next page
gets carries the secret there, and that page deletes it. So nothing is stored here, and any process can answer
the request.
"""

from typing import Protocol
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from eosvolt.adapters.http.dependencies import Dependencies

_NAME = "eosvolt-shown-once"
_SECONDS = 60


class SignedInRequest(Protocol):
    """A request of somebody who is signed in."""

    @property
    def raw(self) -> Request:
        """The request itself."""
        ...

    @property
    def dependencies(self) -> Dependencies:
        """The dependencies of its response."""
        ...


def to_be_shown(request: SignedInRequest, path: str, secret: str) -> Response:
    """Redirect the browser to the page at ``path``, which shows the secret."""
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


def brought(request: SignedInRequest) -> str:
    """The secret that this page shows; empty if there is none, or it was shown before."""
    return request.raw.cookies.get(_NAME, "")


def shown(request: SignedInRequest, response: Response) -> Response:
    """The page's response, which deletes the cookie with the secret."""
    response.delete_cookie(
        _NAME,
        path=request.raw.url.path,
        secure=request.dependencies.secure,
        httponly=True,
        samesite="strict",
    )
    return response
