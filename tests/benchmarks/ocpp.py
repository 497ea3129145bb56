"""What one message costs in the OCPP adapter, next to the ``ocpp`` package with its own dispatch.

    python -m tests.benchmarks.ocpp

Both parse the frame, judge it by the official schema, call a handler and write the answer; no socket, no
database. Ours also turns the samples into readings and digests the frame.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import orjson
from ocpp.routing import on
from ocpp.v16 import ChargePoint, call_result

from eosvolt.adapters.ocpp import frames, v16

MEASURANDS = [
    ("Energy.Active.Import.Register", "Wh", "1523600"),
    ("Power.Active.Import", "W", "11040.5"),
    *[("Current.Import", "A", f"{15 + n / 10}") for n in range(3)],
    *[("Voltage", "V", f"{229 + n}.4") for n in range(3)],
    ("SoC", "Percent", "57"),
]
PHASES = ["", "", "L1", "L2", "L3", "L1-N", "L2-N", "L3-N", ""]


def meter_values(samples: int) -> str:
    """A MeterValues frame with up to nine samples."""
    sampled = []
    for (measurand, unit, value), phase in list(zip(MEASURANDS, PHASES, strict=True))[:samples]:
        sample = {"value": value, "context": "Sample.Periodic", "measurand": measurand, "unit": unit}
        sampled.append(sample | ({"phase": phase} if phase else {}))
    payload = {
        "connectorId": 1,
        "transactionId": 170_001,
        "meterValue": [{"timestamp": "2026-11-21T10:00:00Z", "sampledValue": sampled}],
    }
    return orjson.dumps([2, "0123456789abcdef0123456789abcdef0123", "MeterValues", payload]).decode()


STATUS = {"connectorId": 1, "errorCode": "NoError", "status": "Charging", "timestamp": "2026-11-21T10:00:00Z"}
FRAMES = {
    "MeterValues, 9 samples": meter_values(9),
    "MeterValues, 4 samples": meter_values(4),
    "StatusNotification": orjson.dumps([2, "1", "StatusNotification", STATUS]).decode(),
    "Heartbeat": '[2,"1","Heartbeat",{}]',
}


class Wire:
    """A connection that swallows what is sent."""

    async def send(self, text: str) -> None:
        self.last = text


class Package(ChargePoint):  # type: ignore[misc] # the package ships without types
    """The package's charge point with handlers that do nothing."""

    @on("MeterValues")  # type: ignore[untyped-decorator] # see above
    def meter(self, **_: Any) -> Any:
        return call_result.MeterValues()

    @on("StatusNotification")  # type: ignore[untyped-decorator] # see above
    def status(self, **_: Any) -> Any:
        return call_result.StatusNotification()

    @on("Heartbeat")  # type: ignore[untyped-decorator] # see above
    def heartbeat(self) -> Any:
        return call_result.Heartbeat(current_time="2026-11-21T10:00:00Z")


async def ours(text: str) -> str:
    """The path of a frame through the adapter, without its socket and without the application."""
    now = datetime.now(UTC)
    message = frames.parse(text)
    assert isinstance(message, frames.Call)
    understood = v16.parse(message.action, message.payload, now, strict=False)
    assert isinstance(understood, v16.Parsed)
    if message.action == v16.AT_ONCE:
        return frames.result(message.id, v16.clock(now))
    sha256(text.encode()).hexdigest()
    return frames.result(message.id, v16.NOTED)


async def microseconds(route: Callable[[str], Awaitable[object]], text: str, seconds: float = 0.4) -> float:
    """CPU time of one message: the median of five runs."""
    count, figures = 1, []
    while True:
        began = time.process_time()
        for _ in range(count):
            await route(text)
        took = time.process_time() - began
        if took < seconds / 5:
            count *= 2
            continue
        figures.append(took / count * 1e6)
        if len(figures) == 5:
            return statistics.median(figures)


async def main() -> None:
    """Print one line for each kind of message."""
    print(f"{'message':24} {'bytes':>6} {'ours µs':>9} {'package µs':>11} {'ratio':>6}")
    package = Package("CP-1", Wire())
    for name, text in FRAMES.items():
        fast, slow = await microseconds(ours, text), await microseconds(package.route_message, text)
        print(f"{name:24} {len(text):6} {fast:9.1f} {slow:11.1f} {slow / fast:5.0f}x")


if __name__ == "__main__":
    import logging

    # The package logs each frame at INFO; it is measured without that.
    logging.getLogger("ocpp").setLevel(logging.WARNING)
    asyncio.run(main())
