"""Parses the text of a search field, in the forms that pages show."""

import re
from typing import NamedTuple

MOST_PLUGS = 2**31

_SESSION = re.compile(r"(?:session\s+|#\s*)?(?P<number>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})", re.IGNORECASE)
# As pages write a plug: "LEJ-AUG-02 · 1"; as people type it: "LEJ-AUG-02/1", "LEJ-AUG-02 plug 1".
_PLUG = re.compile(
    r"(?P<box>\S(?:.*[^\s,])?)\s*(?:\s[·•.:#–-]\s*|[·•/]\s*|,?\s+plug\s+)(?P<plug>[0-9]{1,9})", re.IGNORECASE
)


class SearchText(NamedTuple):
    """A text and its possible meanings: a session's number, a plug (charge box id and plug number)."""

    text: str
    number: int | None
    plug: tuple[str, int] | None


def search_text(typed: str) -> SearchText:
    """The possible meanings of ``typed``; extra blanks are ignored."""
    text = " ".join(typed.split())
    session = _SESSION.fullmatch(text)
    number = int(session["number"].replace(",", "")) if session and text.isascii() else None
    plug = _PLUG.fullmatch(text)
    named = (plug["box"].strip(), int(plug["plug"])) if plug and plug["plug"].isascii() else None
    return SearchText(text, number, named if named and named[1] < MOST_PLUGS else None)
