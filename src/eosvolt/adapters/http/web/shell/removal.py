"""Asking for a thing's name before it is removed."""

from typing import NamedTuple

from starlette.responses import Response

from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import show


class Removal(NamedTuple):
    """What is to be removed: ``name`` has to be typed, ``what`` is its kind, ``back`` the page to return to.

    ``page`` is the part of the site that it belongs to, ``consequence`` a sentence.
    """

    page: str
    name: str
    what: str
    back: str
    consequence: str


async def ask_before(request: PageRequest, removal: Removal, problem: str = "") -> Response:
    """The page that asks, with the ``problem`` of the last answer."""
    status = 422 if problem else 200
    return await show(request, "shell/remove.html", status=status, problem=problem, **removal._asdict())
