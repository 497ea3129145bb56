"""Forms of pages: what was typed into them, and which method reaches what."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from python_multipart.exceptions import FormParserError
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.plain_text import unseen
from eosvolt.adapters.http.problems import Problem

Answering = Callable[[Request], Awaitable[Response]]


@asynccontextmanager
async def sent_form(request: Request) -> AsyncIterator[FormData]:
    """What was typed into the form that was sent: nothing, but with a POST.

    400 for what is no form, 422 for characters that cannot be seen.
    """
    if request.method != "POST":
        yield FormData()
        return
    try:
        form = await request.form(max_files=0)
    except FormParserError as error:
        raise Problem(400, f"This is not a form: {error}.") from None
    try:
        for name, value in form.multi_items():
            if isinstance(value, str) and (wrong := unseen(value, name)):
                raise Problem(422, f"{wrong[:-1]}, in the field {name!r}.")
        yield form
    finally:
        await form.close()


def form_route(path: str, shown: Answering, sent: Answering) -> Route:
    """One path with two doings: GET and HEAD look, POST changes, and nothing else is possible.

    Which of the two runs is decided here, by the method, and by nothing that they look at themselves.
    """
    by_method = {"GET": shown, "HEAD": shown, "POST": sent}

    async def answer(request: Request) -> Response:
        return await by_method[request.method](request)

    return Route(path, answer, methods=["GET", "POST"])
