"""Statements that run in the transaction that appends events."""

from collections.abc import Sequence
from typing import Any, LiteralString, NamedTuple

from psycopg.errors import UniqueViolation

from eosvolt.adapters.postgres.connections import Db
from eosvolt.application.ports import Alongside
from eosvolt.domain.kernel import Rejected


class Statement(NamedTuple):
    """One statement with its parameters. It must be idempotent."""

    query: LiteralString
    params: Sequence[Any]


class Statements(Alongside):
    """Statements for the transaction that stores the events."""

    def __init__(self, *statements: Statement, taken: str = "") -> None:
        """``taken`` is the text of ``Rejected`` for a key that exists already."""
        self._statements = statements
        self._taken = taken

    async def carry_out(self, connection: Db) -> None:
        """Run the statements in the connection's transaction. Raises ``Rejected`` if a key is taken."""
        try:
            for query, params in self._statements:
                await connection.execute(query, params)
        except UniqueViolation:
            raise Rejected(self._taken) from None
