"""What browsers load: the bundle that the build made, found by name, and served to be kept for ever."""

import json
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent / "static"
PREFIX = "/static"

_MANIFEST = FOLDER / "dist" / "manifest.json"
_FOR_EVER = "public, max-age=31536000, immutable"


class NotBuilt(Exception):  # noqa: N818 - a state of the installation, told to whoever starts it
    """The bundle is not there. The text says how to make it."""


@cache
def asset(name: str) -> str:
    """The address of a part of the bundle, e.g. ``main.js``. Its hash is in the name. Raises ``NotBuilt``."""
    try:
        file = _manifest()[name]["file"]
    except (OSError, KeyError):
        raise NotBuilt(f"The web assets have no {name}: run `make assets`.") from None
    return f"{PREFIX}/dist/{file}"


def static_routes() -> list[Mount]:
    """``/static``: the bundle and the logo."""
    return [Mount(PREFIX, _Kept(directory=FOLDER, check_dir=False))]


class _Kept(StaticFiles):
    """Files whose names carry a hash of their content never change."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        scope: Scope = args[2] if len(args) > 2 else kwargs["scope"]  # type: ignore[assignment]  # see above
        if "/dist/" in str(scope["path"]):
            response.headers["cache-control"] = _FOR_EVER
        return response


@cache
def _manifest() -> dict[str, dict[str, str]]:
    manifest: dict[str, dict[str, str]] = json.loads(_MANIFEST.read_text(encoding="utf-8"))
    return manifest
