"""Every event that was ever released is kept readable, explained, and of use to somebody."""

import json
import re

import pytest

from eosvolt.domain.kernel import Event
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


@pytest.mark.parametrize("tag", EVENTS)
def test_every_event_has_a_golden_line(tag: str, golden_tags: set[str]) -> None:
    assert tag in golden_tags


@pytest.mark.parametrize("tag", EVENTS)
def test_every_event_is_in_the_glossary(tag: str) -> None:
    assert re.search(rf"(?<![\w.-]){re.escape(tag)}(?![\w.-])", GLOSSARY.read_text())


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_every_event_has_a_reader(event: type[Event]) -> None:
    name = re.compile(rf"\b{event.__name__}\b")
    assert any(name.search(path.read_text()) for path in READERS)


def test_no_two_events_share_a_tag() -> None:
    assert len(set(EVENTS.values())) == len(EVENTS)
