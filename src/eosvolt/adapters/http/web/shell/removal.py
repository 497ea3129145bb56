"""The page that asks for an object's name before it is removed."""

from typing import ClassVar

import msgspec
from starlette.responses import Response

from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import show
from eosvolt.adapters.http.web.shell.view_model import ViewModel


class Removal(ViewModel, frozen=True, kw_only=True):
    """What is to be removed: ``name`` has to be typed, ``what`` is its kind, ``back`` the page to return to.

    ``page`` is the part of the site that it belongs to, ``consequence`` a sentence. ``problem`` is what was
    wrong with the last answer.
    """

    templates: ClassVar = ("shell/remove.html",)

    page: str
    name: str
    what: str
    back: str
    consequence: str
    problem: str = ""


async def ask_before(request: PageRequest, removal: Removal, problem: str = "") -> Response:
    """The page that asks, with the ``problem`` of the last answer."""
    model = msgspec.structs.replace(removal, problem=problem)
    return await show(request, model, status=422 if problem else 200)
