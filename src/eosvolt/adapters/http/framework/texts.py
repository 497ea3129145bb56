"""The texts of pages in the language of the request: gettext catalogues, chosen by ``Accept-Language``.

Texts are marked where they are written: ``gettext("Session {number} ended.", number=number)``, in tables
``Text("Ended")``, in templates ``_("Ended")``. The API is in English and uses none of this.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

DOMAIN = "eosvolt"
# The CLDR locale of each language; the first is the default.
LOCALES = {"en": "en_GB", "de": "de_DE"}
SOURCE = next(iter(LOCALES))
# The catalogue's comment of messages of the domain, the application and the API, which are in English.
SPOKEN = "comes in English"


class Language(NamedTuple):
    """A language of the pages: its code for ``<html lang>``, its CLDR locale, its messages."""

    code: str
    locale: str
    messages: NullTranslations


@lru_cache
def language(code: str) -> Language:
    """The language with its catalogue, read once, in some hundredths of a second."""
    compiled = io.BytesIO()
    write_mo(compiled, _catalogue(code))
    compiled.seek(0)
    return Language(code, LOCALES[code], GNUTranslations(compiled))


def spoken_texts() -> list[str]:
    """The messages that arrive in English with their values filled in."""
    return [
        each.id for each in _catalogue(SOURCE) if isinstance(each.id, str) and SPOKEN in each.auto_comments
    ]


def _catalogue(code: str) -> Catalog:
    with (files("eosvolt") / "locale" / code / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return read_po(file, locale=code, domain=DOMAIN)


_LANGUAGE: ContextVar[Language | None] = ContextVar("language", default=None)


def current() -> Language:
    """The language of the request; the source's outside of requests."""
    return _LANGUAGE.get() or language(SOURCE)


def speak(code: str) -> None:
    """Make texts be in the language ``code`` until the end of the ``speaking`` around the request."""
    _LANGUAGE.set(language(code))


@contextmanager
def speaking(spoken: Language) -> Iterator[None]:
    """A context in which texts are in this language."""
    before = _LANGUAGE.set(spoken)
    try:
        yield
    finally:
        _LANGUAGE.reset(before)


def gettext(message: str, /, **values: object) -> str:
    """The message in the request's language, with the values at its ``{placeholders}``."""
    text = current().messages.gettext(message) if message else ""
    return text.format(**values) if values else text


def pgettext(context: str, message: str, /) -> str:
    """The message in a ``context``, for English words with several meanings."""
    return current().messages.pgettext(context, message)


def plural(one: str, several: str, number: int, /) -> str:
    """The plural form of the message for a number, in the request's language."""
    return current().messages.ngettext(one, several, number)


def ngettext(one: str, several: str, number: int, /, **values: object) -> str:
    """The plural form of the message, with ``{number}`` and the values at its placeholders."""
    return plural(one, several, number).format(**{"number": number, **values})


class Text(str):
    """A text of a table, made at import: shown, formatted and put into JSON in the request's language.

    As a key, compared or hashed it is the English text.
    """

    __slots__ = ()

    def __str__(self) -> str:
        """The text in the request's language."""
        return gettext(str.__str__(self))

    def __format__(self, spec: str) -> str:
        """The same in an f-string."""
        return format(str(self), spec)


def accepted(header: str, otherwise: str = SOURCE) -> str:
    """The best of our languages that ``Accept-Language`` names (RFC 9110 §12.5.4), or ``otherwise``."""
    best, weight = otherwise, 0.0
    for each in header.split(","):
        name, *parameters = (part.strip() for part in each.split(";"))
        code = name.partition("-")[0].casefold()
        wanted = _weight(parameters)
        if wanted > weight and (code in LOCALES or code == "*"):
            best, weight = (otherwise if code == "*" else code), wanted
    return best


def _weight(parameters: list[str]) -> float:
    for each in parameters:
        name, _, value = each.partition("=")
        if name.strip().casefold() == "q":
            try:
                return min(float(value), 1.0)
            except ValueError:
                return 0.0
    return 1.0


class Multilingual:
    """Middleware that sets the language of the response by ``Accept-Language``."""

    def __init__(self, app: ASGIApp) -> None:
        """``app`` answers."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with speaking(language(accepted(Headers(scope=scope).get("accept-language", "")))):
            await self._app(scope, receive, send)
