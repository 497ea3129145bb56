"""A search understands what pages show: whoever copies a name from one finds it again."""

import pytest

from eosvolt.application.search_text import search_text


@pytest.mark.parametrize(
    "typed", ["173203", " 173203 ", "Session 173203", "session 173203", "#173203", "173,203"]
)
def test_a_session_is_meant_by_its_number(typed: str) -> None:
    assert search_text(typed).number == 173_203


@pytest.mark.parametrize(
    "typed",
    [
        "LEJ-AUG-02 · 1",
        "LEJ-AUG-02 ·1",
        "LEJ-AUG-02·1",
        "LEJ-AUG-02/1",
        "LEJ-AUG-02  ·  1",
        "LEJ-AUG-02 plug 1",
        "LEJ-AUG-02, plug 1",
        "LEJ-AUG-02 : 1",
    ],
)
def test_a_plug_is_meant_by_its_charger_and_number(typed: str) -> None:
    assert search_text(typed).plug == ("LEJ-AUG-02", 1)


@pytest.mark.parametrize("typed", ["LEJ-AUG-02", "LEJ AUG 02", "04A1022", "Ground failure", "", "12 ²"])
def test_a_plain_text_is_neither(typed: str) -> None:
    assert search_text(typed).plug is None
    assert search_text(typed).number is None


def test_an_id_with_blanks_and_slashes_has_its_last_number_as_plug() -> None:
    assert search_text("Hof 7/Säule 2/1").plug == ("Hof 7/Säule 2", 1)
