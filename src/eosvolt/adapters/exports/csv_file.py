"""Tables as CSV (RFC 4180) for spreadsheets and programs: UTF-8 with a byte order mark.

There is never a line ``sep=``: programs would take it for data, and Excel would ignore the byte order mark.
"""

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from eosvolt.application.csv_cells import BYTE_ORDER_MARK, neutralised
from eosvolt.application.table_files import Cell


class CsvFile:
    """The lines of one file, in batches."""

    def __init__(self, *, decimal_comma: bool) -> None:
        """``decimal_comma``: ``;`` between cells and ``,`` in numbers."""
        self._point = "," if decimal_comma else "."
        self._lines: list[str] = []
        self._writer = csv.writer(_Lines(self._lines), delimiter=";" if decimal_comma else ",")

    def head(self, columns: Sequence[str]) -> bytes:
        """The beginning of the file: the byte order mark and the names of the columns."""
        return BYTE_ORDER_MARK.encode() + self.lines([columns])

    def lines(self, rows: Iterable[Sequence[Cell]]) -> bytes:
        """The lines for some rows."""
        self._writer.writerows([self._text(cell) for cell in row] for row in rows)
        written = "".join(self._lines).encode("utf-8", "replace")
        self._lines.clear()
        return written

    def _text(self, cell: Cell) -> str:
        match cell:
            case None:
                return ""
            case str():
                return neutralised(cell)
            case datetime():
                return _time(cell)
            case Decimal():
                return f"{cell:f}".replace(".", self._point)
            case int():
                return str(cell)


class _Lines:
    """What ``csv.writer`` writes to."""

    def __init__(self, lines: list[str]) -> None:
        self.write = lines.append


def _time(at: datetime) -> str:
    """An instant as RFC 3339 in UTC, a local time to the second as spreadsheets read it."""
    if at.tzinfo is None:
        return at.isoformat(" ", "seconds")
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
