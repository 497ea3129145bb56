"""HTTP/1.1 as uvicorn speaks it, with an end to everything that a client can draw out.

A head of 32 KiB and 100 lines at most (431), within ten seconds; a body that makes progress (408); an answer
that is read. What is refused is closed, and so is a client that is slow for longer than that.
"""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, ClassVar, cast

import msgspec
import structlog
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

from eosvolt.adapters.web_server.limits import ConnectionLimits, Ticket
from eosvolt.application.standing import PROVEN

log = structlog.get_logger(__name__)


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """What a client may do. A body has to bring ``step_bytes`` in every ``step_seconds``."""

    head_bytes: int = 32 * 1024
    head_lines: int = 100
    head_seconds: float = 10.0
    step_bytes: int = 10 * 1024
    step_seconds: float = 20.0
    body_seconds: float = 3600.0
    # How long an answer may wait for somebody to read it.
    unread_seconds: float = 60.0
    # How long the rest of a body that nobody wants any more is still taken, so that the answer is heard.
    rest_seconds: float = 2.0


class HeadTooLarge(Exception):  # noqa: N818 - an answer
    """Ends the parsing of a request."""


class BoundedHttp(HttpToolsProtocol):
    """One connection. ``bounds`` and ``limits`` are those of a subclass made by ``http_protocol``."""

    bounds: ClassVar[Bounds]
    limits: ClassVar[ConnectionLimits]

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.ticket: Ticket | None = None
        self._here = False
        self._timer: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        # What came over TLS before anybody said that the connection is there.
        self._early: list[bytes] = []
        self._gone = False
        self._in_body = False
        self._begun = False
        self._size = 0
        self._lines = 0
        self._silent = 0
        self._progress = False
        self._came = 0
        self._body_since = 0.0

    # --- the connection ------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """A place among all connections, or none."""
        super().connection_made(transport)
        self._here = True
        if self.ticket is None:
            self.ticket = self.limits.enter(self.client[0] if self.client else "", transport.abort)
        if self.ticket is None or self._gone:
            transport.abort()
            return
        self._await_head()
        early, self._early = self._early, []
        for data in early:
            self.data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Free what the connection held."""
        self._gone = True
        self._stop_timers()
        if self.ticket is not None:
            self.ticket.left()
        if self._here:
            super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse, and see how much of it brought a request forward."""
        if not self._here:
            self._early.append(data)
            return
        if self.transport.is_closing():
            return
        self._progress = False
        super().data_received(data)
        if self.transport.is_closing() or self.ticket is None:
            return
        # A line without an end is told to nobody until it has one; and trailers come after the body.
        self._silent = 0 if self._progress else self._silent + len(data)
        if self._silent > self.bounds.head_bytes:
            self._refuse(431)
        elif not self._in_body and self._timer is None and (self._begun or self._silent):
            self._await_head()

    def pause_writing(self) -> None:
        """Nobody reads the answer."""
        super().pause_writing()
        self._unread = self._unread or self.loop.call_later(self.bounds.unread_seconds, self._abandon)

    def resume_writing(self) -> None:
        """Somebody does."""
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def handle_websocket_upgrade(self) -> None:
        """Leave the connection to the WebSocket, with its place."""
        self._stop_timers()
        super().handle_websocket_upgrade()
        socket = self.transport.get_protocol()
        if isinstance(socket, WebSocketsSansIOProtocol):
            cast("Any", socket).ticket, self.ticket = self.ticket, None
            if not socket.handshake_initiated:
                # websockets has bounds of its own for a head, and gives no answer.
                self._refuse(431)

    # --- the request ---------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._begun, self._in_body = True, False
        self._size = self._lines = 0
        if self.ticket is not None:
            cast("dict[str, Any]", self.scope)["extensions"] = {PROVEN: self.ticket.proven}

    def on_url(self, url: bytes) -> None:
        """A part of the address."""
        self._measure(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A line of the head, or of what comes after a body."""
        self._lines += 1
        self._measure(len(name) + len(value) + 4)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is here; its body has its own deadlines."""
        self._in_body, self._progress = True, True
        self._came, self._body_since = 0, self.loop.time()
        self._await(self.bounds.step_seconds, self._body_due)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        self._progress = True
        self._came += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is here."""
        self._in_body = self._begun = False
        self._progress = True
        self._stop(self._timer)
        self._timer = None
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The answer is sent; nobody waits long for the rest of a body, or for the answer to be read."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._unread = self._unread or self.loop.call_later(self.bounds.unread_seconds, self._abandon)
        elif self._in_body:
            self._await(self.bounds.rest_seconds, self._abandon)

    def send_400_response(self, msg: str) -> None:
        """The request cannot be parsed, or is not meant to be."""
        self._refuse(431 if self._too_large else 400, msg)

    # --- deadlines -----------------------------------------------------------------------------

    @property
    def _too_large(self) -> bool:
        return self._size > self.bounds.head_bytes or self._lines > self.bounds.head_lines

    def _measure(self, size: int) -> None:
        self._size += size
        if self._too_large:
            raise HeadTooLarge

    def _await_head(self) -> None:
        self._await(self.bounds.head_seconds, self._head_due)

    def _head_due(self) -> None:
        if self.flow.read_paused:
            # We do not listen: the answer before this request is still under way.
            self._await_head()
        elif self._begun:
            self._refuse(408)
        else:
            self.transport.close()

    def _body_due(self) -> None:
        late = self.loop.time() - self._body_since > self.bounds.body_seconds
        if not late and (self.flow.read_paused or self._came >= self.bounds.step_bytes):
            self._came = 0
            self._await(self.bounds.step_seconds, self._body_due)
        else:
            self._refuse(408)

    def _refuse(self, status: int, detail: str = "") -> None:
        """Answer and close; where an answer has begun already, only close."""
        cycle = cast("RequestResponseCycle | None", self.cycle)
        busy = cycle is not None and not cycle.response_complete
        # An answer is under way already, or belongs to a request before this one.
        elsewhere = bool(self.pipeline) or (busy and (not self._in_body or self.cycle.response_started))
        if busy:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self._stop_timers()
        if elsewhere or self.transport.is_closing():
            self.transport.abort()
            return
        phrase = HTTPStatus(status).phrase
        body = msgspec.json.encode(
            {"type": "about:blank", "title": phrase, "status": status, "detail": detail or f"{phrase}."}
        )
        self.transport.write(
            b"HTTP/1.1 %d %s\r\ncontent-type: application/problem+json\r\ncontent-length: %d\r\n"
            b"connection: close\r\n\r\n%s" % (status, phrase.encode(), len(body), body)
        )
        self._unread = self.loop.call_later(self.bounds.unread_seconds, self._abandon)
        self.transport.close()

    def _abandon(self) -> None:
        self.transport.abort()

    def _await(self, seconds: float, due: Callable[[], None]) -> None:
        self._stop(self._timer)
        self._timer = self.loop.call_later(seconds, due)

    def _stop_timers(self) -> None:
        self._stop(self._timer)
        self._stop(self._unread)
        self._timer = self._unread = None

    @staticmethod
    def _stop(timer: asyncio.TimerHandle | None) -> None:
        if timer is not None:
            timer.cancel()


def http_protocol(limits: ConnectionLimits, bounds: Bounds) -> type[BoundedHttp]:
    """The protocol of connections that share ``limits``."""
    return type("Http", (BoundedHttp,), {"limits": limits, "bounds": bounds})
