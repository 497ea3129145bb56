"""Cells of CSV files (RFC 4180) that people open in spreadsheets.

Text that a spreadsheet would take for a formula gets an apostrophe in front, which ``restored`` takes away
again. Numbers, also negative ones, stay as they are.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

# By it spreadsheets know that a file is UTF-8.
BYTE_ORDER_MARK = "\ufeff"

# The wide forms too: spreadsheets of East Asian languages calculate them.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")


def neutralised(text: str) -> str:
    """The text for a cell, such that no spreadsheet calculates it."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def restored(cell: str) -> str:
    """The text of which ``neutralised`` made the cell."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def written(rows: Iterable[Sequence[object]]) -> str:
    """The lines of a file; texts are neutralised."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(
        [neutralised(each) if isinstance(each, str) else each for each in row] for row in rows
    )
    return text.getvalue()
