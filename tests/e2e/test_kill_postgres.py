"""PostgreSQL killed without warning, again and again, under load: nothing acknowledged is lost or doubled."""

import asyncio
import contextlib
import os
import random
import signal
from datetime import UTC, datetime
from pathlib import Path

from eosvolt.adapters.postgres.embedded import EmbeddedPostgres
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.frame_log import FrameLog
from eosvolt.adapters.postgres.history_check import check_history
from eosvolt.adapters.postgres.projection_engine import ProjectionEngine
from eosvolt.adapters.postgres.schema import migrate
from eosvolt.adapters.postgres.sealer import Sealer
from eosvolt.adapters.postgres.verification import verify
from eosvolt.application.ports import Frame, StreamAppend
from tests.contracts.accounts_example import EXAMPLES, MODELS, WHY, Moved
from tests.eventually import eventually

CHARGERS = 30
KILLS = 6


class WallClock:
    """The real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


async def _kill_again_and_again(folder: Path, servers: contextlib.ExitStack) -> None:
    rng = random.Random(11)
    server = servers.enter_context(EmbeddedPostgres(folder))
    for _ in range(KILLS):
        await asyncio.sleep(rng.uniform(0.2, 0.9))
        pid = server.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await asyncio.sleep(rng.uniform(0.0, 0.3))
        server = EmbeddedPostgres(folder)
        await asyncio.to_thread(server.start)
        servers.callback(server.stop)
    await asyncio.sleep(0.5)


async def test_nothing_acknowledged_is_lost_when_postgresql_is_killed(tmp_path: Path) -> None:
    acknowledged = [0] * CHARGERS
    answered: list[int] = []
    stop = asyncio.Event()
    folder = tmp_path / "server"
    with contextlib.ExitStack() as servers:
        dsn = servers.enter_context(EmbeddedPostgres(folder)).dsn
        await migrate(dsn)
        async with PostgresEventStore(dsn, EXAMPLES, WallClock()) as store:
            frames = FrameLog(dsn)
            engine = ProjectionEngine(dsn, store, MODELS, EXAMPLES)
            background = [
                asyncio.create_task(work)
                for work in (engine.run(), Sealer(dsn, b"secret").run(), frames.run())
            ]

            async def charger(n: int) -> None:
                while not stop.is_set():
                    version = acknowledged[n]
                    moved = Moved(amount=version, to=str(version % 20))
                    position = await store.append([StreamAppend(f"account:{n}", version, [moved])], WHY)
                    answered.append(position)
                    acknowledged[n] = version + 1
                    frames.put(Frame(242, f"242/CP-{n}", "c", "in", datetime.now(UTC), "[]", str(version)))

            chargers = [asyncio.create_task(charger(n)) for n in range(CHARGERS)]
            await _kill_again_and_again(folder, servers)
            stop.set()
            await asyncio.wait_for(asyncio.gather(*chargers), 30)

            assert min(acknowledged) > KILLS
            assert len(set(answered)) == len(answered) == sum(acknowledged)
            for n, version in enumerate(acknowledged):
                facts = await store.read(f"account:{n}")
                assert [fact.event for fact in facts] == [
                    Moved(amount=i, to=str(i % 20)) for i in range(version)
                ]
                assert {fact.position for fact in facts} <= set(answered)
            await engine.wait_until(await store.head(), 30)
            assert all(
                verdict.same and verdict.live for verdict in await verify(dsn, store, MODELS, EXAMPLES)
            )

            async def all_kept() -> bool:
                return not frames.waiting and not (await check_history(dsn, b"secret")).unsealed

            await eventually(all_kept)
            assert (await check_history(dsn, b"secret")).intact
            kept = await store.reading.fetch(
                "SELECT count(DISTINCT (charge_point, message_id)) FROM ocpp_frames"
            )
            assert kept == [(sum(acknowledged),)]
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)
