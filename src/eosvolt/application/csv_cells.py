"""Text in cells of CSV files (RFC 4180) that people open in spreadsheets.

Text that a spreadsheet would take for a formula gets an apostrophe in front, which ``restored`` takes away
again. Numbers, also negative ones, stay as they are.
"""

import re

# Spreadsheets recognise UTF-8 by it.
BYTE_ORDER_MARK = "\ufeff"

# Full-width characters too: East Asian spreadsheets treat them as formulas.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")


def neutralised(text: str) -> str:
    """The text for a cell, which no spreadsheet treats as a formula."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def restored(cell: str) -> str:
    """The original text of a cell; the inverse of ``neutralised``."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
