"""Where chargers connect: WebSocket routes, and the life of a connection.

A charger is identified before its request becomes a WebSocket; an application that does not answer is 503. A
client without a protocol in common gets its handshake completed and is then closed, as the specification
wants.
"""

import asyncio
import secrets
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
from eosvolt.adapters.ocpp.conduct import Conduct
from eosvolt.adapters.ocpp.conversation import Conversation
from eosvolt.adapters.ocpp.door import Door, Refused, Visitor, address_of
from eosvolt.adapters.ocpp.listening import proven
from eosvolt.adapters.ocpp.pace import Pace
from eosvolt.adapters.ocpp.presence import Presence
from eosvolt.adapters.ocpp.reception import Desks, Reception
from eosvolt.application.charging import Admission
from eosvolt.application.entrance import Entrance, Strength
from eosvolt.application.ports import Clock, Frames

log = structlog.get_logger(__name__)

SPOKEN = (v16.SUBPROTOCOL,)
NO_PROTOCOL_IN_COMMON = 1002
REPLACED = 1001
# Refusals that say something about who wants to come in; those of strangers are listed elsewhere.
FOR_SECURITY = (401, 403)
TOO_MUCH = 1008
ADMISSION_SECONDS = 10.0
FAREWELL_ATTEMPTS = 6


@dataclass(frozen=True, slots=True)
class Manners:
    """How this endpoint behaves.

    ``strict``: messages that break their schema get no first aid. ``short_addresses``: chargers may leave
    the company out of their address while the installation has only one.
    """

    strict: bool = False
    heartbeat_seconds: int = 300
    messages_per_second: int = 200
    short_addresses: bool = False


POLITE = Manners()


class _ChargerRoute(WebSocketRoute):
    """A route that is found behind any number of slashes: chargers join addresses in their own way."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether this is the route for the request."""
        if scope["type"] != "websocket":
            return Match.NONE, {}
        return super().matches({**scope, "path": "/" + str(scope["path"]).lstrip("/")})


