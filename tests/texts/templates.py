"""Texts in templates that nobody marked: words in the HTML, in attributes that show, in literals."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from jinja2 import Environment, nodes

_JINJA = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"])
# What an expression leaves in the HTML: something without letters.
_HOLE = "0"
_SHOWN = {"alt", "aria-description", "aria-label", "data-label", "label", "placeholder", "title"}
# Code, keys and names are the same in every language.
_SAME_EVERYWHERE = {"code", "kbd", "pre", "script", "style", "svg"}
_NAMES = re.compile(r"(?<![A-Za-z])(eosvolt|openapi\.json|EOSVOLT|SHA-256|kWh|Wh|kW)(?![A-Za-z])")
_MARKS = {"_", "gettext", "ngettext", "pgettext"}
# What OCPP calls its messages.
_COMPOUND = re.compile(r"[A-Z][a-z]+([A-Z][a-z]+)+")
_ACTIONS = {"Authorize", "Heartbeat", "Reset"}


def unmarked(source: str) -> list[str]:
    """What would stay English in every language."""
    html = _Html()
    html.feed("".join(_without_expressions(source)))
    html.close()
    return html.found + [literal for literal in _literals(_JINJA.parse(source)) if _says_something(literal)]


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SAME_EVERYWHERE:
            self._inside.append(tag)
        self.found += [
            f"{name}: {value}" for name, value in attrs if name in _SHOWN and _has_words(value or "")
        ]

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        # What a macro puts into a tag is no text.
        if not self._inside and '="' not in data and _has_words(data):
            self.found.append(data.strip())


def _has_words(text: str) -> bool:
    return any(letter.isalpha() for letter in _NAMES.sub("", text))


def _without_expressions(source: str) -> Iterator[str]:
    for _, kind, value in _JINJA.lex(source):
        if kind == "data":
            yield value
        elif kind == "variable_begin":
            yield _HOLE


def _literals(node: nodes.Node) -> Iterator[str]:
    match node:
        case nodes.Call(node=nodes.Name(name=name)) if name in _MARKS:
            # A message of a table may be a literal of an inner call, what is put into it a literal as well.
            for part in (*node.args, *(keyword.value for keyword in node.kwargs)):
                if not isinstance(part, nodes.Const):
                    yield from _literals(part)
            return
        case nodes.Compare():
            return
        case nodes.Const(value=str() as text):
            yield text
    for inner in node.iter_child_nodes():
        yield from _literals(inner)


def _says_something(literal: str) -> bool:
    """Whether a literal is a text: it begins with a capital, but is no attribute and no name of OCPP."""
    if "=" in literal or not _has_words(literal) or literal in _ACTIONS:
        return False
    return literal[:1].isupper() and not _COMPOUND.fullmatch(literal)
