"""Forms of pages: what was typed into them, and which method reaches what."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from python_multipart.exceptions import FormParserError
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.one_operation import Named
from eosvolt.adapters.http.framework.plain_text import unseen
from eosvolt.adapters.http.framework.problems import Problem
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.permissions import Need

Answering = Callable[[Request], Awaitable[Response]]


@asynccontextmanager
async def sent_form(request: Request, files: int = 0) -> AsyncIterator[FormData]:
    """What was typed into the form that was sent: nothing, but with a POST.

    400 for what is no form and for more than so many ``files``.
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


def unseen_in(form: FormData) -> dict[str, str]:
    """Where there are characters that cannot be seen, by field, and what is to be said there."""
    return {
        name: sentence
        for name, value in form.multi_items()
        if isinstance(value, str) and (sentence := unseen(value, name))
    }


def refuse_unseen(form: FormData) -> None:
    """Raise a 422 ``Problem`` for characters that cannot be seen, where no field can say so."""
    for name, wrong in unseen_in(form).items():
        raise Problem(
            422,
            gettext(
                "{problem}, in the field {field}.",
                problem=translated(wrong).removesuffix("."),
                field=repr(name),
            ),
        )


class PageRoute(Route):
    """A path with the permission to look, and with the operation that it is to send a form there."""

    def __init__(
        self,
        path: str,
        endpoint: Answering,
        *,
        methods: Sequence[str],
        needs: Need | None = None,
        operation: Named = None,
    ) -> None:
        """Where nothing can be sent there is no ``operation``."""
        super().__init__(path, endpoint, methods=list(methods))
        self.needs = needs
        self.operation = operation


def form_route(
    path: str, shown: Answering, sent: Answering, needs: Need | None = None, operation: Named = None
) -> Route:
    """One path with two doings: GET and HEAD look, POST changes, and nothing else is possible.

    Which of the two runs is decided here, by the method, and by nothing that they look at themselves.
    """
    by_method = {"GET": shown, "HEAD": shown, "POST": sent}

    async def answer(request: Request) -> Response:
        return await by_method[request.method](request)

    return PageRoute(path, answer, methods=["GET", "POST"], needs=needs, operation=operation)
