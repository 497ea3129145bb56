"""Files in the making: a few at a time, and nothing is left of one that is given up."""

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, aclosing
from pathlib import Path

import pytest

from eosvolt.adapters.exports.table_files import ThreadedTableFiles
from eosvolt.application.table_files import FileKind, Table, TableFormat, TooManyExports
from tests.examples import COMPANY, MORNING

TABLE: Table[int] = Table("Numbers", MORNING, ("number", "square"), lambda number: (number, number**2))


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def left(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def batches(*several: Sequence[int], broken: bool = False) -> AsyncIterator[Sequence[int]]:
    for each in several:
        yield each
    if broken:
        raise ConnectionError("the database is gone")


async def test_csv_comes_batch_by_batch() -> None:
    written = ThreadedTableFiles().written(TABLE, batches([1, 2], [3]), TableFormat())
    assert [part async for part in written] == [
        b"\xef\xbb\xbfnumber,square\r\n",
        b"1,1\r\n2,4\r\n",
        b"3,9\r\n",
    ]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_an_error_in_the_middle_is_raised_and_nothing_is_left(kind: FileKind, tmp_path: Path) -> None:
    written = ThreadedTableFiles().written(TABLE, batches([1, 2], broken=True), TableFormat(kind))
    with pytest.raises(ConnectionError):
        async for _ in written:
            pass
    assert left(tmp_path) == []


async def test_a_workbook_that_is_not_read_to_its_end_leaves_nothing(tmp_path: Path) -> None:
    async with aclosing(ThreadedTableFiles().written(TABLE, batches([1]), TableFormat("xlsx"))) as written:
        assert (await anext(written)).startswith(b"PK")
        assert left(tmp_path) != []
    assert left(tmp_path) == []


def test_so_many_files_of_a_company_and_in_all_are_written_at_once_and_no_more() -> None:
    files = ThreadedTableFiles(at_once=3, of_a_company=2)
    with ExitStack() as held:
        held.enter_context(files.place(COMPANY))
        held.enter_context(files.place(COMPANY))
        with pytest.raises(TooManyExports):
            held.enter_context(files.place(COMPANY))
        held.enter_context(files.place(1))
        with pytest.raises(TooManyExports):
            held.enter_context(files.place(2))
    with files.place(COMPANY), files.place(COMPANY):
        pass
