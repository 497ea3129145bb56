"""Every event that was ever released is kept readable, explained, and of use to somebody."""

import ast
import json
import re
from pathlib import Path

import pytest

from eosvolt.application.event_search import AREAS
from eosvolt.domain import vocabulary
from eosvolt.domain.kernel import Event
from eosvolt.domain.vocabulary import EVENTS
from tests.architecture.event_readers import modules, read_by
from tests.architecture.source_tree import ROOT, SOURCE

GLOSSARY = ROOT / "docs" / "glossary.md"
STREAMS = ROOT / "tests" / "replay" / "streams"

# Families of one event: their name stands for it.
ALONE = {
    name: value.__name__
    for name, value in vars(vocabulary).items()
    if isinstance(value, type) and issubclass(value, Event) and value is not Event
}


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


def test_every_event_belongs_to_a_product_area_whose_viewers_may_see_it() -> None:
    packages = {event.__module__.split(".")[2] for event in EVENTS.values()}
    assert packages == set(AREAS)


def test_every_event_has_a_reader() -> None:
    read = {name for path in modules() for name in read_by(path.read_text(), ALONE)}
    assert {event.__name__ for event in EVENTS.values()} - read == set()


@pytest.mark.parametrize(
    "source",
    [
        "match event:\n    case Spoken(words=words): return replace(row, words=words)",
        "match event, row:\n    case Spoken() as spoken, None: return spoken",
        "match event:\n    case Greeted() | Spoken(): heard += 1",
        "match fact:\n    case Fact(event=Spoken(words=words)): return words",
        "heard = isinstance(event, Spoken)",
        "REACTIONS = {events.Spoken: (Reaction(answer),)}",
        "def evolve(state: State, event: OnlyEvent) -> State: return Heard(event)",
    ],
)
def test_what_follows_from_an_event_is_a_reader(source: str) -> None:
    assert read_by(source, {"OnlyEvent": "Spoken"}) >= {"Spoken"}


@pytest.mark.parametrize(
    "source",
    [
        "from eosvolt.domain.talk.events import Spoken",
        "HEARD = (Greeted, Spoken)",
        "HEARD = tags(Greeted, Spoken)",
        "TalkEvent = Greeted | Spoken",
        "heard = isinstance(event, Greeted | Spoken)",
        "def said(event: Spoken) -> str: return event.words",
        "match event:\n    case Spoken(): pass",
        "match event, row:\n    case Greeted() | Spoken(), _: return row",
        "match event, row:\n    case Spoken(), known: return known",
        "match event:\n    case Spoken(): return None",
        "match event:\n    case Spoken(): return ()",
        "REACTIONS = {Spoken: ()}",
        "def evolve(state: State, event: OnlyEvent) -> State: return state",
        "# Spoken is read elsewhere",
    ],
)
def test_what_only_names_an_event_is_no_reader(source: str) -> None:
    assert "Spoken" not in read_by(source, {"OnlyEvent": "Spoken"})


def test_no_two_events_share_a_tag() -> None:
    assert len(set(EVENTS.values())) == len(EVENTS)


EVENTS_AND_COMMANDS = frozenset(
    node.name
    for path in (SOURCE / "domain").rglob("*.py")
    if path.stem in {"events", "plug_events", "commands"}
    for node in ast.walk(ast.parse(path.read_text()))
    if isinstance(node, ast.ClassDef)
)


def given_sentences(source: str) -> list[str]:
    """The events and commands that ``source`` makes with words of ours in one of their fields."""
    return [
        f"{node.func.id}.{given.arg}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if node.func.id in EVENTS_AND_COMMANDS
        for given in node.keywords
        if any(isinstance(part, ast.Constant) and " " in str(part.value) for part in ast.walk(given.value))
    ]


@pytest.mark.parametrize("floor", ["domain", "application", "runtime"])
def test_no_event_is_given_a_sentence(floor: str) -> None:
    found: dict[Path, list[str]] = {
        path: sentences
        for path in (SOURCE / floor).rglob("*.py")
        if (sentences := given_sentences(path.read_text()))
    }
    assert found == {}


@pytest.mark.parametrize(
    "line",
    [
        'FaultSuppressed(at=at, until=until, reason="It was us.")',
        'NoteFailure(at=at, reason=f"The charger said {code}.")',
        'ReportFault(text="All is well." if good else info)',
    ],
)
def test_a_sentence_would_be_found(line: str) -> None:
    assert given_sentences(line)
