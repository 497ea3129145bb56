"""The embedded PostgreSQL is killed under the running system: it comes back by itself and nothing is lost."""

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

KILLS = 5
CHARGERS = 8


@pytest.fixture
def with_its_own_database(tmp_path: Path) -> Iterator[RunningSystem]:
    """A system on the embedded server, as a newcomer runs it."""
    running = RunningSystem("", tmp_path)
    try:
        running.start()
        yield running
        assert running.stop() == 0
    finally:
        running.close()


async def test_a_killed_database_comes_back_and_nothing_is_lost(with_its_own_database: RunningSystem) -> None:
    system, rng = with_its_own_database, random.Random(5)
    with EmbeddedPostgres(system.folder / "data") as server:
        chargers = await asyncio.to_thread(park, system, CHARGERS)
        enough = asyncio.Event()
        lives = [asyncio.create_task(charger.live(enough)) for charger in chargers]
        for _ in range(KILLS):
            await asyncio.sleep(0.5 + rng.random() * 1.5)
            pid = server.pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            async with asyncio.timeout(30):
                while server.pid in (None, pid):
                    await asyncio.sleep(0.05)
        enough.set()
        async with asyncio.timeout(60):
            await asyncio.gather(*lives)
        expected = delivered(chargers)
        found = await asyncio.to_thread(sessions_of, system, expected)
        assert {number: session["energyWh"] for number, session in found.items()} == expected
        assert len(expected) > CHARGERS
        report = await asyncio.to_thread(system.verify)
        assert report["same"] is True, report
