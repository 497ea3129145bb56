"""The WebSocket endpoint of chargers: its routes, and a connection from handshake to end.

A charger is authenticated before its request is upgraded. The answer is 503 where the application does not
respond. Without a subprotocol in common the handshake is completed and the connection closed (OCPP-J 1.6
§3.2).
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from time import monotonic

import structlog
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Match, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from eosvolt.adapters.ocpp import handshake, v16
from eosvolt.adapters.ocpp.action_router import ActionRouter, UseCaseHandlers
from eosvolt.adapters.ocpp.connection_monitor import ConnectionMonitor
from eosvolt.adapters.ocpp.connection_registry import ConnectionRegistry
from eosvolt.adapters.ocpp.conversation import Conversation
from eosvolt.adapters.ocpp.handshake_auth import (
    AuthenticatedCharger,
    HandshakeAuthentication,
    Refused,
    address_of,
)
from eosvolt.adapters.ocpp.rate_limiter import RateLimiter
from eosvolt.adapters.ocpp.recorded_connection import RecordedConnection
from eosvolt.adapters.ocpp.websocket_server import proven
from eosvolt.application.charger_authentication import ChargerAuthentication, Strength
from eosvolt.application.charging import Admission
from eosvolt.application.ports import Clock, Frames

log = structlog.get_logger(__name__)

SPOKEN = (v16.SUBPROTOCOL,)
NO_PROTOCOL_IN_COMMON = 1002
REPLACED = 1001
# Refused authentications are logged as warnings; unknown chargers are listed on a page of their own.
FOR_SECURITY = (401, 403)
TOO_MUCH = 1008
ADMISSION_SECONDS = 10.0
DISCONNECTION_ATTEMPTS = 6


@dataclass(frozen=True, slots=True)
class OcppSettings:
    """Settings of the endpoint.

    ``strict``: messages that break their schema are refused, not repaired. ``short_addresses``: chargers may
    leave the company out of their address while the installation has only one.
    """

    strict: bool = False
    heartbeat_seconds: int = 300
    messages_per_second: int = 200
    short_addresses: bool = False


DEFAULT_SETTINGS = OcppSettings()


class _ChargerRoute(WebSocketRoute):
    """A route that ignores repeated leading slashes, which some chargers send."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match the request's path without repeated leading slashes."""
        if scope["type"] != "websocket":
            return Match.NONE, {}
        return super().matches({**scope, "path": "/" + str(scope["path"]).lstrip("/")})


