"""Carrying out what changes beside the history, as the event store does with its events."""

from eosvolt.adapters.postgres.alongside import Statements
from eosvolt.adapters.postgres.connections import connect


async def done(database: str, change: Statements) -> None:
    """Carry it out in a transaction of its own."""
    async with await connect(database, "test") as connection, connection.transaction():
        await change.carry_out(connection)
