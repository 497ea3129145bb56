"""Pages as of an earlier instant: links lead to the same instant, and nothing on them changes anything.

Templates are written for the present. Their HTML is changed here, in one place, so that no template can
forget it: links and filters keep ``asOf``, forms that change something and links to such forms are taken
away, and nothing is updated live. Attribute values are escaped, so that no text can look like a tag.
"""

import re
from html import escape, unescape

from starlette.routing import compile_path

from eosvolt.adapters.http.web.shell.addresses import link

PARAMETER = "asOf"
# A link out of the past, to the page as it is now.
_NOW = "data-now"
_DOWNLOAD = re.compile(r"\sdownload(=|\s|$)")
_POST = re.compile(r'<form\b[^>]*\bmethod="post"[^>]*>.*?</form>', re.DOTALL)
# A filter of a page that shows the present only is refused with the instant, and not answered without.
_WITHOUT_INSTANT = ("/search",)
_KEPT_POSTS = ('action="/sign-out"',)
_OF_FORM = r'<(?:input\b[^>]*\bform="{0}"[^>]*>|(button|select|textarea)\b[^>]*\bform="{0}".*?</\1>)'
_FORM_ID = re.compile(r'\bid="([^"]*)"')
_LINK = re.compile(r'<a\b[^>]*\bhref="(/[^"]*)"[^>]*>.*?</a>', re.DOTALL)
_FILTER = re.compile(r'<form\b[^>]*\bmethod="get"[^>]*>', re.DOTALL)
_ACTION = re.compile(r'\baction="(/[^"]*)"')
_LIVE = re.compile(r'\sdata-live="[^"]*"')


class PastPages:
    """Which pages can be viewed as of an earlier instant, and which are forms that change something."""

    def __init__(self) -> None:
        self._shown: list[re.Pattern[str]] = []
        self._forms: list[re.Pattern[str]] = []

    def add(self, path: str, *, past: bool, changes: bool) -> None:
        """Note a page: ``past`` if it can be viewed as of an earlier instant, ``changes`` if it is a form."""
        pattern = compile_path(path)[0]
        if past:
            self._shown.append(pattern)
        elif changes:
            self._forms.append(pattern)

    def shows(self, path: str) -> bool:
        """Whether the page can be viewed as of an earlier instant."""
        return any(pattern.fullmatch(path) for pattern in self._shown)

    def rewritten(self, html: str, instant: str) -> str:
        """The HTML of a page as of ``instant``, the value of its parameter."""
        for form in _POST.findall(html):
            if not any(kept in form for kept in _KEPT_POSTS):
                html = html.replace(form, "")
                if found := _FORM_ID.search(form.partition(">")[0]):
                    html = re.sub(_OF_FORM.format(re.escape(found[1])), "", html, flags=re.DOTALL)
        html = _LINK.sub(lambda found: self._link(found, instant), html)
        html = _FILTER.sub(lambda found: self._filter(found, instant), html)
        return _LIVE.sub("", html)

    def _link(self, found: re.Match[str], instant: str) -> str:
        whole, address = found[0], unescape(found[1])
        opening = whole.partition(">")[0]
        path = address.partition("#")[0].partition("?")[0]
        if _NOW in opening:
            return whole
        if any(pattern.fullmatch(path) for pattern in self._forms):
            return ""
        if not self.shows(path) and _DOWNLOAD.search(opening):
            # A file of the present does not belong to a page of the past.
            return ""
        if not self.shows(path) or f"{PARAMETER}=" in address:
            return whole
        kept = escape(_with_instant(address, instant))
        return whole.replace(f'href="{found[1]}"', f'href="{kept}"', 1)

    def _filter(self, found: re.Match[str], instant: str) -> str:
        opening = found[0]
        action = _ACTION.search(opening)
        if action is None or action[1] in _WITHOUT_INSTANT:
            return opening
        return f'{opening}<input type="hidden" name="{PARAMETER}" value="{escape(instant)}">'


def _with_instant(address: str, instant: str) -> str:
    rest, mark, fragment = address.partition("#")
    joined = link(rest, (), {PARAMETER: instant})
    if "?" in rest:
        joined = f"{rest}&{joined.rpartition('?')[2]}"
    return f"{joined}{mark}{fragment}"