class ChargerEndpoint:
    """Admits chargers and lets them talk."""

    def __init__(
        self,
        desks: Desks,
        entrance: Entrance,
        record: Frames,
        clock: Clock,
        presence: Presence,
        manners: Manners = POLITE,
    ) -> None:
        """``desks`` take what chargers tell, ``record`` keeps the frames, ``presence`` knows who is here."""
        self._desk = desks.charging
        self._door = Door(desks.charging, entrance, clock, short_addresses=manners.short_addresses)
        self._strengths: dict[str, Strength] = {}
        self._record = record
        self._clock = clock
        self._presence = presence
        self._manners = manners
        self._reception = Reception(desks, clock, manners.heartbeat_seconds)
        self._closings: set[asyncio.Task[None]] = set()

    @property
    def routes(self) -> list[BaseRoute]:
        """The routes ``/ocpp/{company}/{charge_box_id}`` and ``/ocpp/{charge_box_id}`` for an application."""
        # An application, not a function: Starlette puts a layer around every message of a function's socket.
        return [_ChargerRoute("/ocpp/{charger:path}", self, name="chargers")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection, from its handshake to its end."""
        websocket = WebSocket(scope, receive, send)
        tally = self._presence.tally
        try:
            async with asyncio.timeout(ADMISSION_SECONDS):
                visitor = await self._door.visitor(websocket)
                self._check_place(visitor)
        except Refused as refusal:
            tally.refusals[refusal.status] += 1
            if refusal.status in FOR_SECURITY:
                path, address = websocket.scope["path"], address_of(scope)
                log.warning("charger refused", path=path, address=address, reason=refusal.reason)
            await _deny(websocket, refusal)
            return
        except Exception:
            # The application cannot say who this is; the charger tries again later.
            log.exception("admission failed", path=websocket.scope["path"])
            tally.refusals[503] += 1
            await _deny(websocket, Refused(503, "Please try again.", {"Retry-After": "30"}))
            return
        offered = websocket.scope["subprotocols"]
        protocol = handshake.subprotocol(offered, SPOKEN)
        proven(scope)
        await websocket.accept(protocol)
        if protocol is None and (offered or not visitor.admission.assume_protocol):
            await websocket.close(NO_PROTOCOL_IN_COMMON, "no protocol in common")
            return
        await self._converse(websocket, send, visitor)

    def _conduct(self, admission: Admission, connected_at: datetime) -> Conduct:
        maintenance = self._reception.desks.maintenance
        clocks = self._presence.clocks
        return Conduct(admission, maintenance, asyncio.get_running_loop(), clocks, connected_at)

    def _check_place(self, visitor: Visitor) -> None:
        """Whoever proved nothing does not take the place of one who did. Raises ``Refused``."""
        holder = self._strengths.get(visitor.admission.charge_point, Strength.NOTHING)
        if holder > Strength.NOTHING and visitor.strength is Strength.NOTHING:
            raise Refused(503, "The charger is connected already.", {"Retry-After": "60"})

    async def _converse(self, websocket: WebSocket, send: Send, visitor: Visitor) -> None:
        admission, connected_at = visitor.admission, self._clock.now()
        conversation = Conversation(
            admission,
            secrets.token_hex(6),
            (partial(_say, send), partial(_close, websocket)),
            self._reception,
            self._record,
            self._clock,
            self._presence.tally,
            self._conduct(admission, connected_at),
            strict=self._manners.strict,
        )
        self._welcome(conversation, visitor)
        turn = self._presence.turn(admission.charge_point)
        worker = asyncio.create_task(self._work(conversation, turn, visitor, connected_at))
        reason = "closed"
        pace = Pace(self._manners.messages_per_second, monotonic)
        try:
            while True:
                message = await websocket.receive()
                if message["type"] == "websocket.disconnect":
                    reason = message.get("reason") or f"closed with code {message.get('code', 1005)}"
                    break
                text = message.get("text")
                if text is None:
                    text = message["bytes"].decode(errors="replace")
                await conversation.hear(text)
                if seconds := pace.hold():
                    if pace.relentless:
                        await _close(websocket, TOO_MUCH, "too many messages for too long")
                    await asyncio.sleep(seconds)
        except WebSocketDisconnect:
            reason = "lost"
        finally:
            gone_at = self._clock.now()
            left = self._presence.leave(conversation)
            await conversation.finish(worker)
            if left:
                self._strengths.pop(admission.charge_point, None)
                await self._farewell(admission.charge_point, turn, gone_at, reason)

    def _welcome(self, conversation: Conversation, visitor: Visitor) -> None:
        charge_point = conversation.admission.charge_point
        replaced = self._presence.join(conversation)
        if replaced is not None:
            closing = asyncio.create_task(replaced.close(REPLACED, "replaced by a new connection"))
            self._closings.add(closing)
            closing.add_done_callback(self._closings.discard)
        self._strengths[charge_point] = visitor.strength

    async def _work(
        self, conversation: Conversation, turn: asyncio.Lock, visitor: Visitor, connected_at: datetime
    ) -> None:
        charge_point = conversation.admission.charge_point
        async with turn:
            try:
                await self._desk.connected(
                    charge_point,
                    at=connected_at,
                    protocol=v16.SUBPROTOCOL,
                    secure=visitor.secure,
                    authenticated=visitor.strength > Strength.NOTHING,
                    address=visitor.address,
                )
                if self._presence.flaps(charge_point):
                    self._presence.tally.flapping += 1
                    log.warning("charger connects too often", charger=charge_point)
                    await self._door.contested(charge_point)
            except Exception:
                log.exception("connection not noted", charger=charge_point)
        await conversation.work()

    async def _farewell(self, charge_point: str, turn: asyncio.Lock, at: datetime, reason: str) -> None:
        for attempt in range(FAREWELL_ATTEMPTS):
            async with turn:
                if self._presence.holds(charge_point):
                    return
                try:
                    await self._desk.disconnected(charge_point, at=at, reason=reason)
                except Exception:
                    log.exception("disconnection not noted", charger=charge_point)
                else:
                    return
            await asyncio.sleep(2.0**attempt)


async def _say(send: Send, text: str) -> None:
    try:
        await send({"type": "websocket.send", "text": text})
    except (RuntimeError, OSError):
        # The charger has gone; the reader notices too, and ends the conversation.
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
