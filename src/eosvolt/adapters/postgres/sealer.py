"""Seals the history, and refuses to continue from a head that it does not know.

The sealer keeps the last head in memory and in a signed file outside the database (``head_file``). Before it
seals, the chain in the database must contain this head, and every later seal must be signed. Otherwise
somebody manipulated the database or restored an older one: nothing is sealed until an operator accepts the
database's head.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, LiteralString
from uuid import UUID

import msgspec

from eosvolt.adapters.postgres.connections import LOST, Backoff, Db, connect
from eosvolt.adapters.postgres.hash_chain import DATED, GENESIS, Seal, chain, leaf, pack, signature
from eosvolt.adapters.postgres.head_file import Acceptance, Head, HeadFile, HeadFileUnusable, Record

logger = logging.getLogger("eosvolt.seals")

EVENTS_PER_SEAL = 1_000
EVERY = 1.0
# Seconds between two seals of a backlog; without a pause the writes of chargers would wait.
BREATH = 0.05
LOG_EVERY_SECONDS = 3_600.0
ALARM_EVERY = 60.0
CLOSING = 5.0
_ALONE: LiteralString = "SELECT pg_advisory_xact_lock(hashtextextended('eosvolt.history_seals', 0))"
_LAST: LiteralString = (
    "SELECT up_to, count, leaves, digest, signature, sealed_at, format FROM history_seals"
    " ORDER BY up_to DESC LIMIT 2"
)
_SINCE: LiteralString = (
    "SELECT up_to, count, leaves, digest, signature, sealed_at, format FROM history_seals"
    " WHERE up_to >= %b ORDER BY up_to LIMIT 50"
)
_EVENTS: LiteralString = (
    "SELECT notification_id, originator_id, originator_version, topic, state FROM stored_events"
    " WHERE notification_id > %b AND notification_id <= %b ORDER BY notification_id"
)
_BEHIND: LiteralString = (
    "SELECT notification_id, originator_id, originator_version, topic, state FROM stored_events"
    " WHERE notification_id > %b ORDER BY notification_id LIMIT %b"
)
_SEAL: LiteralString = (
    "INSERT INTO history_seals (up_to, count, leaves, digest, signature, sealed_at, format)"
    " VALUES (%b, %b, %b, %b, %b, %b, %b)"
)
_BEFORE_ALL = -(2**63)

Alarm = Callable[[str], Awaitable[None]]


class ChainBroken(Exception):  # noqa: N818 - a statement about the history, for operators
    """The chain in the database does not continue from the known head. The text says how."""


async def _no_alarm(_: str) -> None:
    """Ignore the alarm."""


class Sealer:
    """Seals the history. Start ``run`` as a task; any number of processes may do so."""

    def __init__(
        self, dsn: str, secret: bytes = b"", heads: HeadFile | None = None, alarm: Alarm = _no_alarm
    ) -> None:
        """Without a ``secret`` seals are not signed; without ``heads`` the head is kept in memory only.

        ``alarm`` is called with the reason why nothing is sealed, and with ``""`` once sealing works again.
        """
        self._dsn = dsn
        self._secret = secret
        self._heads = heads
        self._alarm = alarm
        self._head: Head | None = None
        self._last: Seal | None = None
        self._accepted: tuple[Acceptance, ...] = ()
        self._asked_file = heads is None
        self._written: Head | None = None
        # Whether this process has checked the last seal, and whether it has switched the alarm off.
        self._checked = self._sound = False
        self.broken = ""

    @property
    def head(self) -> Head | None:
        """The last seal that this sealer made or followed."""
        return self._head

    @property
    def last(self) -> Seal | None:
        """The same seal with time and signature but without leaves, if this process has read it."""
        return self._last

    async def run(self) -> None:
        """Seal every second, through any outage of the database."""
        backoff, loop = Backoff(), asyncio.get_running_loop()
        logged_at = alarmed = float("-inf")
        while True:
            try:
                async with await connect(self._dsn, "seal") as connection:
                    while True:
                        sealed = await self._step(connection)
                        backoff.reset()
                        if self.broken and loop.time() >= alarmed + ALARM_EVERY:
                            alarmed = loop.time()
                            await self._raise_alarm()
                        if not self.broken and self._head and loop.time() >= logged_at + LOG_EVERY_SECONDS:
                            logged_at = loop.time()
                            logger.info(
                                "history head: position %d, digest %s", self._head.position, self._head.digest
                            )
                        await asyncio.sleep(BREATH if sealed == EVENTS_PER_SEAL else EVERY)
            except LOST as error:
                logger.warning("sealing waits for the database: %s", str(error).strip())
            await backoff.pause()

    async def close(self) -> None:
        """Seal the remaining events if the database answers within seconds."""
        with contextlib.suppress(TimeoutError, ChainBroken, *LOST):
            async with asyncio.timeout(CLOSING), await connect(self._dsn, "seal") as connection:
                while await self._step(connection) == EVENTS_PER_SEAL:
                    pass

    async def seal(self, connection: Db, at: datetime | None = None) -> int:
        """Seal the next events, at most a thousand, and return their number.

        The seal's time is ``at``, by default that of the database's clock.

        Positions become visible in order, so no earlier event can appear later. Raises ``ChainBroken``.
        """
        async with connection.transaction():
            await connection.execute(_ALONE)
            up_to, previous = await self._continued(connection)
            cursor = connection.cursor(binary=True)
            await cursor.execute(_BEHIND, (up_to, EVENTS_PER_SEAL), prepare=True)
            rows: Sequence[tuple[int, UUID, int, str, bytes]] = await cursor.fetchall()
            if not rows:
                return 0
            if at is None:
                await cursor.execute("SELECT now()", prepare=True)
                at = (await cursor.fetchall())[0][0]
            leaves = pack(leaf(*row) for row in rows)
            digest, last = chain(previous, leaves), rows[-1][0]
            signed = signature(self._secret, last, len(rows), digest, at) if self._secret else None
            await connection.execute(
                _SEAL, (last, len(rows), leaves, digest, signed, at, DATED), prepare=True
            )
        self._head = Head(last, digest.hex())
        self._last = Seal(last, len(rows), b"", digest, signed, at, DATED)
        return len(rows)

    async def _step(self, connection: Db) -> int:
        try:
            if not self._asked_file or self.broken:
                await self._ask_file()
            sealed = await self.seal(connection)
            await self._keep(sealed)
        except (ChainBroken, HeadFileUnusable) as reason:
            self.broken = str(reason)
            return 0
        if self.broken or not self._sound:
            if self.broken:
                logger.warning("the history is sealed again")
            await self._alarm("")
            self.broken, self._sound = "", True
        return sealed

    async def _ask_file(self) -> None:
        """Read the head from the file: at the start, and after an operator accepted another one."""
        if self._heads is None:
            return
        record = await asyncio.to_thread(self._heads.read)
        if record is not None and (not self._asked_file or record.accepted != self._accepted):
            self._head, self._accepted = record.head, record.accepted
        self._asked_file = True

    async def _keep(self, sealed: int) -> None:
        """Write the head to the file; not for each seal of a backlog."""
        head = self._head
        if self._heads is None or head is None or sealed == EVENTS_PER_SEAL or head == self._written:
            return
        try:
            await asyncio.to_thread(self._heads.update, partial(_forward, head))
        except OSError as error:
            if self._written is not None or not self._sound:
                logger.warning("the head of the history cannot be written to a file: %s", error)
        self._written = head

    async def _raise_alarm(self) -> None:
        logger.error("THE HISTORY IS NOT SEALED: %s", self.broken)
        await self._alarm(self.broken)

    async def _continued(self, connection: Db) -> tuple[int, bytes]:
        """The position after which the next seal begins, and the last digest. Raises ``ChainBroken``."""
        cursor = connection.cursor(binary=True)
        await cursor.execute(_LAST, prepare=True)
        newest = [Seal(*row) for row in await cursor.fetchall()]
        last = newest[0] if newest else None
        known = self._head
        if last is None:
            if known is not None:
                raise ChainBroken(
                    f"There is no seal in the database; the head was at position {known.position}."
                )
            return 0, GENESIS
        if known is None:
            await self._check(connection, last, newest[1] if len(newest) > 1 else None)
            if self._heads is not None:
                logger.warning(
                    "no head of the history is known in %s: the present one is trusted", self._heads.path
                )
        elif Head(last.up_to, last.digest.hex()) != known:
            await self._follow(connection, known, last)
        elif not self._checked and all(each.after != known for each in self._accepted[-1:]):
            await self._check(connection, last, newest[1] if len(newest) > 1 else None)
        self._checked = True
        self._head = Head(last.up_to, last.digest.hex())
        self._last = last._replace(leaves=b"")
        return last.up_to, last.digest

    async def _follow(self, connection: Db, known: Head, last: Seal) -> None:
        """Raise ``ChainBroken`` unless the chain leads from the known head to the last seal."""
        if last.up_to < known.position:
            raise ChainBroken(
                f"The history in the database ends at position {last.up_to}, before the known head"
                f" at position {known.position}."
            )
        before: Seal | None = None
        async for seal in _since(connection, known.position):
            if before is None:
                if (seal.up_to, seal.digest.hex()) != (known.position, known.digest):
                    raise ChainBroken(
                        f"The seal of the known head at position {known.position} is another one now."
                    )
            elif fault := seal.fault(before.digest, self._secret):
                raise ChainBroken(f"The seal at position {seal.up_to} is broken: {fault}.")
            if seal.up_to == last.up_to:
                await self._check_events(connection, seal, before.up_to if before else None)
            before = seal

    async def _check(self, connection: Db, last: Seal, before: Seal | None) -> None:
        """Raise ``ChainBroken`` if the last seal is wrong; used if no head is known."""
        if fault := last.fault(before.digest if before else GENESIS, self._secret):
            raise ChainBroken(f"The last seal, at position {last.up_to}, is broken: {fault}.")
        await self._check_events(connection, last, before.up_to if before else _BEFORE_ALL)

    async def _check_events(self, connection: Db, seal: Seal, after: int | None) -> None:
        if after is None:
            return
        cursor = connection.cursor(binary=True)
        await cursor.execute(_EVENTS, (after, seal.up_to), prepare=True)
        if pack(leaf(*row) for row in await cursor.fetchall()) != seal.leaves:
            raise ChainBroken(f"The events under the last seal, up to position {seal.up_to}, are others now.")


async def _since(connection: Db, position: int) -> AsyncIterator[Seal]:
    while True:
        cursor = connection.cursor(binary=True)
        await cursor.execute(_SINCE, (position,), prepare=True)
        rows: list[tuple[Any, ...]] = await cursor.fetchall()
        for row in rows:
            yield Seal(*row)
        if len(rows) < 50:
            return
        position = int(rows[-1][0]) + 1


def _forward(head: Head, record: Record) -> Record:
    """The record with the newer of the two heads: another process may have written a later one."""
    if record.head is not None and record.head.position > head.position:
        return record
    return msgspec.structs.replace(record, head=head)
