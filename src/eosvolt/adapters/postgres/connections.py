"""Connections to PostgreSQL: opening them, and repeating reads after a lost connection."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, LiteralString, Protocol

import psycopg
from psycopg import AsyncConnection
from psycopg.abc import Params, QueryNoTemplate
from psycopg.errors import ProgramLimitExceeded
from psycopg_pool import AsyncConnectionPool, PoolTimeout

Db = AsyncConnection[tuple[Any, ...]]

# A half-open connection must be noticed within seconds, because commands wait for its answer.
WATCHFUL: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
_UNREAD: LiteralString = "2min"
LOST = (psycopg.OperationalError, psycopg.InterfaceError)


def lost(error: BaseException) -> bool:
    """Whether an error concerns the connection and not the statement."""
    return isinstance(error, LOST) and not isinstance(error, ProgramLimitExceeded)


async def connect(dsn: str, purpose: str) -> Db:
    """Open a connection in autocommit mode with time zone UTC; ``purpose`` shows in ``pg_stat_activity``."""
    connection = await AsyncConnection.connect(
        dsn, autocommit=True, application_name=f"eosvolt {purpose}", **WATCHFUL
    )
    try:
        await _prepare(connection)
    except BaseException:
        await connection.close()
        raise
    return connection


async def _prepare(connection: Db) -> None:
    await connection.execute("SET TIME ZONE 'UTC'")


class Backoff:
    """Waits between attempts, exponentially longer up to ``longest``; it never gives up."""

    def __init__(self, first: float = 0.02, longest: float = 1.0) -> None:
        """Both in seconds."""
        self._first = first
        self._longest = longest
        self._next = first

    async def pause(self) -> None:
        """Wait, and double the next wait."""
        await asyncio.sleep(self._next)
        self._next = min(self._longest, self._next * 2)

    def reset(self) -> None:
        """Begin with the shortest wait again."""
        self._next = self._first


class Reader(Protocol):
    """Where queries read."""

    async def fetch(
        self, query: QueryNoTemplate, params: Params = (), *, prepare: bool = True
    ) -> list[tuple[Any, ...]]:
        """All rows of ``query``."""
        ...


class SnapshotReader:
    """Reads on one connection in one transaction, so that all answers are of one moment."""

    def __init__(self, connection: Db) -> None:
        """``connection`` is in a transaction with isolation level ``REPEATABLE READ``."""
        self._connection = connection

    async def fetch(
        self, query: QueryNoTemplate, params: Params = (), *, prepare: bool = True
    ) -> list[tuple[Any, ...]]:
        """All rows of ``query``. Nothing is repeated: raises the driver's error if the connection is lost."""
        cursor = self._connection.cursor(binary=True)
        await cursor.execute(query, params, prepare=prepare)
        return await cursor.fetchall()

    async def batches(
        self, query: QueryNoTemplate, params: Params, size: int
    ) -> AsyncGenerator[list[tuple[Any, ...]], None]:
        """All rows of ``query``, at most ``size`` at a time, so that no answer fills the memory.

        Raises the driver's error.
        """
        # All rows are wanted: without this PostgreSQL plans for the first tenth of them.
        await self._connection.execute("SET LOCAL cursor_tuple_fraction = 1")
        async with self._connection.cursor("batches", binary=True) as cursor:
            await cursor.execute(query, params)
            while rows := await cursor.fetchmany(size):
                yield rows


class ReadPool:
    """A small pool: queries are repeated when a connection is lost, other statements are not."""

    def __init__(
        self, dsn: str, purpose: str, size: int = 4, patience: float = 30.0, *, idle: int = 1
    ) -> None:
        """At most ``size`` connections, of which ``idle`` stay open.

        A query gives up after ``patience`` seconds without a database.
        """
        self._pool: AsyncConnectionPool[Db] = AsyncConnectionPool(
            dsn,
            kwargs={"autocommit": True, "application_name": f"eosvolt {purpose}", **WATCHFUL},
            min_size=idle,
            max_size=size,
            open=False,
            configure=_prepare,
            timeout=patience,
            reconnect_timeout=5,
        )
        self._patience = patience

    async def open(self) -> None:
        """Start filling the pool; does not wait for the database."""
        await self._pool.open()

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.close()

    def connection(self) -> AbstractAsyncContextManager[Db]:
        """A connection for several statements of one answer, as an async context manager."""
        return self._pool.connection()

    async def run(self, query: QueryNoTemplate, *params: object) -> list[tuple[Any, ...]]:
        """Execute a statement once and return its rows; none where it has no result.

        It may write: unlike ``fetch`` it is not repeated. Raises the driver's error.
        """
        async with self._pool.connection() as connection:
            cursor = await connection.execute(query, params)
            return await cursor.fetchall() if cursor.description else []

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[SnapshotReader]:
        """Reads as of one moment, for as long as no more than ``_UNREAD`` passes between two of them."""
        async with self._pool.connection() as connection:
            await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try:
                # An open snapshot keeps PostgreSQL from tidying up.
                await connection.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{_UNREAD}'")
                yield SnapshotReader(connection)
            finally:
                with contextlib.suppress(*LOST):
                    await connection.rollback()

    async def fetch(
        self, query: QueryNoTemplate, params: Params = (), *, prepare: bool = True
    ) -> list[tuple[Any, ...]]:
        """All rows of ``query``. Raises the driver's error if the database stays unavailable.

        ``prepare=False`` plans the query for its parameter values each time.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._patience
        backoff = Backoff()
        while True:
            try:
                async with self._pool.connection() as connection:
                    cursor = connection.cursor(binary=True)
                    await cursor.execute(query, params, prepare=prepare)
                    return await cursor.fetchall()
            except PoolTimeout:
                raise
            except LOST:
                if loop.time() >= deadline:
                    raise
                await backoff.pause()
