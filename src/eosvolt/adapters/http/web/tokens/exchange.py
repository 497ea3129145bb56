"""Tokens out to a file, and in from CSV."""

import asyncio

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.ports.queries import Page, Queries
from eosvolt.adapters.http.presentation.exports import AT_ONCE
from eosvolt.adapters.http.web.shell.exports import export_routes, list_download
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.query_parameters import one_of
from eosvolt.adapters.http.web.tokens.file import MOST_BYTES, MOST_LINES, Wrong, read, token_table
from eosvolt.adapters.http.web.tokens.terms import FIELDS, STATES, change_of
from eosvolt.adapters.http.web.tokens.view_models import TokenImportPage
from eosvolt.application.operations import tokens
from eosvolt.application.operations.tokens import TokenImport
from eosvolt.application.table_files import FileKind
from eosvolt.projections.tokens import TokenRow

SHOWN = 200


def token_exchange_routes(pages: Pages) -> list[Route]:
    """``/tokens/export.…`` and ``/tokens/import``."""
    return [
        *export_routes(pages, "/tokens", export, {"status": one_of(STATES)}, tokens.EXPORT),
        pages.form(
            "/tokens/import", blank, import_file, needs=tokens.VIEW, files=1, operation=tokens.import_all
        ),
    ]


async def export(request: PageRequest, kind: FileKind) -> Response:
    """The tokens of the filter as a file."""

    async def page(queries: Queries, cursor: str | None) -> Page[TokenRow]:
        return await queries.tokens(
            request.number,
            search=request.query("search"),
            status=request.query("status"),
            at=request.then,
            cursor=cursor,
            limit=AT_ONCE,
        )

    table = token_table(request.locations.zone(), request.now)
    return await list_download(request, kind, f"tokens-{request.number}", table, page)


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
