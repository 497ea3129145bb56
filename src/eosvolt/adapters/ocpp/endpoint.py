"""The door for chargers: WebSocket routes, admission, and the life of a connection.

A charger is identified before its request becomes a WebSocket: unknown is 404, a wrong password 401, a
disabled charger 403, and an application that does not answer 503. A client without a protocol in common gets
its handshake completed and is then closed, as the specification wants.
"""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from eosvolt.adapters.ocpp import handshake, v16
from eosvolt.adapters.ocpp.conversation import Conversation
from eosvolt.adapters.ocpp.presence import Presence
from eosvolt.adapters.ocpp.reception import Reception
from eosvolt.application.charging import Admission, Charging
from eosvolt.application.ports import Clock, Credentials, Frames, PasswordVerdict

log = structlog.get_logger(__name__)

SPOKEN = (v16.SUBPROTOCOL,)
NO_PROTOCOL_IN_COMMON = 1002
REPLACED = 1001
ADMISSION_SECONDS = 10.0
FAREWELL_ATTEMPTS = 6
CHALLENGE = {"WWW-Authenticate": 'Basic realm="eosvolt", charset="UTF-8"'}


class Refused(Exception):  # noqa: N818 - an answer
    """The charger may not come in: HTTP status, reason and headers of the answer."""

    def __init__(self, status: int, reason: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.headers = headers or {}


@dataclass(frozen=True, slots=True)
class Manners:
    """How this endpoint behaves. ``strict``: messages that break their schema get no first aid."""

    strict: bool = False
    heartbeat_seconds: int = 300


POLITE = Manners()


class ChargerEndpoint:
    """Admits chargers and lets them talk."""

    def __init__(
        self,
        desk: Charging,
        credentials: Credentials,
        record: Frames,
        clock: Clock,
        presence: Presence,
        manners: Manners = POLITE,
    ) -> None:
        """``desk`` takes what chargers tell, ``record`` keeps the frames, ``presence`` knows who is here."""
        self._desk = desk
        self._credentials = credentials
        self._record = record
        self._clock = clock
        self._presence = presence
        self._manners = manners
        self._reception = Reception(desk, clock, manners.heartbeat_seconds)
        self._closings: set[asyncio.Task[None]] = set()

    @property
    def routes(self) -> list[BaseRoute]:
        """The routes ``/ocpp/{company}/{charge_box_id}`` and ``/ocpp/{charge_box_id}`` for an application."""
        # An application, not a function: Starlette puts a layer around every message of a function's socket.
        return [WebSocketRoute("/ocpp/{charger:path}", self, name="chargers")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection, from its handshake to its end."""
        websocket = WebSocket(scope, receive, send)
        tally = self._presence.tally
        try:
            async with asyncio.timeout(ADMISSION_SECONDS):
                admission, authenticated = await self._admitted(websocket)
        except Refused as refusal:
            tally.refusals[refusal.status] += 1
            await _deny(websocket, refusal)
            return
        except Exception:
            # The application cannot say who this is; the charger tries again later.
            log.exception("admission failed", path=websocket.scope["path"])
            tally.refusals[503] += 1
            await _deny(websocket, Refused(503, "Please try again.", {"Retry-After": "30"}))
            return
        protocol = handshake.subprotocol(websocket.scope["subprotocols"], SPOKEN)
        await websocket.accept(protocol)
        if protocol is None:
            await websocket.close(NO_PROTOCOL_IN_COMMON, "no protocol in common")
            return
        await self._converse(websocket, send, admission, authenticated)

    async def _admitted(self, websocket: WebSocket) -> tuple[Admission, bool]:
        """Who this is, and whether it proved it. Raises ``Refused``."""
        admission = await self._found(websocket)
        if admission is None:
            raise Refused(404, "No such charger.")
        header = websocket.headers.get("authorization")
        login = handshake.login(header.encode("latin-1") if header is not None else None)
        if login is not None and login.user != admission.charge_box_id.encode():
            raise Refused(401, "The user name is not the charge box id.", CHALLENGE)
        if admission.has_password:
            if login is None or not await self._right(admission.charge_point, login.password):
                raise Refused(401, "The password is wrong.", CHALLENGE)
        elif websocket.scope["scheme"] == "wss":
            raise Refused(401, "Over TLS a charger needs a password.", CHALLENGE)
        if admission.disabled:
            raise Refused(403, "The charger is disabled.")
        return admission, admission.has_password

    async def _right(self, charge_point: str, password: bytes) -> bool:
        return await self._credentials.judged(charge_point, password) is not PasswordVerdict.WRONG

    async def _found(self, websocket: WebSocket) -> Admission | None:
        address = handshake.address(websocket.scope["raw_path"])
        if address is None:
            return None
        company = address.company
        if company is None:
            companies = await self._desk.companies_of(address.charge_box_id)
            if len(companies) != 1:
                return None
            company = companies[0]
        return await self._desk.admit(company, address.charge_box_id)

    async def _converse(
        self, websocket: WebSocket, send: Send, admission: Admission, authenticated: bool
    ) -> None:
        conversation = Conversation(
            admission,
            secrets.token_hex(6),
            (partial(_say, send), partial(_close, websocket)),
            self._reception,
            self._record,
            self._clock,
            self._presence.tally,
            strict=self._manners.strict,
        )
        self._welcome(conversation)
        turn = self._presence.turn(admission.charge_point)
        worker = asyncio.create_task(self._work(conversation, turn, websocket, authenticated))
        reason = "closed"
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
        except WebSocketDisconnect:
            reason = "lost"
        finally:
            gone_at = self._clock.now()
            left = self._presence.leave(conversation)
            await conversation.finish(worker)
            if left:
                await self._farewell(admission.charge_point, turn, gone_at, reason)

    def _welcome(self, conversation: Conversation) -> None:
        charge_point = conversation.admission.charge_point
        replaced = self._presence.join(conversation)
        if replaced is not None:
            closing = asyncio.create_task(replaced.close(REPLACED, "replaced by a new connection"))
            self._closings.add(closing)
            closing.add_done_callback(self._closings.discard)
        if self._presence.flaps(charge_point):
            self._presence.tally.flapping += 1
            log.warning("charger connects too often", charger=charge_point)

    async def _work(
        self, conversation: Conversation, turn: asyncio.Lock, websocket: WebSocket, authenticated: bool
    ) -> None:
        client = websocket.scope.get("client")
        async with turn:
            try:
                await self._desk.connected(
                    conversation.admission.charge_point,
                    protocol=v16.SUBPROTOCOL,
                    secure=websocket.scope["scheme"] == "wss",
                    authenticated=authenticated,
                    address=client[0] if client else "",
                )
            except Exception:
                log.exception("connection not noted", charger=conversation.admission.charge_point)
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
