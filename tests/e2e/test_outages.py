"""The database is away for longer than any pool waits: every process goes on when it is back."""

import asyncio
import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from eosvolt.adapters.postgres.embedded import EmbeddedPostgres
from tests.e2e.persistent_charger import delivered, park, sessions_of
from tests.e2e.running import RunningSystem

CHARGERS = 8
AWAY_S = (10, 40)
ROLES = ("worker", "web", "gateway")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(tmp_path / "server") as running:
        yield running


@pytest.fixture
def processes(server: EmbeddedPostgres, tmp_path: Path) -> Iterator[dict[str, RunningSystem]]:
    """A process for each role on one database."""
    started: dict[str, RunningSystem] = {}
    try:
        for role in ROLES:
            (tmp_path / role).mkdir()
            process = RunningSystem(server.dsn, tmp_path / role, role)
            process.settings["EOSVOLT_DATA_DIR"] = str(tmp_path / "data")
            process.start()
            started[role] = process
        yield started
        for each in started.values():
            assert each.stop() == 0
    finally:
        for each in started.values():
            each.close()


async def test_no_process_ends_because_the_database_is_away(
    server: EmbeddedPostgres, processes: dict[str, RunningSystem]
) -> None:
    web, draw = processes["web"], random.Random(3)
    chargers = await asyncio.to_thread(park, web, CHARGERS)
    gateway = processes["gateway"].port
    for each in chargers:
        each.url = each.url.replace(f":{web.port}/", f":{gateway}/")
    pids = {role: each.pid for role, each in processes.items()}
    enough = asyncio.Event()
    lives = [asyncio.create_task(charger.live(enough)) for charger in chargers]
    for seconds in AWAY_S:
        await asyncio.sleep(1 + draw.random())
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        await asyncio.sleep(seconds)
        await asyncio.to_thread(server.revive)
        for process in processes.values():
            await asyncio.to_thread(process.wait_until_ready)
    enough.set()
    async with asyncio.timeout(90):
        await asyncio.gather(*lives)
    expected = delivered(chargers)
    found = await asyncio.to_thread(sessions_of, web, expected)
    assert {number: session["energyWh"] for number, session in found.items()} == expected
    assert {role: each.pid for role, each in processes.items()} == pids
    report = await asyncio.to_thread(web.verify)
    assert report["same"] is True, report
