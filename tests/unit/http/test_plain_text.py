"""Names and texts hold only what can be seen."""

import pytest
from starlette.datastructures import FormData

from eosvolt.adapters.http.framework.plain_text import invisible_characters
from eosvolt.adapters.http.web.shell.forms import invisible_characters_in


@pytest.mark.parametrize("character", ["\0", "\a", "\x1b", "\x7f", "\x85", "\u202e", "\u2066", "\u2028"])
def test_what_cannot_be_seen_is_refused_in_every_field(character: str) -> None:
    for field in ("name", "note"):
        assert f"U+{ord(character):04X}" in invisible_characters(f"Yard{character}", field)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\t"])
def test_lines_belong_into_texts_only(line_end: str) -> None:
    assert invisible_characters(f"One{line_end}two", "name")
    assert not invisible_characters(f"One{line_end}two", "note")


@pytest.mark.parametrize("name", ["Weißensee", "Náměstí 1", "充电站", "موقف", "A\u00a0B", "👩\u200d🔧"])
def test_names_in_any_language_are_taken(name: str) -> None:
    assert not invisible_characters(name, "name")


def test_a_list_in_a_form_has_an_item_on_each_line_and_nothing_invisible_in_it() -> None:
    assert invisible_characters_in(FormData([("tokens", "A1\r\nB2\n"), ("customers", "a@x.example")])) == {}
    assert "U+202E" in invisible_characters_in(FormData([("tokens", "A1\r\nB\u202e2")]))["tokens"]
    assert "U+000D" in invisible_characters_in(FormData([("name", "One\r\ntwo")]))["name"]
