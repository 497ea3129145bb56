"""Workbooks, read again by another library: text is text, numbers are numbers, times are times."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl

from eosvolt.adapters.exports.xlsx_file import LONGEST_TEXT, XlsxFile
from eosvolt.application.table_files import Cell
from tests.examples import MORNING

LOCAL = datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001 - a local time has no zone


def book(folder: Path, rows: Sequence[Sequence[Cell]], rows_of_a_sheet: int = 100) -> openpyxl.Workbook:
    path = folder / "table.xlsx"
    columns = [f"c{number}" for number in range(len(rows[0]))]
    file = XlsxFile(path, "Sessions", MORNING, columns, rows_of_a_sheet=rows_of_a_sheet)
    file.add(rows)
    file.close()
    assert [each.name for each in folder.iterdir()] == ["table.xlsx"]
    return openpyxl.load_workbook(path)


def row(folder: Path, *cells: Cell) -> list[openpyxl.cell.Cell]:
    return list(book(folder, [cells]).active[2])


def test_text_stays_text_whatever_it_looks_like(tmp_path: Path) -> None:
    texts = [
        "=1+1",
        "0012345678",
        "1E5",
        "http://example.com",
        "-5",
        "TRUE",
        "{=1}",
        "04A1 B2",
        "=cmd|' /C'!A0",
    ]
    cells = row(tmp_path, *texts)
    assert [(each.value, each.data_type) for each in cells] == [(text, "s") for text in texts]


def test_numbers_are_numbers_with_the_decimals_that_they_have(tmp_path: Path) -> None:
    numbers: list[int | Decimal] = [7, Decimal("-12.30"), Decimal("0.3636"), Decimal(500), Decimal("1.234")]
    cells = row(tmp_path, *numbers)
    assert [each.data_type for each in cells] == ["n"] * 5
    assert [Decimal(str(each.value)) for each in cells] == numbers
    assert [each.number_format for each in cells] == ["0", "0.00", "0.0000", "0", "0.000"]


def test_a_number_that_excel_would_change_is_text(tmp_path: Path) -> None:
    (exact, rounded) = row(tmp_path, 999_999_999_999_999, Decimal("12345678901234.567"))
    assert (exact.value, exact.data_type) == (999_999_999_999_999, "n")
    assert (rounded.value, rounded.data_type) == ("12345678901234.567", "s")


def test_a_local_time_is_a_date_as_its_clock_shows_it_and_an_instant_one_in_utc(tmp_path: Path) -> None:
    instant = datetime(2026, 10, 25, 1, 30, 0, 400_000, tzinfo=UTC)
    local, utc, old, nothing = row(tmp_path, LOCAL, instant, datetime(1890, 1, 1, tzinfo=UTC), None)
    assert (local.value, utc.value) == (LOCAL, LOCAL.replace(hour=1))
    assert {local.number_format, utc.number_format} == {"yyyy-mm-dd hh:mm:ss"}
    assert (old.value, nothing.value) == ("1890-01-01 00:00:00", None)


def test_a_text_that_is_too_long_for_a_cell_says_so(tmp_path: Path) -> None:
    (cell,) = row(tmp_path, "x" * (LONGEST_TEXT + 1))
    assert (len(cell.value), cell.value[-1]) == (LONGEST_TEXT, "…")


def test_rows_that_do_not_fit_a_sheet_are_on_the_next_one_below_the_same_head(tmp_path: Path) -> None:
    written = book(tmp_path, [(number,) for number in range(5)], rows_of_a_sheet=3)
    assert written.sheetnames == ["Sessions", "Sessions 2", "Sessions 3"]
    assert [[cell.value for (cell,) in sheet.rows] for sheet in written.worksheets] == [
        ["c0", 0, 1],
        ["c0", 2, 3],
        ["c0", 4],
    ]


def test_a_file_that_is_given_up_holds_nothing_open(tmp_path: Path) -> None:
    file = XlsxFile(tmp_path / "table.xlsx", "Sessions", MORNING, ["a"])
    file.add([("x",)] * 1000)
    file.abandon()
    assert not (tmp_path / "table.xlsx").exists()
