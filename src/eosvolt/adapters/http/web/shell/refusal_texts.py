"""English sentences of the domain, the application and the API, in the language of the page.

They come finished, with their values. A sentence that has none is a message as it stands; of others the
messages of the catalogue show which one it was made from, and with which values.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from eosvolt.adapters.http.framework.texts import SOURCE, current, gettext, spoken_texts

_PLACEHOLDER = re.compile(r"\{(\w+)(?::d)?\}")
# The placeholders whose values are English themselves; other values are names and numbers, which stay.
_ENGLISH = {"name", "reason", "sentence", "wanted"}
# A longer text is none of ours, and is not looked through.
_LONGEST = 500


def translated(sentence: object) -> str:
    """The text of a refusal or a finding in the request's language; unknown texts stay as they are."""
    english = str(sentence)
    if current().code == SOURCE or not 0 < len(english) <= _LONGEST:
        return english
    known = gettext(english)
    if known != english:
        return known
    if " or " in english:
        parts = [gettext(each) for each in english.split(" or ")]
        if parts != english.split(" or "):
            return f" {gettext('or')} ".join(parts)
    for message, pattern in patterns():
        if found := pattern.fullmatch(english):
            values = found.groupdict()
            translations = {
                name: translated(value) if name in _ENGLISH else value for name, value in values.items()
            }
            return _filled(gettext(message), translations)
    return english


def _filled(message: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda place: values[place[1]], message)


@lru_cache
def patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The messages with values, those with most words first. Made once."""
    messages = [each for each in spoken_texts() if _PLACEHOLDER.search(each)]
    messages.sort(key=lambda each: -len(_PLACEHOLDER.sub("", each)))
    return tuple((each, _pattern(each)) for each in messages)


def _pattern(message: str) -> re.Pattern[str]:
    parts = _PLACEHOLDER.split(message)
    text, seen = re.escape(parts[0]), set[str]()
    for name, rest in zip(parts[1::2], parts[2::2], strict=True):
        text += (f"(?P={name})" if name in seen else f"(?P<{name}>.+?)") + re.escape(rest)
        seen.add(name)
    return re.compile(text, re.DOTALL)
