"""Tamper evidence: a chain of digests over the stored bytes in log order, sealed seconds behind the head.

A leaf is the digest of one event with its position; a seal covers up to a thousand of them and the seal
before it, and is signed with the installation's secret where there is one. Whoever changes, removes, adds or
moves an event without redoing every later seal is found; with the secret kept elsewhere, redoing them is not
possible either.
"""

import asyncio
import hashlib
import hmac
import logging
import struct
from collections.abc import Iterable, Sequence
from typing import LiteralString, NamedTuple
from uuid import UUID

from eosvolt.adapters.postgres.connections import LOST, Backoff, Db, connect

logger = logging.getLogger("eosvolt.seals")

EVENTS_PER_SEAL = 1_000
EVERY = 1.0
# Between two seals of a backlog: one after the other without a pause would keep chargers waiting.
BREATH = 0.05
LEAF_BYTES = 16
GENESIS = bytes(32)
_LEAF = struct.Struct(f">q{LEAF_BYTES}s")
_CONTENT = struct.Struct(">q16sqI")
_ALONE: LiteralString = "SELECT pg_advisory_xact_lock(hashtextextended('eosvolt.history_seals', 0))"
_LAST: LiteralString = "SELECT up_to, digest FROM history_seals ORDER BY up_to DESC LIMIT 1"
_BEHIND: LiteralString = (
    "SELECT notification_id, originator_id, originator_version, topic, state FROM stored_events"
    " WHERE notification_id > %b ORDER BY notification_id LIMIT %b"
)
_SEAL: LiteralString = (
    "INSERT INTO history_seals (up_to, count, leaves, digest, signature) VALUES (%b, %b, %b, %b, %b)"
)


class Leaf(NamedTuple):
    """What a seal knows about one event."""

    position: int
    digest: bytes


def leaf(position: int, originator_id: UUID, version: int, topic: str, state: bytes) -> Leaf:
    """The leaf of one stored event."""
    name = topic.encode()
    head = _CONTENT.pack(position, originator_id.bytes, version, len(name))
    return Leaf(position, hashlib.sha256(head + name + state).digest()[:LEAF_BYTES])


def pack(leaves: Iterable[Leaf]) -> bytes:
    """The leaves as a seal stores them: 24 bytes each."""
    return b"".join([_LEAF.pack(position, digest) for position, digest in leaves])


def unpack(leaves: bytes) -> list[Leaf]:
    """The leaves of a seal. Raises ``struct.error`` where they are not whole."""
    return [Leaf(position, digest) for position, digest in _LEAF.iter_unpack(leaves)]


def chain(previous: bytes, leaves: bytes) -> bytes:
    """The digest of a seal that follows the one with the digest ``previous``."""
    return hashlib.sha256(previous + leaves).digest()


def signature(secret: bytes, up_to: int, count: int, digest: bytes) -> bytes:
    """What only the holder of the secret can make of a seal."""
    return hmac.digest(secret, b"eosvolt seal %d %d " % (up_to, count) + digest, "sha256")


class Sealer:
    """Seals the history behind its head. Start it with ``run`` as a task; any number of processes may."""

    def __init__(self, dsn: str, secret: bytes = b"") -> None:
        """Without a ``secret`` seals are not signed."""
        self._dsn = dsn
        self._secret = secret

    async def run(self) -> None:
        """Seal every second, through any outage of the database."""
        backoff = Backoff()
        while True:
            try:
                async with await connect(self._dsn, "seal") as connection:
                    while True:
                        sealed = await self.seal(connection)
                        backoff.reset()
                        await asyncio.sleep(BREATH if sealed == EVENTS_PER_SEAL else EVERY)
            except LOST as error:
                logger.warning("sealing waits for the database: %s", str(error).strip())
            await backoff.pause()

    async def seal(self, connection: Db) -> int:
        """Seal the next events, at most a thousand, and return how many there were.

        Positions become visible in their order, so what is visible will not change any more.
        """
        async with connection.transaction():
            await connection.execute(_ALONE)
            cursor = connection.cursor(binary=True)
            await cursor.execute(_LAST, prepare=True)
            up_to, previous = await cursor.fetchone() or (0, GENESIS)
            await cursor.execute(_BEHIND, (up_to, EVENTS_PER_SEAL), prepare=True)
            rows: Sequence[tuple[int, UUID, int, str, bytes]] = await cursor.fetchall()
            if rows:
                leaves = pack(leaf(*row) for row in rows)
                digest = chain(previous, leaves)
                last = rows[-1][0]
                signed = signature(self._secret, last, len(rows), digest) if self._secret else None
                await connection.execute(_SEAL, (last, len(rows), leaves, digest, signed), prepare=True)
        return len(rows)
