"""Runs the statements that the event store runs in the transaction of its events."""

from eosvolt.adapters.postgres.alongside import Statements
from eosvolt.adapters.postgres.connections import connect


async def done(database: str, change: Statements) -> None:
    """Run them in a transaction of their own."""
    async with await connect(database, "test") as connection, connection.transaction():
        await change.carry_out(connection)
