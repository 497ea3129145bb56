"""What a page offers: where its links lead, and what its forms send."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit


@dataclass(frozen=True, slots=True)
class Offer:
    """A link or a form: its method, where it leads, and the values that a form sends whatever is typed."""

    method: str
    address: str
    values: tuple[tuple[str, str], ...] = ()

    @property
    def path(self) -> str:
        """The address without its query."""
        return urlsplit(self.address).path

    def __str__(self) -> str:
        return " ".join((self.method, self.address, *("=".join(each) for each in self.values)))


@dataclass(slots=True)
class _Form:
    method: str
    action: str
    hidden: list[tuple[str, str]] = field(default_factory=list)
    # The address and the values of each button that has its own.
    buttons: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)


class _Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[_Form] = []
        self._open: _Form | None = None
        self._by_id: dict[str, _Form] = {}
        self._elsewhere: list[tuple[str, dict[str, str]]] = []
        self.feed(html)
        self.close()
        for form, values in self._elsewhere:
            if form in self._by_id:
                self._sends(self._by_id[form], values)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: text or "" for name, text in attrs}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag == "form":
            self._open = _Form(values.get("method", "get").upper(), values.get("action", ""))
            self.forms.append(self._open)
            if "id" in values:
                self._by_id[values["id"]] = self._open
        elif tag == "button" or (tag == "input" and values.get("type") in {"hidden", "submit"}):
            values["type"] = values.get("type", "submit")
            if "form" in values:
                self._elsewhere.append((values["form"], values))
            elif self._open is not None:
                self._sends(self._open, values)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None

    @staticmethod
    def _sends(form: _Form, values: dict[str, str]) -> None:
        sent = [(values["name"], values.get("value", ""))] if "name" in values else []
        if values["type"] == "hidden":
            form.hidden += sent
        elif values["type"] == "submit":
            form.buttons.append((values.get("formaction", form.action), sent))


def offers(html: str, at: str) -> Iterator[Offer]:
    """What the page at the address ``at`` offers on its own site; each form once for each of its buttons."""
    page = _Page(html)
    for href in page.links:
        address = urldefrag(urljoin(at, href)).url
        if address.startswith("/"):
            yield Offer("GET", address)
    for form in page.forms:
        if form.method in {"GET", "POST"}:
            for action, sent in form.buttons or [(form.action, [])]:
                yield Offer(form.method, urljoin(at, action or at), tuple(form.hidden + sent))
