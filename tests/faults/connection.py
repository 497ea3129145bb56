"""A charger's connection: one call at a time, repeated until answered, with random faults."""

import asyncio
import contextlib
import itertools
import json
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from tests.faults.clock import FastClock

PATIENCE = 4.0
NONSENSE = (
    "not json at all",
    "[]",
    '{"action": "Heartbeat"}',
    '[2,"g1"]',
    '[2,"g2",["Heartbeat"],{}]',
    '[2,"g3","MeterValues",{"connectorId":"one","meterValue":"none"}]',
    '[2,"g4","StopTransaction",{"transactionId":"?"}]',
    '[2,"g5","StatusNotification",{"connectorId":1}]',
    '[2,"g6","NoSuchAction",{"a":[[[[1]]]]}]',
    '[3,"never-asked",{"status":"Accepted"}]',
    '[4,"never-asked","InternalError","",{}]',
    '[7,"x",{}]',
    "[2," + '"' + "x" * 400 + '","Heartbeat",{}]',
)


@dataclass(frozen=True)
class Luck:
    """How likely each misfortune is, for every message."""

    nonsense: float = 0.02
    twice: float = 0.03
    hang_up: float = 0.02
    answer_lost: float = 0.04


STEADY = Luck(hang_up=0)


def _refuse(action: str, payload: dict[str, Any]) -> None:
    """Nobody is there to do it."""


def _nothing() -> None:
    """Nobody wants to know."""


@dataclass
class Line:
    """``faults`` counts what went wrong on purpose, ``away`` holds when nobody was connected.

    ``asked`` answers the system's calls (``None``: it cannot), ``connected`` hears of each new connection.
    """

    url: str
    clock: FastClock
    rng: random.Random
    luck: Luck
    faults: Counter[str]
    asked: Callable[[str, dict[str, Any]], dict[str, Any] | None] = _refuse
    connected: Callable[[], None] = _nothing
    down_until: float = 0.0
    answered: int = 0
    complaints: list[str] = field(default_factory=list)
    away: list[tuple[datetime, datetime]] = field(default_factory=list)
    _socket: ClientConnection | None = None
    _lost_at: datetime | None = None
    _reader: asyncio.Task[None] | None = None
    _waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _ids: "itertools.count[int]" = field(default_factory=itertools.count)

    async def call(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """The answer, after as many attempts as it takes."""
        async with self._turn:
            id_ = ""
            while True:
                if not id_ or self.rng.random() < 0.5:
                    id_ = f"q{next(self._ids)}"
                try:
                    answer = await self._attempt(id_, action, payload)
                except (OSError, WebSocketException, TimeoutError):
                    await self.hang_up()
                    await asyncio.sleep(0.05 + self.rng.random() * 0.2)
                    continue
                if answer is not None:
                    self.answered += 1
                    return answer

    async def _attempt(self, id_: str, action: str, payload: dict[str, Any]) -> dict[str, Any] | None:
        socket = await self._connected()
        if self._is_due(self.luck.nonsense, "nonsense"):
            await socket.send(self.rng.choice(NONSENSE))
        text = json.dumps([2, id_, action, payload])
        future = self._waiting[id_] = asyncio.get_running_loop().create_future()
        await socket.send(text)
        if self._is_due(self.luck.twice, "sent twice"):
            await socket.send(text)
        if self._is_due(self.luck.hang_up, "hung up before the answer"):
            await self.hang_up()
            return None
        async with asyncio.timeout(PATIENCE):
            answer = await future
        if self._is_due(self.luck.answer_lost, "answer lost"):
            return None
        if answer[0] == 3:
            result: dict[str, Any] = answer[2]
            return result
        if answer[2] != "InternalError":
            self.complaints.append(f"{action}: {answer}")
            return {}
        await asyncio.sleep(0.2)
        return None

    async def _connected(self) -> ClientConnection:
        while self._socket is None:
            await asyncio.sleep(max(0.0, self.down_until - time.time()))
            socket = await connect(
                self.url, subprotocols=[Subprotocol("ocpp1.6")], open_timeout=PATIENCE, close_timeout=0.5
            )
            if self._lost_at is not None:
                self.away.append((self._lost_at, self.clock.now()))
                self._lost_at = None
            self._socket = socket
            self._reader = asyncio.create_task(self._read(socket))
            self.connected()
        return self._socket

    async def _read(self, socket: ClientConnection) -> None:
        with contextlib.suppress(WebSocketException, OSError):
            async for text in socket:
                message = json.loads(text)
                if message[0] == 2:
                    answer = self.asked(message[2], message[3])
                    reply = (
                        [4, message[1], "NotSupported", "", {}] if answer is None else [3, message[1], answer]
                    )
                    await socket.send(json.dumps(reply))
                elif (future := self._waiting.pop(message[1], None)) is not None and not future.done():
                    future.set_result(message)
        if self._socket is socket:
            await self.hang_up()

    async def hang_up(self, seconds: float = 0.0) -> None:
        """Break the connection without a word; nobody is there for so many wall ``seconds``."""
        self.down_until = max(self.down_until, time.time() + seconds)
        socket, self._socket = self._socket, None
        if socket is None:
            return
        self._lost_at = self._lost_at or self.clock.now()
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(TimeoutError())
                future.exception()
        self._waiting.clear()
        socket.transport.abort()

    def _is_due(self, likelihood: float, name: str) -> bool:
        due = self.rng.random() < likelihood
        if due:
            self.faults[name] += 1
        return due
