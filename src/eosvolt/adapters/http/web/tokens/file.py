"""Tokens as a CSV file (RFC 4180): written for spreadsheets, and read with all that is wrong by line."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.tokens.terms import FIELDS, TermTexts, problems, terms_of
from eosvolt.application.csv_cells import restored
from eosvolt.application.table_files import Cell, Table
from eosvolt.domain.tokens.uid import folded
from eosvolt.projections.tokens import TokenRow

MOST_BYTES = 512 * 1024
MOST_LINES = 2000
# Told by an export for people, and not read again.
READ_ONLY = ("expiresLocal", "addedAt")
_SEPARATORS = (",", ";", "\t")


class Wrong(NamedTuple):
    """What is wrong in a line of a file; ``column`` is empty where it is the whole line."""

    line: int
    column: str
    sentence: str


class Line(NamedTuple):
    """A token of a file, with the number of its line."""

    number: int
    terms: TermTexts


def token_table(zone: str, made_at: datetime) -> Table[TokenRow]:
    """Tokens as a table. Instants are in UTC, and for people on the clock of ``zone``."""
    return Table("Tokens", made_at, (*FIELDS, *READ_ONLY), partial(_cells, zone=zone))


def read(content: bytes, zone: str) -> tuple[list[Line], list[Wrong]]:
    """The tokens of a file and everything that is wrong with it, by line from 1; the header is line 1.

    The columns may be in any order and separated by commas, semicolons or tabs. Only ``uid`` has to be there.
    """
    if len(content) > MOST_BYTES:
        return [], [
            Wrong(1, "", gettext("The file has more than {most_bytes} KB.", most_bytes=MOST_BYTES // 1024))
        ]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [Wrong(1, "", gettext("The file is not UTF-8: save it as “CSV UTF-8”."))]
    first = text.partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(_SEPARATORS, key=first.count), strict=True
    )
    found: list[Line] = []
    try:
        columns = [cell.strip() for cell in next(reader, [])]
        if wrong := _wrong_header(columns):
            return [], wrong
        above = reader.line_num
        for cells in reader:
            number, above = above + 1, reader.line_num
            if not any(cells):
                continue
            if len(found) + len(wrong) >= MOST_LINES:
                return [], [
                    Wrong(
                        number, "", gettext("A file has at most {most_lines} tokens.", most_lines=MOST_LINES)
                    )
                ]
            if len(cells) != len(columns):
                wrong.append(
                    Wrong(
                        number,
                        "",
                        gettext(
                            "There are {cells} cells, and {columns} columns.",
                            cells=len(cells),
                            columns=len(columns),
                        ),
                    )
                )
                continue
            texts = {name: restored(cell.strip()) for name, cell in zip(columns, cells, strict=True)}
            found.append(Line(number, terms_of(texts)))
    except csv.Error as error:
        return [], [Wrong(reader.line_num, "", gettext("This is not CSV: {error}.", error=error))]
    return found, sorted([*wrong, *_wrong_lines(found, zone)])


def _wrong_header(columns: Sequence[str]) -> list[Wrong]:
    wrong = [
        Wrong(1, name, gettext("There is no such column."))
        for name in columns
        if name not in (*FIELDS, *READ_ONLY)
    ]
    wrong += [
        Wrong(1, name, gettext("The column is there twice.")) for name in FIELDS if columns.count(name) > 1
    ]
    if "uid" not in columns:
        wrong.append(
            Wrong(
                1,
                "uid",
                gettext(
                    "The column is missing. The first line names columns: {fields}.", fields=", ".join(FIELDS)
                ),
            )
        )
    return wrong


def _wrong_lines(found: Iterable[Line], zone: str) -> Iterable[Wrong]:
    seen: dict[str, int] = {}
    for line in found:
        for column, sentence in problems(line.terms, zone).items():
            yield Wrong(line.number, column, sentence)
        before = seen.setdefault(folded(line.terms.uid), line.number)
        if before != line.number:
            yield Wrong(line.number, "uid", gettext("The token is in line {before} already.", before=before))


def _cells(row: TokenRow, *, zone: str) -> tuple[Cell, ...]:
    return (
        row.uid,
        row.label,
        row.status,
        row.group,
        row.expires_at,
        "yes" if row.concurrent else "no",
        None if row.expires_at is None else _local(row.expires_at, zone),
        row.issued_at,
    )


def _local(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"
