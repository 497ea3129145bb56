"""Anonymous connections, more than the process has descriptors: whoever is known goes on working."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx2

from tests.e2e.ocpp.charger import charger
from tests.e2e.running import RunningSystem
from tests.eventually import eventually
from tests.faults.fault_injection import postmaster

DESCRIPTORS = 300


@contextlib.contextmanager
def anonymous(port: int, count: int, says: bytes = b"") -> Iterator[None]:
    """So many connections that say no more than ``says``."""
    with contextlib.ExitStack() as idle:
        for _ in range(count):
            connection = idle.enter_context(socket.create_connection(("127.0.0.1", port)))
            connection.sendall(says)
        yield


async def test_anonymous_connections_take_neither_the_database_nor_a_charger_nor_the_api_away(
    tmp_path: Path,
) -> None:
    system = RunningSystem("", tmp_path)
    system.serving = ("prlimit", f"--nofile={DESCRIPTORS}:{DESCRIPTORS}", *system.serving)
    system.start()
    try:
        api = system.api()
        location = api.location({"strategy": "perKwh", "price": "0.50"})
        for name in ("CP-1", "CP-2"):
            api.charger(location, name)
        async with charger(system.charger_url("CP-1")) as cp:
            await cp.call("Heartbeat")
            with anonymous(system.port, 2 * DESCRIPTORS), anonymous(system.port, DESCRIPTORS, b"GET / HTTP"):
                assert await cp.call("Heartbeat")
                assert api.get("/company")["id"] == 242
                os.kill(postmaster(system), signal.SIGKILL)
                await eventually(lambda: _works(system), seconds=60)
                assert await cp.call("Heartbeat")
                async with charger(system.charger_url("CP-2")) as another:
                    assert await another.call("Heartbeat")
    finally:
        system.stop()
        system.close()


async def _works(system: RunningSystem) -> bool:
    """Whether the system writes and reads again."""
    try:
        token = {"uid": "AGAIN", "status": "accepted"}
        answer = await asyncio.to_thread(system.api().client.post, "/tokens", json=token)
    except httpx2.TransportError:
        return False
    return bool(answer.is_success)
