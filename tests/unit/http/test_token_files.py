"""Tokens go into a CSV file and come out as they were, and a wrong file says all that is wrong with it."""

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from eosvolt.adapters.exports.csv_file import CsvFile
from eosvolt.adapters.http.web.tokens.file import MOST_BYTES, MOST_LINES, read, token_table
from eosvolt.adapters.http.web.tokens.terms import TermTexts, change_of, issue_of
from eosvolt.application.csv_cells import neutralised, restored
from eosvolt.projections.tokens import TokenRow
from tests.examples import MORNING

BERLIN = "Europe/Berlin"
# 02:30 exists twice in this night; this is the second one.
TWICE = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def row(
    uid: str,
    *,
    label: str = "",
    group: str = "",
    status: str = "accepted",
    expires_at: datetime | None = None,
    concurrent: bool = False,
) -> TokenRow:
    return TokenRow(
        token=f"242/{uid}",
        company=242,
        uid=uid,
        status=status,
        group=group,
        expires_at=expires_at,
        label=label,
        concurrent=concurrent,
        issued_at=MORNING,
        version=1,
    )


def wrong(text: str | bytes) -> list[tuple[int, str]]:
    content = text.encode() if isinstance(text, str) else text
    found, problems = read(content, BERLIN)
    assert not found or problems
    return [(each.line, each.column) for each in problems]


@pytest.mark.parametrize(
    "text", ["=1+1", "+SUM(A1)", "-cmd|x", "@x", "'=1", "\uff1d1+1", "=HYPERLINK(1)", "--5", "+49 30 123"]
)
def test_what_a_spreadsheet_would_calculate_is_text(text: str) -> None:
    assert neutralised(text) == f"'{text}"
    assert restored(neutralised(text)) == text


@pytest.mark.parametrize("text", ["-12.50", "+3", "-7,5", "04A1B2", "it's", "'quoted'", "", "a=b"])
def test_numbers_and_harmless_texts_stay_as_they_are(text: str) -> None:
    assert neutralised(text) == text
    assert restored(text) == text


@given(st.text())
def test_every_cell_comes_back(text: str) -> None:
    assert restored(neutralised(text)) == text


def test_a_file_comes_back_as_it_was_written() -> None:
    rows = [
        row("=CMD", label='Fleet "A", night', group="-G", status="blocked", concurrent=True),
        row("04 A1 B2", label="Straße, Đường, 東京", expires_at=TWICE),
    ]
    file, table = CsvFile(decimal_comma=False), token_table(BERLIN, MORNING)
    written = file.head(table.columns) + file.lines(map(table.cells, rows))
    assert written.decode().startswith("\ufeffuid,")
    assert b"2026-10-25T01:30:00Z,no,2026-10-25 02:30 Europe/Berlin," in written
    found, problems = read(written, BERLIN)
    assert problems == []
    again = [issue_of(line.terms, BERLIN) for line in found]
    assert [
        (each.uid, each.terms.label, each.terms.group, each.terms.status.value, each.terms.concurrent)
        for each in again
    ] == [
        ("=CMD", 'Fleet "A", night', "-G", "blocked", True),
        ("04 A1 B2", "Straße, Đường, 東京", "", "accepted", False),
    ]
    assert again[1].terms.expires_at == TWICE


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_the_separators_and_line_ends_of_spreadsheets_are_understood(separator: str, ending: str) -> None:
    text = ending.join(separator.join(cells) for cells in (("label", "uid"), ("Ana", "c1"), ("Ben", "c2")))
    found, problems = read(text.encode(), BERLIN)
    assert (problems, [line.terms.uid for line in found]) == ([], ["c1", "c2"])


def test_all_that_is_wrong_is_said_by_line() -> None:
    text = (
        "uid,label,status,group,expiresAt,concurrent\n"
        "A1,,accepted,,,\n"
        "Ä,x,lost,É,soon,maybe\n"
        '"B2","two\nlines",accepted,,,no\n'
        "a1,,,,2027-12-31,\n"
        "C3,,\n"
    )
    assert wrong(text) == [
        (3, "concurrent"), (3, "expiresAt"), (3, "group"), (3, "status"), (3, "uid"),
        (4, "label"),
        (6, "expiresAt"), (6, "uid"),
        (7, ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(1, "uid")]),
        ("number,label\nA1,x\n", [(1, "number"), (1, "uid")]),
        ("uid,uid\nA1,A2\n", [(1, "uid")]),
        ('uid\n"A1\n', [(2, "")]),
        (b"uid\nStra\xdfe\n", [(1, "")]),
        (b"uid\n" + b"A" * MOST_BYTES, [(1, "")]),
        ("uid\n" + "".join(f"A{each}\n" for each in range(MOST_LINES + 1)), [(MOST_LINES + 2, "")]),
    ],
)
def test_what_is_no_such_file_is_refused(text: str | bytes, expected: list[tuple[int, str]]) -> None:
    assert wrong(text) == expected


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    read(b"uid,label\n" + content, BERLIN)


@given(st.lists(st.lists(st.text(max_size=8), min_size=2, max_size=2), max_size=5))
def test_whatever_is_not_wrong_can_be_put(rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["uid", "label"], *rows])
    found, problems = read(text.getvalue().encode("utf-8", "replace"), BERLIN)
    if not problems:
        for line in found:
            assert issue_of(line.terms, BERLIN).uid.strip()


def test_what_a_file_does_not_say_is_not_asked_for() -> None:
    change = change_of(TermTexts("a1", label="Ben"), BERLIN)
    assert (change.uid, change.label) == ("a1", "Ben")
    assert {change.status, change.group, change.expires_at, change.concurrent} == {UNSET}
    cleared = change_of(TermTexts("a1", group="", expires_at="", concurrent=""), BERLIN)
    assert (cleared.group, cleared.expires_at, cleared.concurrent) == ("", None, False)
