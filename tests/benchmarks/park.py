"""Many chargers in one event loop, each with one message on its way: as little work as a charger can be.

The frames are put together by hand: the client of a WebSocket library would need most of a core itself.
"""

import asyncio
import base64
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlsplit

import orjson

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
FINAL, MASKED = 0x80, 0x80
# With this key a masked payload is the payload.
KEY = bytes(4)
MEASURED = (
    ("Energy.Active.Import.Register", "Wh"),
    ("Power.Active.Import", "W"),
    ("Current.Import", "A"),
    ("Voltage", "V"),
)


def frame(kind: int, payload: bytes) -> bytes:
    """A client's frame of less than 64 KiB."""
    size = len(payload)
    if size < 126:
        return bytes((FINAL | kind, MASKED | size)) + KEY + payload
    return bytes((FINAL | kind, MASKED | 126)) + size.to_bytes(2, "big") + KEY + payload


def now() -> str:
    """The instant as chargers write it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Station(asyncio.Protocol):
    """One charger. A call while another is on its way is a mistake of the caller."""

    def __init__(
        self, url: str, name: str, password: bytes | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        """``tls`` is what it thinks of the server's certificate, where ``url`` begins with ``wss``."""
        self.name = name
        self._login = password and base64.b64encode(name.encode() + b":" + password).decode()
        self._tls = tls
        self.transaction = 0
        self.energy_wh = 0
        self._place = urlsplit(f"{url}/{name}")
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._open = False
        self._calls = 0
        self._answer: asyncio.Future[Any] = self._loop.create_future()

    async def connect(self) -> None:
        """Raises ``ConnectionError`` where the server does not want this charger."""
        place = self._place
        self._buffer, self._open, self._answer = b"", False, self._loop.create_future()
        await self._loop.create_connection(
            lambda: self, place.hostname or "", place.port or 80, ssl=self._tls
        )
        await self._answer

    async def call(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Send a CALL and return the answer's payload. Raises ``ConnectionError``, also for a CALLERROR."""
        assert self._transport is not None
        self._calls += 1
        self._answer = self._loop.create_future()
        self._transport.write(frame(TEXT, orjson.dumps([2, f"{self._calls:x}", action, payload])))
        answer = await self._answer
        if answer[0] != 3:
            raise ConnectionError(f"{action}: {answer}")
        return dict(answer[2])

    async def boot(self) -> None:
        """Say hello."""
        await self.call("BootNotification", {"chargePointVendor": "Bench", "chargePointModel": "One"})

    async def status(self, status: str, connector: int = 1) -> None:
        """Tell how the plug, or with 0 the charger, is."""
        payload = {"connectorId": connector, "errorCode": "NoError", "status": status, "timestamp": now()}
        await self.call("StatusNotification", payload)

    async def start(self) -> None:
        """Begin to charge; the token is called like the charger."""
        payload = {"connectorId": 1, "idTag": self.name, "meterStart": self.energy_wh, "timestamp": now()}
        answer = await self.call("StartTransaction", payload)
        if answer["idTagInfo"]["status"] != "Accepted":
            raise ConnectionError(f"the start of {self.name}: {answer}")
        self.transaction = answer["transactionId"]

    async def meter(self) -> None:
        """Four sampled values."""
        self.energy_wh += 50
        figures = (self.energy_wh, 11_000, 16, 230)
        sampled = [
            {"value": str(value), "measurand": measurand, "unit": unit, "context": "Sample.Periodic"}
            for (measurand, unit), value in zip(MEASURED, figures, strict=True)
        ]
        value = {"timestamp": now(), "sampledValue": sampled}
        await self.call(
            "MeterValues", {"connectorId": 1, "transactionId": self.transaction, "meterValue": [value]}
        )

    def leave(self) -> None:
        """Close the line."""
        if self._transport is not None:
            self._transport.write(frame(CLOSE, (1000).to_bytes(2, "big")))
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = line = cast("asyncio.Transport", transport)
        asked = (
            f"GET {self._place.path} HTTP/1.1",
            f"Host: {self._place.netloc}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Protocol: ocpp1.6",
            *((f"Authorization: Basic {self._login}",) if self._login else ()),
        )
        line.write(("\r\n".join(asked) + "\r\n\r\n").encode())

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._answer.done():
            self._answer.set_exception(ConnectionError(f"{self.name} lost its line: {exc}"))
            # Nobody may be waiting just now; whoever calls next learns it from the closed line.
            self._answer.exception()

    def data_received(self, data: bytes) -> None:
        self._buffer = data = self._buffer + data if self._buffer else data
        if not self._open:
            head, found, self._buffer = data.partition(b"\r\n\r\n")
            if not found:
                self._buffer = head
                return
            self._open = True
            if b" 101 " in head.partition(b"\r\n")[0]:
                self._answer.set_result(None)
            else:
                self._answer.set_exception(ConnectionError(head.decode(errors="replace")))
        while len(data := self._buffer) >= 2:
            size, begin = data[1], 2
            if size == 126:
                size, begin = int.from_bytes(data[2:4], "big"), 4
            if len(data) < begin + size:
                return
            self._buffer = data[begin + size :]
            self._heard(data[0] & 0x0F, data[begin : begin + size])

    def _heard(self, kind: int, payload: bytes) -> None:
        assert self._transport is not None
        if kind == PING:
            self._transport.write(frame(PONG, payload))
        if kind != TEXT:
            return
        message = orjson.loads(payload)
        if message[0] == 2:
            self._transport.write(frame(TEXT, orjson.dumps([3, message[1], {"status": "Accepted"}])))
        elif not self._answer.done():
            self._answer.set_result(message)


async def each(
    stations: Sequence[Station], act: Callable[[Station], Awaitable[None]], at_once: int = 200
) -> None:
    """Let every station do it, some at once."""
    waiting = iter(stations)

    async def work() -> None:
        for station in waiting:
            await act(station)

    async with asyncio.TaskGroup() as group:
        for _ in range(min(at_once, len(stations))):
            group.create_task(work())


async def flat_out(stations: Sequence[Station], seconds: float) -> list[float]:
    """Every station meters again as soon as it has its answer; how long each answer took, in ms."""
    taken: list[float] = []
    end = time.perf_counter() + seconds

    async def go(station: Station) -> None:
        while (begin := time.perf_counter()) < end:
            await station.meter()
            taken.append((time.perf_counter() - begin) * 1_000)

    await each(stations, go, len(stations))
    return taken


async def by_the_clock(stations: Sequence[Station], seconds: float, rate: float) -> list[float]:
    """The stations meter in turn, so many a second; ms from when each was due until its answer."""
    taken: list[float] = []
    begin = time.perf_counter()
    gap = len(stations) / rate

    async def go(station: Station) -> None:
        due = begin + gap * stations.index(station) / len(stations)
        while due < begin + seconds:
            await asyncio.sleep(due - time.perf_counter())
            await station.meter()
            taken.append((time.perf_counter() - due) * 1_000)
            due += gap

    await each(stations, go, len(stations))
    return taken
