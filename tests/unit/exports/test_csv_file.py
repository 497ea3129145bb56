"""CSV files: only text is neutralised for spreadsheets, numbers are numbers, times are times."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eosvolt.adapters.exports.csv_file import CsvFile
from eosvolt.application.csv_cells import neutralised, restored
from eosvolt.application.table_files import Cell

# 02:30 exists twice in this night; this is the second one, in Berlin.
TWICE = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def line(*cells: Cell, decimal_comma: bool = False) -> str:
    return CsvFile(decimal_comma=decimal_comma).lines([cells]).decode()


def test_a_file_begins_with_the_byte_order_mark_and_the_names_of_its_columns() -> None:
    assert CsvFile(decimal_comma=False).head(["number", "total"]) == b"\xef\xbb\xbfnumber,total\r\n"
    assert CsvFile(decimal_comma=True).head(["number", "total"]) == b"\xef\xbb\xbfnumber;total\r\n"


def test_text_that_would_be_calculated_is_neutralised_and_a_negative_number_is_not() -> None:
    assert line("=1+1", Decimal("-12.34"), -5, "-12.34", "@x") == "'=1+1,-12.34,-5,-12.34,'@x\r\n"


def test_with_a_decimal_comma_cells_are_separated_by_semicolons() -> None:
    assert line(Decimal("12.340"), 7, "1,5 kW", decimal_comma=True) == "12,340;7;1,5 kW\r\n"
    assert line(Decimal("-0.50"), "a;b", decimal_comma=True) == '-0,50;"a;b"\r\n'


def test_a_number_has_all_its_digits() -> None:
    assert line(Decimal("0.3636"), Decimal("1E+2"), Decimal("0.000001")) == "0.3636,100,0.000001\r\n"


def test_an_instant_is_written_in_utc_and_a_local_time_as_its_clock_shows_it() -> None:
    assert line(TWICE, datetime(2026, 10, 25, 2, 30), None) == (  # noqa: DTZ001 - a local time has no zone
        "2026-10-25T01:30:00Z,2026-10-25 02:30:00,\r\n"
    )


@pytest.mark.parametrize("text", ["a,b", 'say "so"', "two\nlines", "東京 Đường", "\ud800", " = ", ""])
@pytest.mark.parametrize("decimal_comma", [True, False])
def test_a_reader_of_csv_finds_the_text_again(text: str, decimal_comma: bool) -> None:
    written = line(text, "next", decimal_comma=decimal_comma)
    (cells,) = csv.reader(io.StringIO(written, newline=""), delimiter=";" if decimal_comma else ",")
    assert [restored(cells[0]), cells[1]] == [text.encode("utf-8", "replace").decode(), "next"]


@given(st.text())
def test_neutralised_text_is_no_formula_and_comes_back(text: str) -> None:
    safe = neutralised(text)
    assert restored(safe) == text or safe == text
    assert not safe.startswith(("=", "@", "\t", "\r"))
