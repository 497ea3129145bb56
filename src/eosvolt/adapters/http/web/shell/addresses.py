"""URLs of our own pages, and the redirect to the sign-in page."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from eosvolt.adapters.http.framework.page_parts import PART

PICTURE = "/pictures/{digest}"


def picture_address(digest: str) -> str:
    """The address of a picture for pages; empty without one."""
    return PICTURE.replace("{digest}", digest) if digest else ""


def own_path(wanted: str) -> str:
    """``wanted`` if it is a path of this site, else ``/``, so that there is no open redirect."""
    if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable():
        return wanted
    return "/"


def segment(text: str) -> str:
    """A text as one path segment, percent-encoded."""
    return quote(text, safe="")


def link(target: str, given: Iterable[tuple[str, str]], changes: Mapping[str, object]) -> str:
    """The path ``target`` with the ``given`` query and ``changes`` to it.

    ``None`` takes a value away, a list gives several.
    """
    query: dict[str, list[str]] = {}
    for name, value in given:
        query.setdefault(name, []).append(value)
    for name, change in changes.items():
        query[name] = [str(each) for each in _several(change)]
    pairs = [(name, value) for name, values in query.items() for value in values if value]
    return f"{target}?{urlencode(pairs)}" if pairs else target


def sign_in_first(request: Request) -> Response:
    """Redirect to the sign-in page, and from there to the requested page."""
    if request.headers.get(PART):
        return Response(status_code=401)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    wanted = here if request.method == "GET" and here != "/" else ""
    return RedirectResponse("/sign-in" + (f"?next={quote(wanted)}" if wanted else ""), 303)


def _several(value: object) -> Iterable[object]:
    if value is None or value == "":
        return ()
    return value if isinstance(value, list | tuple) else (value,)
