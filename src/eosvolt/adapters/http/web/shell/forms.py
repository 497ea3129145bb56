"""Forms of pages: parsing submitted data, and routes by method."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

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
from eosvolt.application.permissions import Need

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
        if isinstance(value, str) and (sentence := invisible_characters(value, name))
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


class PageRoute(Route):
    """A route with the permission to view it, and the operation of its form."""

    def __init__(
        self,
        path: str,
        endpoint: Answering,
        *,
        methods: Sequence[str],
        needs: Need | None = None,
        operation: Named = None,
        past: bool = False,
    ) -> None:
        """``operation`` is ``None`` for a route without a form. ``past``: also as of an earlier instant."""
        super().__init__(path, endpoint, methods=list(methods))
        self.past = past
        self.needs = needs
        self.operation = operation


def form_route(
    path: str,
    shown: Answering,
    sent: Answering,
    needs: Need | None = None,
    operation: Named = None,
    *,
    past: bool = False,
) -> Route:
    """A route with two handlers: GET and HEAD show, POST changes; other methods are refused.

    The method alone decides which handler runs.
    """
    by_method = {"GET": shown, "HEAD": shown, "POST": sent}

    async def answer(request: Request) -> Response:
        return await by_method[request.method](request)

    methods = ["GET", "POST"]
    return PageRoute(path, answer, methods=methods, needs=needs, operation=operation, past=past)
