"""A history with its seals, and ways to spoil it."""

import psycopg

from eosvolt.adapters.postgres.connections import connect
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.sealer import EVENTS_PER_SEAL, Sealer
from eosvolt.application.ports import StreamAppend
from tests.contracts.accounts_example import WHY, Moved, Opened

SECRET = b"kept elsewhere"


async def seal_examples(dsn: str, store: PostgresEventStore) -> None:
    """2,300 sealed events in three seals; positions are 1 to 2,300."""
    for n in range(23):
        await store.append(
            [StreamAppend(f"account:{n}", 0, [Opened(owner="Ada"), *(Moved(amount=i) for i in range(99))])],
            WHY,
        )
    async with await connect(dsn, "test") as connection:
        sealer = Sealer(dsn, SECRET)
        while await sealer.seal(connection) == EVENTS_PER_SEAL:
            pass


def forge(dsn: str, *statements: str, position: int = 0) -> None:
    """Do what a program never does; ``POSITION`` in a statement stands for ``position``."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.replace("POSITION", str(position)).encode())
