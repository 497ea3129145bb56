"""The register of a year's documents: one number after the other."""

import pytest

from eosvolt.domain.documents.commands import IssueDocument
from eosvolt.domain.documents.events import DocumentIssued, DocumentKind
from eosvolt.domain.documents.register import (
    NUMBERS_EACH,
    Register,
    document_number,
    documents,
    fiscal_year,
)
from eosvolt.domain.kernel import Rejected
from tests.examples import COMPANY, MORNING
from tests.rule import Rule

KIND = DocumentKind.CREDIT_NOTE


def numbered(sequence: int, session: str = "1") -> tuple[IssueDocument, DocumentIssued]:
    number = document_number("VS-", KIND, 2026, sequence)
    fields = (COMPANY, KIND, 2026, sequence, number, session, MORNING)
    names = ("company", "kind", "fiscal_year", "sequence", "number", "session", "at")
    told = dict(zip(names, fields, strict=True))
    return IssueDocument(**told), DocumentIssued(**told)  # type: ignore[arg-type]  # their types differ by name


def test_numbers_follow_each_other() -> None:
    (first, is_first), (second, is_second) = numbered(1), numbered(2, "2")
    Rule(documents).when(first).then(is_first)
    Rule(documents).given(is_first).when(second).then(is_second)
    assert is_second.number == "VS-CN-2026-00002"


@pytest.mark.parametrize("sequence", [1, 3])
def test_no_number_is_given_twice_or_left_out(sequence: int) -> None:
    command, _ = numbered(sequence, "another")
    with pytest.raises(Rejected):
        Rule(documents).given(numbered(1)[1]).when(command)


def test_a_stream_ends_with_its_last_number_and_the_next_begins_with_the_one_after() -> None:
    full = Register(NUMBERS_EACH, numbered(NUMBERS_EACH)[1])
    command, event = numbered(NUMBERS_EACH + 1)
    with pytest.raises(Rejected):
        documents.decide(command, full)
    Rule(documents).when(command).then(event)


def test_a_year_without_a_chosen_zone_is_one_in_utc() -> None:
    assert fiscal_year(MORNING, "") == 2026
    assert fiscal_year(MORNING.replace(month=12, day=31, hour=23, minute=30), "Europe/Berlin") == 2027
