"""Pages in a language that puts marks around every text: what has none would be English in every language."""

import re
from gettext import NullTranslations
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from eosvolt.adapters.http.framework import texts
from eosvolt.adapters.http.framework.texts import Language
from tests.examples import CHARGE_BOX_ID
from tests.open_fault import FAULT, a_fault
from tests.unit.operations.charging import SESSION, a_session
from tests.web_in_memory import Site

INNERMOST = re.compile("⟦[^⟦⟧]*⟧")
# What people, chargers and programs wrote themselves, and units.
DATA = re.compile(
    r"^\s*/[\w/-]+ ·\s*$|[\w.]+@[\w.]+|[-\d]+T[:\d]+Z|Europe/Berlin"
    r"|\bana\b|^A$|CP-\d+|LEJ[-\w]*|GroundFailure|Harbour|Elsewhere"
    r"|program|eosvolt|EOSVOLT|CSV"
    r"|\b(EUR|[A-Z]{3}|kWh|Wh|kW|min|h|s|d|UTC|GMT|Mon|Tue|Wed|Thu|Fri|Sat|Sun|[JFMASOND][a-z]{2,8})\b"
)
SHOWN = {"alt", "aria-label", "placeholder", "title"}


class Marks(NullTranslations):
    """Every message in marks."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message) if context else message


class Unmarked(HTMLParser):
    """What stands on a page outside of all marks."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style", "code", "pre", "kbd", "option", "template", "noscript", "textarea"}:
            self._open.append(tag)
        for name, value in attrs:
            if name in SHOWN:
                self._look(value or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self._open:
            self._look(data)

    def _look(self, text: str) -> None:
        while INNERMOST.search(text):
            text = INNERMOST.sub("", text)
        if re.search("[A-Za-z]", DATA.sub("", text)):
            self.found.add(" ".join(text.split()))


@pytest.mark.parametrize(
    "path",
    [
        "/locations/new",
        "/chargers/new",
        f"/chargers/{CHARGE_BOX_ID}/edit",
        f"/chargers/{CHARGE_BOX_ID}/remove",
        f"/sessions/{SESSION}/stop",
        "/tokens",
        "/tokens/import",
        "/diagnostics",
        f"/diagnostics/{quote(FAULT, safe='')}",
        "/settings/notifications",
        "/settings/notifications/new",
        "/nothing/here",
    ],
)
async def test_nothing_on_a_page_is_without_a_mark(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    site = await Site().opened()
    await a_session(site)
    await a_fault(site)
    marked = Language("xx", "en_GB", Marks())
    monkeypatch.setattr(texts, "language", lambda _: marked)
    page = await site.page(path)
    assert '<html lang="xx"' in page.text
    unmarked = Unmarked()
    unmarked.feed(page.text)
    assert unmarked.found == set()
