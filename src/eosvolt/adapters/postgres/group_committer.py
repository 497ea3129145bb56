"""Group commit: one writer per process commits together all requests that arrived during the last commit.

There is no artificial delay: a commit that takes 2 ms gathers 2 ms of requests. A request is acknowledged
only after its transaction has committed. If the connection is lost in between, the outcome is read back from
the table: equal bytes were stored by us, other bytes at the same version are a conflict, absent events are
appended again.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import LiteralString
from uuid import UUID

import msgspec
import psycopg
from psycopg.errors import ReadOnlySqlTransaction, UniqueViolation

from eosvolt.adapters.postgres.alongside import Statements
from eosvolt.adapters.postgres.append import APPEND, columns
from eosvolt.adapters.postgres.append_health import AppendHealth
from eosvolt.adapters.postgres.append_request import AppendRequest
from eosvolt.adapters.postgres.connections import LOST, Backoff, Db, connect
from eosvolt.adapters.postgres.stored_events import EventMapper, moment
from eosvolt.application.ports import Alongside, Clock, Conflict, StreamAppend
from eosvolt.domain.calendar import MICROSECOND
from eosvolt.domain.kernel import Provenance, Rejected

ROWS_PER_COMMIT = 2_000
ROWS_WAITING = 20_000
_NEWEST: LiteralString = "SELECT state FROM stored_events ORDER BY notification_id DESC LIMIT 1"
_PRESENT: LiteralString = (
    "SELECT e.originator_id, e.originator_version, e.state, e.notification_id"
    " FROM unnest(%b::uuid[], %b::bigint[]) AS k (id, version)"
    " JOIN stored_events e ON e.originator_id = k.id AND e.originator_version = k.version"
)


class StoreClosed(Exception):  # noqa: N818 - says what is so, like the other answers of the store
    """The store was closed before the request was known to be stored; it may be stored."""


class GroupCommitter:
    """Appends to the event table. Start ``run`` as a task."""

    def __init__(
        self,
        dsn: str,
        mapper: EventMapper,
        clock: Clock,
        committed: Callable[[int], None],
        rows_waiting: int = ROWS_WAITING,
    ) -> None:
        """``committed`` gets the last position after every commit; it must be quick and not raise."""
        self._dsn = dsn
        self._mapper = mapper
        self._clock = clock
        self._committed = committed
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connection: Db | None = None
        self._waiting: deque[AppendRequest] = deque()
        self._flying: list[AppendRequest] = []
        self._rows_waiting = 0
        self._room = rows_waiting
        self._work = asyncio.Event()
        self._space = asyncio.Condition()
        self._recorded_at = datetime.min.replace(tzinfo=UTC)
        self._closed = False
        self.health = AppendHealth()

    @property
    def waiting(self) -> int:
        """The number of events that wait to be stored."""
        return self._rows_waiting

    async def append(
        self, entries: Sequence[StreamAppend], why: Provenance, alongside: Sequence[Alongside] = ()
    ) -> int:
        """Store all entries or none, and return the last position after the commit.

        Blocks while the queue is full. Raises ``Conflict`` or ``Rejected``, also by statements ``alongside``;
        ``Unstorable`` or ``StoreClosed``.
        """
        # Cached, because finding the running loop is a system call in Python 3.11.
        self._loop = self._loop or asyncio.get_running_loop()
        request = AppendRequest(entries, why, self._loop.create_future(), alongside)
        if not request.size and not alongside:
            raise ValueError("there is nothing to append")
        if self._rows_waiting + request.size > self._room and self._rows_waiting:
            async with self._space:
                await self._space.wait_for(
                    lambda: (
                        self._closed
                        or not self._rows_waiting
                        or self._rows_waiting + request.size <= self._room
                    )
                )
        if self._closed:
            raise StoreClosed("The event store is closed.")
        self._waiting.append(request)
        self._rows_waiting += request.size
        self._work.set()
        return await request.done

    async def run(self) -> None:
        """Commit until ``close``; survives any outage of the database."""
        try:
            await self._reconnect()
            while not (self._closed and not self._waiting):
                if not self._waiting:
                    self._work.clear()
                    await self._work.wait()
                    continue
                self.health.begins()
                self._flying = self._encode(self._take())
                await self._commit(self._flying)
                self._flying = []
                self.health.ends()
                async with self._space:
                    self._space.notify_all()
        finally:
            self._closed = True
            for request in (*self._flying, *self._waiting):
                request.refuse(StoreClosed("The event store was closed before this was known to be stored."))
            self._waiting.clear()
            if self._connection is not None:
                await self._connection.close()

    def close(self) -> None:
        """Accept no more requests; ``run`` ends when the queued ones are stored."""
        self._closed = True
        self._work.set()

    def _take(self) -> list[AppendRequest]:
        batch: list[AppendRequest] = []
        rows = 0
        while self._waiting and (not batch or rows + self._waiting[0].size <= ROWS_PER_COMMIT):
            if self._waiting[0].alongside and batch:
                # A request with statements alongside commits alone, so that their failure affects no other.
                break
            request = self._waiting.popleft()
            self._rows_waiting -= request.size
            if not request.done.done():
                batch.append(request)
                rows += request.size
                if request.alongside:
                    break
        return batch

    def _encode(self, requests: list[AppendRequest]) -> list[AppendRequest]:
        """Encode a batch and return the requests that can be stored; refuse the others."""
        # Strictly later than the previous batch, so that equal bytes always mean the same append.
        at = self._recorded_at = max(self._clock.now().astimezone(UTC), self._recorded_at + MICROSECOND)
        taken: set[tuple[UUID, int]] = set()
        batch: list[AppendRequest] = []
        for request in requests:
            try:
                request.rows = [
                    self._mapper.stored(stream, version, event, at, request.why)
                    for stream, after, events in request.entries
                    for version, event in enumerate(events, after + 1)
                ]
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one command, the others go on
                request.refuse(error)
                continue
            keys = {(row.originator_id, row.version) for row in request.rows}
            if len(keys) < len(request.rows) or not taken.isdisjoint(keys):
                request.refuse(Conflict(_streams(request)))
                continue
            taken |= keys
            batch.append(request)
        return batch

    async def _commit(self, batch: list[AppendRequest], *, in_doubt: bool = False) -> None:
        unsettled = in_doubt
        backoff = Backoff()
        while batch:
            try:
                connection = self._connection or await self._reconnect()
                if unsettled:
                    batch = await self._settle(connection, batch, in_doubt=in_doubt)
                    unsettled = False
                    continue
                last = await self._append(connection, batch)
            except UniqueViolation:
                unsettled = True
            except (Rejected, Conflict) as refusal:
                batch[0].refuse(refusal)
                return
            except (*LOST, ReadOnlySqlTransaction) as error:
                self.health.failed(error)
                # Only the table shows what the server did, and it may still be committing. Until this batch
                # is settled, rows that equal ours are ours.
                unsettled = in_doubt = True
                await self._disconnect()
                await backoff.pause()
            except psycopg.Error as error:
                if len(batch) == 1:
                    self.health.failed(error)
                    batch[0].refuse(error)
                    return
                for request in batch:
                    await self._commit([request], in_doubt=in_doubt)
                return
            else:
                self._acknowledge(batch, last)
                return

    async def _append(self, connection: Db, batch: list[AppendRequest]) -> int:
        alongside = batch[0].alongside
        if not alongside:
            return await self._insert(connection, batch)
        async with connection.transaction():
            for each in alongside:
                if not isinstance(each, Statements):
                    raise TypeError(f"{type(each).__name__} is not kept in this database")
                await each.carry_out(connection)
            return await self._insert(connection, batch) if batch[0].size else 0

    async def _insert(self, connection: Db, batch: list[AppendRequest]) -> int:
        rows = [row for request in batch for row in request.rows]
        cursor = connection.cursor(binary=True)
        await cursor.execute(APPEND, columns(rows), prepare=True)
        found = await cursor.fetchone()
        if found is None:
            raise AssertionError("the append function always returns a row")
        return int(found[0])

    def _acknowledge(self, batch: list[AppendRequest], last: int) -> None:
        self.health.succeeded()
        position = last - sum(len(request.rows) for request in batch)
        if last:
            self._committed(last)
        for request in batch:
            position += len(request.rows)
            request.acknowledge(position)

    async def _settle(
        self, connection: Db, batch: list[AppendRequest], *, in_doubt: bool
    ) -> list[AppendRequest]:
        """Answer those requests whose outcome the table shows, and return the others.

        Rows with our bytes are ours only if an earlier attempt is ``in_doubt``.
        """
        keys = [(row.originator_id, row.version) for request in batch for row in request.rows]
        cursor = connection.cursor(binary=True)
        await cursor.execute(_PRESENT, [list(column) for column in zip(*keys, strict=True)])
        present = {
            (id_, version): (state, position) for id_, version, state, position in await cursor.fetchall()
        }
        absent: list[AppendRequest] = []
        for request in batch:
            found = [present.get((row.originator_id, row.version)) for row in request.rows]
            if not any(found):
                absent.append(request)
            elif in_doubt and all(
                there and there[0] == row.state for there, row in zip(found, request.rows, strict=True)
            ):
                last = max(there[1] for there in found if there)
                self._committed(last)
                request.acknowledge(last)
            else:
                request.refuse(Conflict(_streams(request)))
        return absent

    async def _reconnect(self) -> Db:
        backoff = Backoff()
        while True:
            try:
                self._connection = connection = await connect(self._dsn, "append")
                cursor = await connection.execute(_NEWEST)
                newest = await cursor.fetchone()
            except LOST:
                await self._disconnect()
                await backoff.pause()
                continue
            if newest is not None:
                # A corrupted event must not stop writers; the audit finds it.
                with contextlib.suppress(msgspec.MsgspecError):
                    self._recorded_at = max(self._recorded_at, moment(newest[0]).recorded_at)
            return connection

    async def _disconnect(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(*LOST):
                await self._connection.close()
            self._connection = None


def _streams(request: AppendRequest) -> str:
    return ", ".join(f"{entry.stream} after {entry.after}" for entry in request.entries)
