"""Forms of pages: parsing submitted data, and routes by method."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from python_multipart.exceptions import FormParserError
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.one_operation import Named
from eosvolt.adapters.http.framework.plain_text import invisible_characters
from eosvolt.adapters.http.framework.problems import Problem
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.operations.operation import Operation
from eosvolt.application.permissions import Grants, Need, allows, require

# Fields of forms with a list, one item on each line.
LISTS = frozenset({"customers", "firstTokens", "groups", "tokenGroups", "tokens"})
_LINE_END = re.compile("\r\n|\r|\n")
Answering = Callable[[Request], Awaitable[Response]]


@asynccontextmanager
async def sent_form(request: Request, files: int = 0) -> AsyncIterator[FormData]:
    """The data of a submitted form; empty unless the method is POST.

    Raises a 400 ``Problem`` for other content and for more than ``files`` files.
    """
    if request.method != "POST":
        yield FormData()
        return
    try:
        form = await request.form(max_files=files)
    except FormParserError as error:
        raise Problem(400, gettext("This is not a form: {error}.", error=error)) from None
    try:
        yield form
    finally:
        await form.close()


def invisible_characters_in(form: FormData) -> dict[str, str]:
    """The errors about invisible characters, by field."""
    return {
        name: sentence
        for name, value in form.multi_items()
        if isinstance(value, str)
        for item in (_LINE_END.split(value) if name in LISTS else (value,))
        if (sentence := invisible_characters(item, name))
    }


def refuse_invisible(form: FormData) -> None:
    """Raise a 422 ``Problem`` for invisible characters; for forms that show no errors at fields."""
    for name, wrong in invisible_characters_in(form).items():
        raise Problem(
            422,
            gettext(
                "{problem}, in the field {field}.",
                problem=translated(wrong).removesuffix("."),
                field=repr(name),
            ),
        )


class PageAccess(NamedTuple):
    """What a page takes to be opened: the permission to view what is on it.

    And one of the ``operations`` that it has forms for, unless it is worth reading without them (empty).
    """

    needs: Need | None = None
    operations: tuple[Operation[Any, Any], ...] = ()

    def permitted(self, grants: Grants) -> bool:
        """Whether somebody with these grants may open it."""
        if self.needs is not None and not allows(grants, self.needs):
            return False
        return not self.operations or any(each.permitted(grants) for each in self.operations)

    def require(self, grants: Grants) -> None:
        """Raise ``Forbidden`` if it is not ``permitted``."""
        if self.needs is not None:
            require(grants, self.needs)
        if not self.permitted(grants):
            self.operations[0].require(grants)


class PageRoute(Route):
    """A route with what it takes to open it, and the operation of its form."""

    def __init__(
        self,
        path: str,
        endpoint: Answering,
        *,
        methods: Sequence[str],
        access: PageAccess = PageAccess(),  # noqa: B008 - a constant
        operation: Named = None,
        past: bool = False,
    ) -> None:
        """``operation`` is ``None`` for a route without a form. ``past``: also as of an earlier instant."""
        super().__init__(path, endpoint, methods=list(methods))
        self.past = past
        self.access = access
        self.operation = operation


def form_route(
    path: str,
    shown: Answering,
    sent: Answering,
    access: PageAccess = PageAccess(),  # noqa: B008 - a constant
    operation: Named = None,
    *,
    past: bool = False,
) -> PageRoute:
    """A route with two handlers: GET and HEAD show, POST changes; other methods are refused.

    The method alone decides which handler runs.
    """
    by_method = {"GET": shown, "HEAD": shown, "POST": sent}

    async def answer(request: Request) -> Response:
        return await by_method[request.method](request)

    methods = ["GET", "POST"]
    return PageRoute(path, answer, methods=methods, access=access, operation=operation, past=past)
