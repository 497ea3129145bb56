"""Every text of the pages can be said in every language."""

import pytest

from tests.architecture.source_tree import text, tracked
from tests.texts.templates import unmarked

TEMPLATES = [path for path in tracked() if path.suffix == ".html" and path.parts[0] == "src"]


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
