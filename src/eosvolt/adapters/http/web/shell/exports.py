"""Downloads of lists from their pages: one address for each kind of file."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol, TypeVar, get_args

from babel.numbers import get_decimal_symbol
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import current
from eosvolt.adapters.http.ports.queries import Page, Queries
from eosvolt.adapters.http.presentation.exports import download, pages
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages
from eosvolt.adapters.http.web.shell.query_parameters import QueryChecks
from eosvolt.application.permissions import Need
from eosvolt.application.table_files import FileKind, Table, TableFormat

T = TypeVar("T")

FILE_KINDS: tuple[FileKind, ...] = get_args(FileKind)


class Exported(Protocol):
    """Answers a request with a file of a kind."""

    async def __call__(self, request: PageRequest, kind: FileKind) -> Response:
        """The file."""
        ...


def export_routes(
    site: Pages, path: str, exported: Exported, query_checks: QueryChecks, needs: Need
) -> list[Route]:
    """``{path}/export.csv`` and ``{path}/export.xlsx``."""
    return [
        site.get(f"{path}/export.{kind}", partial(exported, kind=kind), query_checks, needs, past=True)
        for kind in FILE_KINDS
    ]


async def list_download(
    request: PageRequest,
    kind: FileKind,
    name: str,
    table: Table[T],
    ask: Callable[[Queries, str | None], Awaitable[Page[T]]],
) -> Response:
    """The whole list as a file, named after ``name`` and today. ``ask`` gets the cursor of a page."""
    return await download(
        request.dependencies,
        request.number,
        f"{name}-{request.today.isoformat()}",
        table,
        pages(request.queries, ask),
        table_format(kind),
    )


def table_format(kind: FileKind) -> TableFormat:
    """The format of a file, in CSV with the decimal point or comma of the page's language."""
    return TableFormat(kind, get_decimal_symbol(current().locale) == ",")
