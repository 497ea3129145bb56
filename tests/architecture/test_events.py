"""Every event that was ever released is kept readable, explained, and of use to somebody."""

import json
import re

import pytest

from eosvolt.domain.vocabulary import EVENTS
from tests.architecture.source_tree import ROOT, SOURCE

GLOSSARY = ROOT / "docs" / "glossary.md"
STREAMS = ROOT / "tests" / "replay" / "streams"

READERS = [
    *(SOURCE / "projections").rglob("*.py"),
    *(
        path
        for path in (SOURCE / "domain").rglob("*.py")
        if path.stem not in {"events", "commands", "vocabulary"}
    ),
]


@pytest.fixture(scope="module")
def golden_tags() -> set[str]:
    """The tags that the golden streams hold, wherever in a line they stand."""
    lines = [line for file in sorted(STREAMS.glob("*.jsonl")) for line in file.read_text().splitlines()]
    return {value for line in lines if line.strip() for value in texts(json.loads(line))}


def texts(value: object) -> set[str]:
    match value:
        case str():
            return {value}
        case dict():
            return set().union(*map(texts, value.values()), *map(texts, value))
        case list():
            return set().union(*map(texts, value))
        case _:
            return set()


def test_every_event_has_a_golden_line(golden_tags: set[str]) -> None:
    assert set(EVENTS) - golden_tags == set()


def test_every_event_is_in_the_glossary() -> None:
    explained = set(re.findall(r"(?<![\w.-])[a-z]+(?:-[a-z]+)*(?![\w.-])", GLOSSARY.read_text()))
    assert set(EVENTS) - explained == set()


def test_every_event_has_a_reader() -> None:
    read = {word for path in READERS for word in re.findall(r"\w+", path.read_text())}
    assert {event.__name__ for event in EVENTS.values()} - read == set()


def test_no_two_events_share_a_tag() -> None:
    assert len(set(EVENTS.values())) == len(EVENTS)
