"""Tokens out to a CSV file and in from one."""

import asyncio
from collections.abc import AsyncIterator

from starlette.datastructures import UploadFile
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.query_parameters import one_of
from eosvolt.adapters.http.web.tokens.file import MOST_BYTES, MOST_LINES, Wrong, header, lines, read
from eosvolt.adapters.http.web.tokens.terms import FIELDS, STATES, change_of
from eosvolt.adapters.http.web.tokens.view_models import TokenImportPage
from eosvolt.application.operations import tokens
from eosvolt.application.operations.tokens import TokenImport

SHOWN = 200
_AT_ONCE = 500


def token_exchange_routes(pages: Pages) -> list[Route]:
    """``/tokens/export.csv`` and ``/tokens/import``."""
    return [
        pages.get("/tokens/export.csv", export, {"status": one_of(STATES)}, tokens.EXPORT),
        pages.form(
            "/tokens/import", blank, import_file, needs=tokens.VIEW, files=1, operation=tokens.import_all
        ),
    ]


async def export(request: PageRequest) -> Response:
    """The tokens of the filter as a file."""
    name = f"tokens-{request.number}-{request.today:%Y-%m-%d}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_exported(request), media_type="text/csv; charset=utf-8", headers=headers)


async def blank(request: PageRequest) -> Response:
    """The form."""
    return await _page(request, [])


async def import_file(request: PageRequest) -> Response:
    """Put all tokens of a file, or show what is wrong with it and change nothing."""
    sent = request.form.get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        return await _page(request, [Wrong(0, "", gettext("Choose a file."))])
    content = await sent.read(MOST_BYTES + 1)
    found, wrong = await asyncio.to_thread(read, content, request.locations.zone())
    if not wrong and not found:
        wrong = [Wrong(1, "", gettext("There is no token in the file."))]
    if wrong:
        return await _page(request, wrong)
    zone = request.locations.zone()
    changes = await asyncio.to_thread(lambda: [change_of(line.terms, zone) for line in found])
    done = await request.run(tokens.import_all, TokenImport(changes=changes))
    return redirect(
        "/tokens",
        gettext(
            "{added} added, {changed} changed, {same} as they were.",
            added=done.added,
            changed=done.changed,
            same=done.same,
        ),
    )


async def _exported(request: PageRequest) -> AsyncIterator[str]:
    yield header()
    cursor: str | None = None
    while True:
        page = await request.queries.tokens(
            request.number,
            search=request.query("search"),
            status=request.query("status"),
            at=request.now,
            cursor=cursor,
            limit=_AT_ONCE,
        )
        yield lines(page.items, request.locations.zone())
        cursor = page.cursor
        if cursor is None:
            return


async def _page(request: PageRequest, wrong: list[Wrong]) -> Response:
    return await show(
        request,
        TokenImportPage(
            wrong=wrong[:SHOWN],
            more=max(0, len(wrong) - SHOWN),
            lines=MOST_LINES,
            kilobytes=MOST_BYTES // 1024,
            columns=FIELDS,
        ),
        status=422 if wrong else 200,
    )