class ChargerEndpoint:
    """Accepts chargers' connections and runs a ``Conversation`` for each."""

    def __init__(
        self,
        handlers: UseCaseHandlers,
        authentication: ChargerAuthentication,
        record: Frames,
        clock: Clock,
        connections: ConnectionRegistry,
        settings: OcppSettings = DEFAULT_SETTINGS,
    ) -> None:
        """``handlers`` handle the reports, ``record`` keeps the frames."""
        self._charging = handlers.charging
        self._authentication = HandshakeAuthentication(
            handlers.charging, authentication, clock, short_addresses=settings.short_addresses
        )
        self._strengths: dict[str, Strength] = {}
        self._record = record
        self._clock = clock
        self._connections = connections
        self._settings = settings
        self._router = ActionRouter(handlers, clock, settings.heartbeat_seconds)
        self._closings: set[asyncio.Task[None]] = set()

    @property
    def routes(self) -> list[BaseRoute]:
        """The routes ``/ocpp/{company}/{charge_box_id}`` and ``/ocpp/{charge_box_id}`` for an application."""
        # An ASGI application, not a function: Starlette wraps every message of a function's socket.
        return [_ChargerRoute("/ocpp/{charger:path}", self, name="chargers")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, from its handshake to its end (an ASGI application)."""
        websocket = WebSocket(scope, receive, send)
        counters = self._connections.counters
        try:
            async with asyncio.timeout(ADMISSION_SECONDS):
                charger = await self._authentication.authenticate(websocket)
                self._check_replacement(charger)
        except Refused as refusal:
            counters.refusals[refusal.status] += 1
            if refusal.status in FOR_SECURITY:
                path, address = websocket.scope["path"], address_of(scope)
                log.warning("charger refused", path=path, address=address, reason=refusal.reason)
            await _deny(websocket, refusal)
            return
        except Exception:
            # The application could not authenticate the charger, which tries again later.
            log.exception("admission failed", path=websocket.scope["path"])
            counters.refusals[503] += 1
            await _deny(websocket, Refused(503, "Please try again.", {"Retry-After": "30"}))
            return
        offered = websocket.scope["subprotocols"]
        protocol = handshake.subprotocol(offered, SPOKEN)
        proven(scope)
        await websocket.accept(protocol)
        if protocol is None and (offered or not charger.admission.assume_protocol):
            await websocket.close(NO_PROTOCOL_IN_COMMON, "no protocol in common")
            return
        await self._converse(websocket, send, charger)

    def _monitor(self, admission: Admission, connected_at: datetime) -> ConnectionMonitor:
        maintenance = self._router.handlers.maintenance
        clocks = self._connections.clocks
        return ConnectionMonitor(admission, maintenance, asyncio.get_running_loop(), clocks, connected_at)

    def _check_replacement(self, charger: AuthenticatedCharger) -> None:
        """Raise ``Refused`` where an unauthenticated connection would replace an authenticated one."""
        holder = self._strengths.get(charger.admission.charge_point, Strength.NOTHING)
        if holder > Strength.NOTHING and charger.strength is Strength.NOTHING:
            raise Refused(503, "The charger is connected already.", {"Retry-After": "60"})

    async def _converse(self, websocket: WebSocket, send: Send, charger: AuthenticatedCharger) -> None:
        admission, connected_at = charger.admission, self._clock.now()
        conversation = Conversation(
            admission,
            secrets.token_hex(6),
            (partial(_send_text, send), partial(_close, websocket)),
            self._router,
            self._record,
            self._clock,
            self._connections.counters,
            self._monitor(admission, connected_at),
            strict=self._settings.strict,
        )
        recorded = RecordedConnection(self._charging, charger, self._connections.gateway, conversation.name)
        self._register(conversation, recorded, charger.strength)
        turn = self._connections.turn(admission.charge_point)
        worker = asyncio.create_task(self._work(conversation, recorded, turn, connected_at))
        reason = "closed"
        limiter = RateLimiter(self._settings.messages_per_second, monotonic)
        try:
            while True:
                message = await websocket.receive()
                if message["type"] == "websocket.disconnect":
                    reason = message.get("reason") or f"closed with code {message.get('code', 1005)}"
                    break
                text = message.get("text")
                if text is None:
                    text = message["bytes"].decode(errors="replace")
                await conversation.receive(text)
                if seconds := limiter.delay_s():
                    if limiter.is_abused:
                        await _close(websocket, TOO_MUCH, "too many messages for too long")
                    await asyncio.sleep(seconds)
        except WebSocketDisconnect:
            reason = "lost"
        finally:
            gone_at = self._clock.now()
            left = self._connections.leave(conversation)
            await conversation.finish(worker)
            if left:
                self._strengths.pop(admission.charge_point, None)
                closed = partial(recorded.closed, gone_at, connected_at, reason)
                await self._record_disconnection(admission.charge_point, turn, closed)

    def _register(self, conversation: Conversation, recorded: RecordedConnection, strength: Strength) -> None:
        replaced = self._connections.join(conversation, recorded)
        if replaced is not None:
            closing = asyncio.create_task(replaced.close(REPLACED, "replaced by a new connection"))
            self._closings.add(closing)
            closing.add_done_callback(self._closings.discard)
        self._strengths[conversation.admission.charge_point] = strength

    async def _work(
        self,
        conversation: Conversation,
        recorded: RecordedConnection,
        turn: asyncio.Lock,
        connected_at: datetime,
    ) -> None:
        charge_point = conversation.admission.charge_point
        async with turn:
            try:
                await recorded.opened(connected_at)
                if self._connections.flaps(charge_point):
                    self._connections.counters.flapping += 1
                    log.warning("charger connects too often", charger=charge_point)
                    await self._authentication.contested(charge_point)
            except Exception:
                log.exception("connection not recorded", charger=charge_point)
        await conversation.work()

    async def _record_disconnection(
        self, charge_point: str, turn: asyncio.Lock, closed: Callable[[], Awaitable[None]]
    ) -> None:
        for attempt in range(DISCONNECTION_ATTEMPTS):
            async with turn:
                if self._connections.holds(charge_point):
                    return
                try:
                    await closed()
                except Exception:
                    log.exception("disconnection not recorded", charger=charge_point)
                else:
                    return
            await asyncio.sleep(2.0**attempt)


async def _send_text(send: Send, text: str) -> None:
    try:
        await send({"type": "websocket.send", "text": text})
    except (RuntimeError, OSError):
        # The connection is lost; the reader notices it too and ends the conversation.
        return


async def _close(websocket: WebSocket, code: int, reason: str) -> None:
    if websocket.application_state is WebSocketState.CONNECTED:
        try:
            await websocket.close(code, reason)
        except (WebSocketDisconnect, RuntimeError, OSError):
            return


async def _deny(websocket: WebSocket, refusal: Refused) -> None:
    await websocket.receive()
    await websocket.send_denial_response(
        PlainTextResponse(refusal.reason + "\n", refusal.status, headers=refusal.headers)
    )
