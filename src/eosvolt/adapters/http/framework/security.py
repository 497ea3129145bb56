"""Security rules of all requests: headers for browsers, origin of changes, size of bodies."""

from collections.abc import Sequence
from secrets import token_hex

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from eosvolt.adapters.http.framework.auth import SAFE_METHODS, sent_key
from eosvolt.adapters.http.framework.hosts import Hosts
from eosvolt.adapters.http.framework.own_pages import from_our_pages
from eosvolt.adapters.http.framework.problems import Problem, respond
from eosvolt.application.images import LARGEST_UPLOAD

LARGEST_BODY = 2 * 1024 * 1024
# Pictures and evidence may be larger; a form is slightly larger than the file in it.
LARGEST_PICTURE_BODY = LARGEST_UPLOAD + 64 * 1024
PICTURES = ("/logo", "/image", "/evidence")
# Uploads of chargers, which are no browsers; the upload route limits the size itself.
UPLOADS = "/uploads/"
# Supervisors use any host name; these responses are not secret, or have their own protection.
FOR_MACHINES = ("/healthz", "/readyz", "/metrics")

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
# Assets need no Content-Security-Policy, because that of the page applies.
ASSETS = "/static/"
ASSET_HEADERS = ("x-content-type-options", "cross-origin-resource-policy")
HTTPS_ONLY = {"strict-transport-security": "max-age=31536000"}


class Guard:
    """Wraps the whole application. WebSockets pass unchanged, because chargers are not browsers."""

    def __init__(self, app: ASGIApp, public_url: str, cookies: Sequence[str], hosts: Hosts) -> None:
        """``cookies`` are the names of the session cookies."""
        self._app = app
        self._public_url = public_url
        self._cookies = cookies
        self._hosts = hosts
        self._headers = HEADERS | (HTTPS_ONLY if public_url.startswith("https://") else {})
        self._asset_headers = {name: HEADERS[name] for name in ASSET_HEADERS}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse forbidden requests, and add the headers to responses."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        trace = token_hex(8)
        scope.setdefault("state", {})["trace"] = trace
        is_asset = scope["path"].startswith(ASSETS)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in (self._asset_headers if is_asset else self._headers).items():
                    headers.setdefault(name, value)
                headers["x-request-id"] = trace
            await send(message)

        path = scope["path"]
        largest = LARGEST_PICTURE_BODY if path.endswith(PICTURES) else LARGEST_BODY
        if path.startswith(UPLOADS):
            await self._app(scope, receive, guarded)
        elif path not in FOR_MACHINES and (elsewhere := self._hosts.problem(connection)):
            await respond(Problem(*elsewhere), trace)(scope, receive, guarded)
        elif self._is_foreign(connection, scope["method"]):
            refusal = Problem(403, "Changes are only accepted from the system's own pages.")
            await respond(refusal, trace)(scope, receive, guarded)
        elif announced(connection) > largest:
            await respond(Problem(413, "The body is too large."), trace)(scope, receive, guarded)
        else:
            await self._app(scope, _limited(receive, largest), guarded)

    def _is_foreign(self, connection: HTTPConnection, method: str) -> bool:
        if method in SAFE_METHODS:
            return False
        # With an API key the API ignores the cookie, and without either it answers 401. Pages use only the
        # cookie; their forms are checked even without a session.
        if connection.scope["path"].startswith("/api/") and (
            sent_key(connection) or connection.cookies.keys().isdisjoint(self._cookies)
        ):
            return False
        return not from_our_pages(connection, self._public_url)


def announced(connection: HTTPConnection) -> int:
    """The ``Content-Length`` of the request in bytes; 0 without one."""
    length = connection.headers.get("content-length", "0")
    return int(length) if length.isascii() and length.isdigit() else 0


def _limited(receive: Receive, largest: int) -> Receive:
    """``receive`` that raises a 413 ``Problem`` beyond ``largest`` bytes."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        if message["type"] == "http.request":
            taken += len(message.get("body", b""))
            if taken > largest:
                raise Problem(413, "The body is too large.")
        return message

    return counted
