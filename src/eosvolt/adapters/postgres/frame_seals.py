"""The hash chain over the OCPP frames: each past day gets a seal over all its frames.

A seal covers the rows of the day's partition at the time of sealing. Frames written later, after a long
outage of the database, have higher ids and are not covered. The mark of a dropped day is signed.
"""

import asyncio
import hashlib
import hmac
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, LiteralString, NamedTuple

import msgspec
from psycopg import sql

from eosvolt.adapters.postgres.connections import Db, connect
from eosvolt.adapters.postgres.frame_partitions import name_of, partitions
from eosvolt.adapters.postgres.hash_chain import GENESIS, micros
from eosvolt.adapters.postgres.head_file import FramesHead, HeadFile, Record

# How long after the day's end its frames may still be written before the day is sealed.
SETTLED_AFTER = timedelta(hours=2)
ROWS_PER_TURN = 1_000
_SEALS: LiteralString = (
    "SELECT day, count, up_to, content, digest, signature, sealed_at, dropped_at, dropped_signature"
    " FROM frame_seals ORDER BY day"
)
ALONE: LiteralString = "SELECT pg_advisory_xact_lock(hashtextextended('eosvolt.frame_seals', 0))"


class FramesChainBroken(Exception):  # noqa: N818 - a statement about the frames, for operators
    """The seals of the frames do not continue from the head that is known. The text says how."""


class FrameSeal(NamedTuple):
    """The seal of one day: the digest over its ``frames`` frames with ids up to ``up_to``."""

    day: date
    frames: int
    up_to: int
    content: bytes
    digest: bytes
    signature: bytes | None
    sealed_at: datetime
    dropped_at: datetime | None = None
    dropped_signature: bytes | None = None

    def fault(self, previous: bytes, secret: bytes) -> str:
        """What is wrong with this seal after the one with the digest ``previous``; empty if nothing is."""
        if self.digest != _chained(previous, self.day, self.frames, self.up_to, self.content):
            return "its digest does not follow from the seal before it and its own fields"
        if secret and self.signature != _signature(secret, self.digest, self.sealed_at):
            return "its signature was not made with this installation's secret"
        return ""

    def dropped(self, secret: bytes) -> bool:
        """Whether the day is marked as dropped by retention with a valid signature."""
        return self.dropped_at is not None and (
            not secret or self.dropped_signature == dropped_signature(secret, self.day, self.dropped_at)
        )


async def seal_days(dsn: str, secret: bytes, heads: HeadFile, now: datetime) -> list[date]:
    """Seal the days that ended ``SETTLED_AFTER`` ago, and return them. Raises ``FramesChainBroken``."""
    sealed: list[date] = []
    async with await connect(dsn, "seal frames") as connection:
        while (seal := await _seal_next(connection, secret, heads, now)) is not None:
            head = FramesHead(seal.day, seal.digest.hex())
            await asyncio.to_thread(heads.update, partial(_forward, head))
            sealed.append(seal.day)
    return sealed


async def frame_seals(connection: Db) -> list[FrameSeal]:
    """All seals of days, the oldest first."""
    cursor = connection.cursor(binary=True)
    await cursor.execute(_SEALS)
    return [FrameSeal(*row) for row in await cursor.fetchall()]


async def content(connection: Db, day: date, up_to: int) -> tuple[int, bytes]:
    """The number of a day's frames with ids up to ``up_to``, and their digest."""
    query = sql.SQL(
        "COPY (SELECT id, (extract(epoch FROM at) * 1000000)::bigint, company, charge_point, connection,"
        " direction, text, message_id, action, outcome FROM {} WHERE id <= {} ORDER BY id) TO STDOUT"
    ).format(sql.Identifier(name_of(day)), sql.Literal(up_to))
    digest, count = hashlib.sha256(), 0
    async with connection.cursor() as cursor, cursor.copy(query) as rows:
        async for row in rows:
            digest.update(row)
            count += 1
            if count % ROWS_PER_TURN == 0:
                await asyncio.sleep(0)
    return count, digest.digest()


def dropped_signature(secret: bytes, day: date, at: datetime) -> bytes:
    """The signature (needs the secret) of the statement that retention dropped a day."""
    return hmac.digest(secret, f"eosvolt frames of {day} dropped at {micros(at)}".encode(), "sha256")


async def _seal_next(connection: Db, secret: bytes, heads: HeadFile, now: datetime) -> FrameSeal | None:
    async with connection.transaction():
        await connection.execute(ALONE)
        known = await asyncio.to_thread(heads.read)
        seals = await frame_seals(connection)
        _continued(seals, known, secret)
        last = seals[-1] if seals else None
        for day in await partitions(connection):
            over = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
            if over + SETTLED_AFTER <= now and (last is None or day > last.day):
                return await _seal(connection, day, last.digest if last else GENESIS, secret, now)
    return None


async def _seal(connection: Db, day: date, previous: bytes, secret: bytes, now: datetime) -> FrameSeal:
    newest = sql.SQL("SELECT coalesce(max(id), 0) FROM {}").format(sql.Identifier(name_of(day)))
    cursor = await connection.execute(newest)
    row: tuple[Any, ...] = await cursor.fetchone() or (0,)
    up_to = int(row[0])
    count, found = await content(connection, day, up_to)
    digest = _chained(previous, day, count, up_to, found)
    signed = _signature(secret, digest, now) if secret else None
    seal = FrameSeal(day, count, up_to, found, digest, signed, now)
    await connection.execute(
        "INSERT INTO frame_seals (day, count, up_to, content, digest, signature, sealed_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        seal[:7],
    )
    return seal


def _continued(seals: list[FrameSeal], record: Record | None, secret: bytes) -> None:
    """Raise ``FramesChainBroken`` if the seals do not continue from the known head."""
    known = None if record is None else record.frames
    if known is None:
        since, previous = seals[-1:], seals[-2].digest if len(seals) > 1 else GENESIS
    else:
        at = [index for index, seal in enumerate(seals) if seal.day == known.day]
        if not at or seals[at[0]].digest.hex() != known.digest:
            raise FramesChainBroken(f"The seal of the frames of {known.day} is not the known one.")
        since, previous = seals[at[0] + 1 :], seals[at[0]].digest
    for seal in since:
        if fault := seal.fault(previous, secret):
            raise FramesChainBroken(f"The seal of the frames of {seal.day} is broken: {fault}.")
        previous = seal.digest


def _forward(head: FramesHead, record: Record) -> Record:
    if record.frames is not None and record.frames.day > head.day:
        return record
    return msgspec.structs.replace(record, frames=head)


def _chained(previous: bytes, day: date, count: int, up_to: int, found: bytes) -> bytes:
    return hashlib.sha256(previous + f"{day} {count} {up_to} ".encode() + found).digest()


def _signature(secret: bytes, digest: bytes, sealed_at: datetime) -> bytes:
    return hmac.digest(secret, b"eosvolt frames seal %d " % micros(sealed_at) + digest, "sha256")
