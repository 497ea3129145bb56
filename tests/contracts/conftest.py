"""Databases with the schema, and stores on them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.memory.event_store import MemoryEventStore
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from tests.contracts.account_kinds import KINDS, AccountKind
from tests.contracts.accounts_example import EXAMPLES
from tests.contracts.sealed_history import seal_examples


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(datetime(2026, 11, 21, 9, 0, tzinfo=UTC))


@pytest.fixture
def dsn(database: str) -> str:
    return database


@pytest.fixture
async def store(dsn: str, clock: SteppedClock) -> AsyncIterator[PostgresEventStore]:
    async with PostgresEventStore(dsn, EXAMPLES, clock) as opened:
        yield opened


@pytest.fixture
async def sealed(dsn: str, store: PostgresEventStore) -> str:
    """A database with 2,300 sealed events in three seals; positions are 1 to 2,300."""
    await seal_examples(dsn, store)
    return dsn


@pytest.fixture(params=["memory", "postgres"])
def _place(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("database")) if request.param == "postgres" else ""


@pytest.fixture
async def any_store(_place: str, clock: SteppedClock) -> AsyncIterator[MemoryEventStore | PostgresEventStore]:
    if not _place:
        yield MemoryEventStore(clock)
        return
    async with PostgresEventStore(_place, EXAMPLES, clock) as opened:
        yield opened


@pytest.fixture(params=KINDS, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> AccountKind:
    """People of companies, and platform staff."""
    found: AccountKind = request.param
    return found
