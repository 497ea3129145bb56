"""Every text of the pages is in the catalogue of each language. A new one: ``make texts``, and translate."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

import pytest
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.pofile import read_po

from eosvolt.adapters.http.framework.texts import LOCALES, SOURCE
from tests.architecture.source_tree import ROOT, text, tracked
from tests.texts.__main__ import path_of
from tests.texts.extraction import CONTEXT, Message, messages, sentences
from tests.texts.templates import unmarked

TEMPLATES = [path for path in tracked() if path.suffix == ".html" and path.parts[0] == "src"]
PAGES = [
    path for path in tracked() if "web" in path.parts and path.parts[0] == "src" and path.suffix == ".py"
]
PLACEHOLDER = re.compile(r"%\(\w+\)s|%%|\{\w*(?::d)?\}")
# No page says this: it ends the program.
SAID_TO_DEVELOPERS = {"The web assets have no {name}: run `make assets`."}


@cache
def catalogue(language: str) -> Catalog:
    with (ROOT / path_of(language)).open("rb") as file:
        return read_po(file, locale=language)


def entries(language: str) -> Iterator[tuple[Message, Entry]]:
    for entry in catalogue(language):
        if isinstance(entry.id, str):
            if entry.id:
                yield f"{entry.context}{CONTEXT}{entry.id}" if entry.context else entry.id, entry
        else:
            yield (entry.id[0], entry.id[1]), entry


def forms(strings: str | Sequence[str] | None) -> tuple[str, ...]:
    return (strings or "",) if isinstance(strings, str | None) else tuple(strings)


@pytest.mark.parametrize("language", LOCALES)
def test_a_catalogue_has_the_texts_of_the_program_and_no_others(language: str) -> None:
    listed = {message for message, _ in entries(language)}
    assert {"new": messages() - listed, "gone": listed - messages()} == {"new": set(), "gone": set()}


@pytest.mark.parametrize("language", LOCALES)
def test_every_text_is_translated(language: str) -> None:
    assert [
        message for message, entry in entries(language) if entry.fuzzy or not all(forms(entry.string))
    ] == []


@pytest.mark.parametrize("language", LOCALES)
def test_a_translation_has_the_placeholders_of_its_text(language: str) -> None:
    def placeholders(said: str) -> list[str]:
        return sorted(set(PLACEHOLDER.findall(said)))

    wrong = [
        (original, translation)
        for _, entry in entries(language)
        for original, translation in zip(forms(entry.id), forms(entry.string), strict=True)
        if placeholders(original) != placeholders(translation)
    ]
    assert wrong == []


def test_the_source_is_its_own_translation() -> None:
    assert [message for message, entry in entries(SOURCE) if forms(entry.id) != forms(entry.string)] == []


def test_every_sentence_of_the_pages_code_is_marked() -> None:
    found = {str(path): set(sentences(text(path))) - SAID_TO_DEVELOPERS for path in PAGES}
    assert {path: unmarked for path, unmarked in found.items() if unmarked} == {}


def test_a_sentence_is_found_with_its_values_and_docstrings_are_none() -> None:
    code = '''"""What it is."""
def refuse(row):
    """Refuse it."""
    raise Rejected(f"There is already a charger {row.charge_box_id}.", gettext("It is marked."))
'''
    assert list(sentences(code)) == ["There is already a charger {charge_box_id}."]


def test_every_text_of_a_template_is_marked() -> None:
    assert {str(path): found for path in TEMPLATES if (found := unmarked(text(path)))} == {}


@pytest.mark.parametrize(
    "template",
    [
        "<p>Plugs</p>",
        "<p>{{ number }} plugs</p>",
        '<p title="Plugs">{{ _("Plugs") }}</p>',
        '<input placeholder="Charger" aria-label="{{ name }}">',
        '{{ empty("plug", "No plugs yet") }}',
        '{{ "Online" if online else _("Offline") }}',
        "{% if plugs %}None{% endif %}",
    ],
)
def test_a_text_that_is_not_marked_is_found(template: str) -> None:
    assert len(unmarked(template)) == 1


@pytest.mark.parametrize(
    "template",
    [
        '<p class="a b" data-state="{{ state }}">{{ _("%(number)s plugs", number=count) }} · {{ name }}</p>',
        "<kbd>Esc</kbd><code>eosvolt verify</code>",
        '{{ plug.shown if plug.shown != "Offline" }}',
    ],
)
def test_a_text_that_is_marked_and_a_name_are_not(template: str) -> None:
    assert unmarked(template) == []
