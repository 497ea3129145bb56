"""The asset bundle of the build: URLs by name, and serving with immutable caching."""

import json
import mimetypes
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from eosvolt.adapters.http.framework.compression import accepted

FOLDER = Path(__file__).parents[1] / "static"
PREFIX = "/static"

_MANIFEST = FOLDER / "dist" / "manifest.json"
_FOR_EVER = "public, max-age=31536000, immutable"
# The compressed variants that the build made of each text file, the smaller one first.
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


class NotBuilt(Exception):  # noqa: N818 - a state of the installation, shown to whoever starts it
    """The bundle does not exist. The text explains how to build it."""


@cache
def asset(name: str) -> str:
    """The URL of a file of the bundle, e.g. ``main.js``, with its hash. Raises ``NotBuilt``."""
    try:
        file = _manifest()[name]["file"]
    except (OSError, KeyError):
        raise NotBuilt(f"The web assets have no {name}: run `make assets`.") from None
    return f"{PREFIX}/dist/{file}"


def static_routes() -> list[Mount]:
    """``/static``: the bundle and the logo."""
    return [Mount(PREFIX, Assets(FOLDER))]


class Assets:
    """Serves a folder, with compressed variants if the browser accepts them (RFC 9110 §12.5.3)."""

    def __init__(self, folder: Path) -> None:
        """``folder`` has the bundle in ``dist``, whose names carry a hash of their content."""
        self._files = StaticFiles(directory=folder, check_dir=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        response = await self._response(scope)
        await response(scope, receive, send)

    async def _response(self, scope: Scope) -> Response:
        path, taken = self._files.get_path(scope), accepted(Headers(scope=scope))
        for encoding, suffix in _ENCODINGS:
            if encoding in taken and "/dist/" in f"/{path}":
                compressed, stat = self._files.lookup_path(path + suffix)
                if stat is not None:
                    kind = mimetypes.guess_type(path)[0]
                    headers = {"content-encoding": encoding}
                    return _kept(FileResponse(compressed, 200, headers, media_type=kind, stat_result=stat))
        response = await self._files.get_response(path, scope)
        return _kept(response) if "/dist/" in f"/{path}" and response.status_code < 400 else response


def _kept(response: Response) -> Response:
    response.headers["cache-control"] = _FOR_EVER
    response.headers.add_vary_header("Accept-Encoding")
    return response


@cache
def _manifest() -> dict[str, dict[str, str]]:
    manifest: dict[str, dict[str, str]] = json.loads(_MANIFEST.read_text(encoding="utf-8"))
    return manifest
