"""A system that listens to chargers over real sockets and holds them to the official schemas."""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from ocpp.messages import Call, CallResult, validate_payload
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosedError
from websockets.typing import Subprotocol


class Heard(NamedTuple):
    """One CALL of a charger."""

    charger: str
    message_id: str
    action: str
    payload: dict[str, Any]

    @property
    def content(self) -> tuple[str, str, str]:
        """What is the same when the charger sends a message again, with another id."""
        return self.charger, self.action, json.dumps(self.payload)


class Listener:
    """Remembers all it heard. ``deaf`` counts, by action, how many of the next calls stay unanswered.

    A start that a charger repeats, because its link broke before the answer, gets the transaction id that
    it had: without an answer a charger sends the same message again (OCPP 1.6 §4.8).
    """

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.results: dict[str, dict[str, Any]] = {}
        self.deaf: Counter[str] = Counter()
        self.refused: set[str] = set()
        self.refused_start: set[str] = set()
        self.sockets: dict[str, ServerConnection] = {}
        self.url = ""
        self._transactions: dict[tuple[str, str, str], int] = {}
        self._news = asyncio.Condition()
        self._asked = 0

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Listener"]:
        """Listen on a free port of this machine."""
        async with serve(self._serve, "127.0.0.1", 0, subprotocols=[Subprotocol("ocpp1.6")]) as server:
            self.url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/ocpp/242"
            yield self

    def all(self, action: str) -> list[dict[str, Any]]:
        """The payloads of one action, in the order in which they came."""
        return [heard.payload for heard in self.heard if heard.action == action]

    def distinct(self, action: str) -> list[dict[str, Any]]:
        """The payloads of one action without those that the same charger repeated."""
        return list({one.content: one.payload for one in self.heard if one.action == action}.values())

    async def until(
        self, action: str, count: int = 1, within_s: float = 30.0, **having: Any
    ) -> dict[str, Any]:
        """Wait for the ``count``-th call of an action with certain values and return it."""

        def found() -> list[dict[str, Any]]:
            return [one for one in self.all(action) if having.items() <= one.items()]

        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: len(found()) >= count), within_s)
        return found()[count - 1]

    async def ask(self, charger: str, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Send a command and wait for the charger's answer."""
        self._asked += 1
        message_id = f"ask-{self._asked}"
        await self.sockets[charger].send(json.dumps([2, message_id, action, payload]))
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: message_id in self.results), 30.0)
        answer = CallResult(message_id, self.results[message_id], action=action)
        await validate_payload(answer, "1.6")
        return self.results[message_id]

    async def _serve(self, socket: ServerConnection) -> None:
        charger = str(socket.request.path).rpartition("/")[2] if socket.request else ""
        self.sockets[charger] = socket
        with contextlib.suppress(ConnectionClosedError):
            await self._listen(charger, socket)

    async def _listen(self, charger: str, socket: ServerConnection) -> None:
        async for text in socket:
            kind, message_id, *rest = json.loads(text)
            if kind == 2:
                await self._hear(charger, socket, message_id, *rest)
            else:
                self.results[message_id] = rest[0]
            async with self._news:
                self._news.notify_all()

    async def _hear(
        self, charger: str, socket: ServerConnection, message_id: str, action: str, payload: Any
    ) -> None:
        await validate_payload(Call(message_id, action, payload), "1.6")
        heard = Heard(charger, message_id, action, payload)
        self.heard.append(heard)
        if self.deaf[action] > 0:
            self.deaf[action] -= 1
            return
        await socket.send(json.dumps([3, message_id, self._answer(heard)]))

    def _answer(self, heard: Heard) -> dict[str, Any]:
        action, payload = heard.action, heard.payload
        refused = self.refused | (self.refused_start if action == "StartTransaction" else set())
        verdict = {"status": "Blocked" if payload.get("idTag") in refused else "Accepted"}
        match action:
            case "BootNotification":
                return {"status": "Accepted", "currentTime": "2026-11-21T10:00:00Z", "interval": 300}
            case "Heartbeat":
                return {"currentTime": "2026-11-21T10:00:00Z"}
            case "Authorize":
                return {"idTagInfo": verdict}
            case "StartTransaction":
                number = self._transactions.setdefault(heard.content, 170_001 + len(self._transactions))
                return {"transactionId": number, "idTagInfo": verdict}
            case _:
                return {}
