"""Writes tables to files in threads, a few at a time: CSV as it comes, XLSX once its file is complete."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from eosvolt.adapters.exports.csv_file import CsvFile
from eosvolt.adapters.exports.xlsx_file import XlsxFile
from eosvolt.application.table_files import R, Table, TableFormat, TooManyExports

T = TypeVar("T")

AT_ONCE = 4
AT_ONCE_OF_A_COMPANY = 2
_CHUNK = 256 * 1024


class ThreadedTableFiles:
    """Implements ``application.table_files.TableFiles``."""

    def __init__(self, at_once: int = AT_ONCE, of_a_company: int = AT_ONCE_OF_A_COMPANY) -> None:
        """How many files may be written at once, in all and of one company."""
        self._most, self._most_of_a_company = at_once, of_a_company
        self._running: Counter[int] = Counter()

    @contextmanager
    def place(self, company: int) -> Iterator[None]:
        """A place among the files that are written at once. Raises ``TooManyExports``."""
        if self._running.total() >= self._most or self._running[company] >= self._most_of_a_company:
            raise TooManyExports
        self._running[company] += 1
        try:
            yield
        finally:
            self._running[company] -= 1
            self._running += Counter()  # forgets those that have none

    def written(
        self, table: Table[R], batches: AsyncIterator[Sequence[R]], wanted: TableFormat
    ) -> AsyncGenerator[bytes, None]:
        """The bytes of the file; to be closed."""
        if wanted.kind == "xlsx":
            return _xlsx(table, batches)
        return _csv(table, batches, CsvFile(decimal_comma=wanted.decimal_comma))


async def _csv(
    table: Table[R], batches: AsyncIterator[Sequence[R]], file: CsvFile
) -> AsyncGenerator[bytes, None]:
    yield file.head(table.columns)
    async for batch in batches:
        yield await _in_thread(partial(_lines, file, table, batch))


async def _xlsx(table: Table[R], batches: AsyncIterator[Sequence[R]]) -> AsyncGenerator[bytes, None]:
    folder = await _in_thread(partial(TemporaryDirectory, prefix="eosvolt-export-"))
    try:
        path = Path(folder.name) / "table.xlsx"
        await _complete(path, table, batches)
        with await _in_thread(lambda: path.open("rb")) as complete:
            while part := await _in_thread(partial(complete.read, _CHUNK)):
                yield part
    finally:
        await _in_thread(folder.cleanup)


async def _complete(path: Path, table: Table[R], batches: AsyncIterator[Sequence[R]]) -> None:
    file = await _in_thread(partial(XlsxFile, path, table.title, table.made_at, table.columns))
    try:
        async for batch in batches:
            await _in_thread(partial(_add, file, table, batch))
        await _in_thread(file.close)
    except BaseException:
        await _in_thread(file.abandon)
        raise


def _lines(file: CsvFile, table: Table[R], items: Sequence[R]) -> bytes:
    return file.lines(map(table.cells, items))


def _add(file: XlsxFile, table: Table[R], items: Sequence[R]) -> None:
    file.add(map(table.cells, items))


async def _in_thread(work: Callable[[], T]) -> T:
    """The result of ``work``. Cancelled, this waits until it ends, so that nothing is removed under it."""
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise
