"""The record of frames: nobody waits for it, and it keeps what an outage lets it keep."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.adapters.postgres.frame_log import BYTES_WAITING, FrameLog, frames_between
from eosvolt.adapters.postgres.frame_retention import drop_frames_before
from eosvolt.application.ports import Frame
from tests.contracts.faulty_wire import FaultyWire
from tests.eventually import eventually

NOW = datetime.now(UTC)


def frame(n: int, charge_point: str = "242/CP-1", at: datetime = NOW) -> Frame:
    return Frame(
        242,
        charge_point,
        "c1",
        "in",
        at + timedelta(milliseconds=n),
        f'[2,"{n}","Heartbeat",{{}}]',
        str(n),
        "Heartbeat",
    )


@contextlib.asynccontextmanager
async def logging_to(dsn: str, bytes_waiting: int = BYTES_WAITING) -> AsyncIterator[FrameLog]:
    log = FrameLog(dsn, bytes_waiting)
    task = asyncio.create_task(log.run())
    try:
        yield log
        log.close()
        await asyncio.wait_for(task, 10)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def reading(dsn: str) -> AsyncIterator[ReadPool]:
    pool = ReadPool(dsn, "test")
    await pool.open()
    yield pool
    await pool.close()


async def found(
    reading: ReadPool, charge_point: str = "242/CP-1", since: datetime = NOW - timedelta(days=60)
) -> list[Frame]:
    until = NOW + timedelta(days=60)
    return [f async for f in frames_between(reading, 242, charge_point, since, until)]


async def test_frames_come_back_as_they_were_in_their_order(dsn: str, reading: ReadPool) -> None:
    frames = [frame(n) for n in range(3_500)]
    async with logging_to(dsn) as log:
        for each in frames:
            log.put(each)
        log.put(frame(1, "242/CP-2"))
    assert await found(reading) == frames
    assert await found(reading, since=NOW + timedelta(milliseconds=3_490)) == frames[3_490:]
    assert await found(reading, "242/CP-2") == [frame(1, "242/CP-2")]
    assert await found(reading, "242/CP-3") == []


async def test_frames_are_written_at_most_a_second_behind(dsn: str, reading: ReadPool) -> None:
    async with logging_to(dsn) as log:
        for n in range(3):
            log.put(frame(n))
            await asyncio.sleep(0.02)

        async def all_there() -> bool:
            return len(await found(reading)) == 3

        await eventually(all_there, 1)


async def test_frames_of_one_instant_keep_their_order(dsn: str, reading: ReadPool) -> None:
    frames = [frame(n)._replace(at=NOW) for n in range(2_500)]
    async with logging_to(dsn) as log:
        for each in frames:
            log.put(each)
    assert await found(reading) == frames


async def test_text_that_postgresql_cannot_hold_is_kept_as_far_as_possible(
    dsn: str, reading: ReadPool
) -> None:
    async with logging_to(dsn) as log:
        log.put(frame(1)._replace(text="nul \x00"))
        log.put(frame(2)._replace(text="\ud800"))
        log.put(frame(4))
    assert [f.text for f in await found(reading)] == ["nul \ufffd", frame(4).text]
    assert log.refused == 1


async def test_an_outage_keeps_the_newest_frames_and_counts_the_lost_ones(
    dsn: str, reading: ReadPool
) -> None:
    async with FaultyWire(dsn) as wire:
        wire.refusing = True
        async with logging_to(wire.address, bytes_waiting=50_000) as log:
            for n in range(1_000):
                log.put(frame(n))
            await asyncio.sleep(0.3)
            assert log.dropped == 1_000 - log.waiting > 500
            wire.refusing = False

            async def nothing_waits() -> bool:
                return not log.waiting

            await eventually(nothing_waits)
        assert await found(reading) == [frame(n) for n in range(log.dropped, 1_000)]


async def test_killed_connections_lose_no_frame(dsn: str, reading: ReadPool) -> None:
    async with logging_to(dsn) as log:
        for n in range(300):
            log.put(frame(n))
            if n % 20 == 0:
                with psycopg.connect(dsn, autocommit=True) as admin:
                    admin.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE application_name = 'eosvolt frames' AND datname = current_database()"
                    )
            await asyncio.sleep(0.002)
    assert {f.message_id for f in await found(reading)} == {str(n) for n in range(300)}


async def test_each_day_has_its_partition_and_retention_drops_whole_days(dsn: str, reading: ReadPool) -> None:
    days = [NOW - timedelta(days=ago) for ago in (40, 10, 1, 0)]
    async with logging_to(dsn) as log:
        for n, day in enumerate(days):
            log.put(frame(n, at=day))
    rows = await reading.fetch("SELECT count(*) FROM ocpp_frames_elsewhere")
    assert rows == [(0,)]
    gone = await drop_frames_before(dsn, (NOW - timedelta(days=5)).date())
    assert gone == [day.date() for day in days[:2]]
    assert [f.message_id for f in await found(reading)] == ["2", "3"]


async def test_a_day_that_began_in_the_default_partition_stays_there(dsn: str, reading: ReadPool) -> None:
    with psycopg.connect(dsn, autocommit=True) as admin:
        admin.execute(
            "INSERT INTO ocpp_frames (at, company, charge_point, connection, direction, text, message_id,"
            " action, outcome) VALUES (now(), 242, '242/CP-1', 'c0', 'in', 'earlier', '', '', '')"
        )
    async with logging_to(dsn) as log:
        log.put(frame(1))
    assert {f.text for f in await found(reading)} == {"earlier", frame(1).text}
    assert await drop_frames_before(dsn, date(2100, 1, 1))
    assert await found(reading) == []
