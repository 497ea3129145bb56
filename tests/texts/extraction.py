"""Which texts there are: those marked in templates and pages, and the sentences of the rooms below.

Pages show refusals of the domain, of the application and of the API. These rooms speak English and mark
nothing, so every sentence that is written there is a message: a literal that begins like a sentence and ends
with a full stop. The values of an f-string become placeholders with the name of what is put in.
"""

import ast
import io
import re
from collections.abc import Iterator
from functools import cache
from keyword import iskeyword
from pathlib import Path

from babel.messages.extract import extract
from jinja2.ext import babel_extract

from eosvolt.adapters.http.framework.validation import KINDS
from eosvolt.adapters.http.presentation.explanations import ACCEPTED_LATE, REJECTED_LATE
from eosvolt.application.explanation_sentences import SENTENCES
from eosvolt.domain.commands.catalogue import CATALOGUE

SOURCE = Path(__file__).parents[2] / "src" / "eosvolt"
PAGES = SOURCE / "adapters" / "http"
# What pages show of other rooms.
SPEAKING = (
    SOURCE / "domain",
    SOURCE / "application",
    PAGES / "framework",
    PAGES / "presentation",
    PAGES / "upload_target.py",
    SOURCE / "adapters" / "webhooks" / "names.py",
)
# What only programs, logs and mails show; explanations are taken from their table.
SILENT = re.compile(
    r"/(api|api_types|openapi|openapi_examples|notification_messages|explanation_sentences|metrics)(/|\.py$)"
)
SENTENCE = re.compile(r"[A-Z{“].*[a-z}].*[ ].*[.]", re.DOTALL)
KEYWORDS = {"gettext": None, "_": None, "Text": None, "ngettext": (1, 2), "pgettext": None}
JINJA = {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true", "silent": "false"}
# What is no sentence: parts of the domain's sentences, names of search hits, ends of connections.
PARTS = (
    "closed with code {code}",
    "closed",
    # Frames and authorizations.
    "error",
    "ignored",
    "late",
    "repaired",
    "repeated",
    "undelivered",
    "unparsed",
    "ConcurrentTx",
    "Invalid",
    # Parts of the system, jobs, and what keeps up with the history.
    "adoption",
    "certification",
    "demo",
    "gateway",
    "idle watch",
    "background",
    "booking mails",
    "booking mails of {process}",
    "certificates",
    "commands",
    "commands of {process}",
    "count lost OCPP frames",
    "deadline",
    "deadlines",
    "gateway heartbeat",
    "drop old OCPP frames",
    "history chain",
    "job reports",
    "load balancing",
    "load balancing of {process}",
    "lost gateways",
    "live feed",
    "live feed of {process}",
    "notification delivery",
    "notification request",
    "notifications",
    "receipts",
    "OCPP frames",
    "read models",
    "seal OCPP frames",
    "tell the head of the history",
    "tidy failed jobs",
    "tidy sign-ins",
    "tidy uploaded files",
    "unknown chargers",
    "amount",
    "has more than {finest_decimals} decimals",
    "is a billion or more",
    "is below zero",
    "is not a number",
    "is zero: leave it out instead",
)

# A text, the two forms of a number of something, or ``context\4text`` as gettext writes it itself.
Message = str | tuple[str, str]
CONTEXT = "\4"


@cache
def messages() -> frozenset[Message]:
    """Every text that pages show; of a number of something both forms."""
    return frozenset((*_of_templates(), *_of_pages())) | spoken()


@cache
def spoken() -> frozenset[Message]:
    """Those of them that come to the pages in English, with their values already in them."""
    return frozenset((*_of_tables(), *_of_rooms()))


def _of_templates() -> Iterator[Message]:
    for path in sorted(PAGES.rglob("*.html")):
        with path.open("rb") as file:
            for _, function, text, _ in babel_extract(file, list(KEYWORDS), [], JINJA):
                yield from _forms(function, text)


def _of_pages() -> Iterator[Message]:
    for path in sorted(PAGES.rglob("*.py")):
        for _, text, _, _ in extract("python", io.BytesIO(path.read_bytes()), KEYWORDS):
            yield from _forms("ngettext" if isinstance(text, tuple) else "gettext", text)


def _forms(function: str | None, text: object) -> Iterator[Message]:
    match text:
        case str() as alone:
            yield alone
        case (str() as one, str() as several, *_) if function == "ngettext":
            yield one, several
        case (str() as context, str() as text) if function == "pgettext":
            yield f"{context}{CONTEXT}{text}"
        case (str() as first, *_):
            yield first


def _of_tables() -> Iterator[Message]:
    for sentence in SENTENCES.values():
        yield from (sentence,) if isinstance(sentence, str) else sentence
    for kind in CATALOGUE:
        yield kind.label
    yield from (ACCEPTED_LATE, REJECTED_LATE, *KINDS.values(), *PARTS)


def _of_rooms() -> Iterator[Message]:
    for room in SPEAKING:
        for path in sorted(room.rglob("*.py")) if room.is_dir() else [room]:
            if not SILENT.search(str(path)):
                yield from sentences(path.read_text())


def sentences(code: str) -> Iterator[str]:
    """The sentences that are written in a module, outside its docstrings and outside ``gettext``."""
    tree = ast.parse(code)
    left_out = {id(part) for node in ast.walk(tree) for part in _no_sentences(node)}
    for node in ast.walk(tree):
        if id(node) in left_out:
            continue
        text = _written(node)
        if text is not None and SENTENCE.fullmatch(text):
            yield text


def _no_sentences(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Expr(value=ast.Constant() as docstring):
            yield docstring
        case ast.JoinedStr(values=parts):
            yield from parts
        case ast.Call(func=ast.Name(id="gettext" | "ngettext" | "Text")):
            yield from ast.walk(node)


def _written(node: ast.AST) -> str | None:
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_part(part) for part in parts)
    return None


def _part(node: ast.expr) -> str:
    match node:
        case ast.FormattedValue(value=value):
            return "{" + name_of(value) + "}"
        case ast.Constant(value=str() as text):
            return text
    raise ValueError(ast.dump(node))


def name_of(value: ast.expr) -> str:
    """A placeholder's name: the last name in the expression that is put in."""
    names: list[str] = re.findall(r"[A-Za-z]\w*", ast.unparse(value))
    return [name.lower() for name in names if not iskeyword(name)][-1]
