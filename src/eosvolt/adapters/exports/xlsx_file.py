"""Tables as workbooks of Excel (Office Open XML), written row by row to a file in constant memory."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from eosvolt.application.table_files import Cell

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

# The bounds of a worksheet: https://support.microsoft.com/office/excel-specifications-and-limits
ROWS_OF_A_SHEET = 1_048_576
LONGEST_TEXT = 32_767
LONGEST_TITLE = 31
# Excel keeps 15 digits of a number, and no date before 1900.
MOST_DIGITS = 15
FIRST_YEAR = 1900
_WIDTH = 18


class XlsxFile:
    """One workbook, to be ended by ``close`` or ``abandon``.

    Text stays text, whatever it looks like, so that no cell is a formula and no id becomes a number. Rows
    that do not fit one sheet are on further ones, each with the head.
    """

    def __init__(
        self,
        path: Path,
        title: str,
        made_at: datetime,
        columns: Sequence[str],
        *,
        rows_of_a_sheet: int = ROWS_OF_A_SHEET,
    ) -> None:
        """Begin the workbook at ``path``; further temporary files are beside it."""
        # The library is loaded late, because no start needs it; workbooks are written in a thread.
        import xlsxwriter  # noqa: PLC0415 - see above

        options = {"constant_memory": True, "tmpdir": str(path.parent)}
        self._book = xlsxwriter.Workbook(str(path), options)
        self._book.set_properties({"title": title, "created": made_at})
        self._title, self._columns, self._most = title, columns, rows_of_a_sheet
        self._bold = self._book.add_format({"bold": True})
        self._time = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._decimals: dict[int, Format] = {}
        self._sheets = 0
        self._sheet = self._new_sheet()

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write some more rows."""
        for row in rows:
            if self._next == self._most:
                self._sheet = self._new_sheet()
            for column, cell in enumerate(row):
                self._write(column, cell)
            self._next += 1

    def close(self) -> None:
        """Complete the file."""
        self._book.close()

    def abandon(self) -> None:
        """Give the file up. The library has no public way but to complete it, which may take seconds."""
        for sheet in self._book.worksheets():
            sheet._opt_close()  # noqa: SLF001 - see above

    def _new_sheet(self) -> "Worksheet":
        self._sheets += 1
        name = self._title if self._sheets == 1 else f"{self._title} {self._sheets}"
        sheet: Worksheet = self._book.add_worksheet(name[:LONGEST_TITLE])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(self._columns) - 1, _WIDTH)
        for column, label in enumerate(self._columns):
            sheet.write_string(0, column, label, self._bold)
        self._next = 1
        return sheet

    def _write(self, column: int, cell: Cell) -> None:
        match cell:
            case None | "":
                return
            case str():
                self._write_text(column, cell)
            case datetime():
                self._write_time(column, cell)
            case int() | Decimal():
                self._write_number(column, Decimal(cell))

    def _write_text(self, column: int, text: str) -> None:
        if len(text) > LONGEST_TEXT:
            text = f"{text[: LONGEST_TEXT - 1]}…"
        self._sheet.write_string(self._next, column, text)

    def _write_time(self, column: int, at: datetime) -> None:
        """Times have no zone in a workbook; instants are in UTC."""
        plain = at.replace(microsecond=0) if at.tzinfo is None else _utc(at)
        if plain.year < FIRST_YEAR:
            self._write_text(column, plain.isoformat(" "))
            return
        self._sheet.write_datetime(self._next, column, plain, self._time)

    def _write_number(self, column: int, number: Decimal) -> None:
        """A number with the decimals that it has; text where Excel would change a digit."""
        _, digits, exponent = number.as_tuple()
        if len(digits) > MOST_DIGITS or not isinstance(exponent, int):
            self._write_text(column, f"{number:f}")
            return
        decimals = max(-exponent, 0)
        shown = self._decimals.get(decimals)
        if shown is None:
            shown = self._book.add_format({"num_format": f"0.{'0' * decimals}" if decimals else "0"})
            self._decimals[decimals] = shown
        self._sheet.write_number(self._next, column, float(number), shown)


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None)
