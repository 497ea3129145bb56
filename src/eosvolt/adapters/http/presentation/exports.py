"""Lists as files to download: for pages and API alike."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, ExitStack
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.download import Download
from eosvolt.adapters.http.framework.problems import Problem
from eosvolt.adapters.http.ports.queries import Page, Queries
from eosvolt.application.table_files import FileKind, Table, TableFormat, TooManyExports

T = TypeVar("T")

# An export covers at most so many local days.
MOST_DAYS = 30
# So many items are read, and written, at a time.
AT_ONCE = 500

Batches = AsyncGenerator[Sequence[T], None]
MEDIA: dict[FileKind, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


async def download(
    dependencies: Dependencies,
    company: int,
    name: str,
    table: Table[T],
    batches: Batches[T],
    wanted: TableFormat,
) -> Download:
    """The file ``name`` without its ending, with a row for each item of ``batches``.

    Waits for the first batch, so that queries that cannot be answered are refused before anything is sent.
    Raises a 429 ``Problem`` if too many files are being written.
    """
    async with AsyncExitStack() as closing:
        closing.push_async_callback(batches.aclose)
        closing.enter_context(place_of(dependencies, company))
        try:
            first = await anext(batches)
        except StopAsyncIteration:
            # Not the default of anext: awaiting it fails for a generator that ends at once (CPython 3.11).
            first = ()
        body = dependencies.table_files.written(table, _begun(first, batches), wanted)
        closing.push_async_callback(body.aclose)
        return Download(body, f"{name}.{wanted.kind}", MEDIA[wanted.kind], closing.pop_all())


def place_of(dependencies: Dependencies, company: int) -> ExitStack:
    """A place among the files that are written at once. Raises a 429 ``Problem`` if there is none."""
    with ExitStack() as taken:
        try:
            taken.enter_context(dependencies.table_files.place(company))
        except TooManyExports:
            raise Problem(
                429, "Several exports are running already. Try again soon.", headers={"Retry-After": "10"}
            ) from None
        return taken.pop_all()


async def pages(queries: Queries, ask: Callable[[Queries, str | None], Awaitable[Page[T]]]) -> Batches[T]:
    """All items of a list, page by page, as they are at one moment. ``ask`` gets the cursor of the page."""
    async with queries.snapshot() as snapshot:
        cursor: str | None = None
        while True:
            page = await ask(snapshot, cursor)
            yield page.items
            cursor = page.cursor
            if cursor is None:
                return


def local(at: datetime | None, zone: str) -> datetime | None:
    """An instant as a cell of local time on the clock of ``zone``."""
    return None if at is None else at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def days_of(since: date, until: date) -> int:
    """How many days there are from ``since`` to ``until``, both included; less than 1 the other way round."""
    return (until - since).days + 1


def dated(name: str, since: date, until: date) -> str:
    """The name of a file about some days, e.g. ``sessions-2026-11-01-to-2026-11-30``."""
    return f"{name}-{since.isoformat()}-to-{until.isoformat()}"


async def _begun(first: Sequence[T], rest: AsyncIterator[Sequence[T]]) -> AsyncIterator[Sequence[T]]:
    yield first
    async for batch in rest:
        yield batch
