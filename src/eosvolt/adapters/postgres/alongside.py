"""What changes outside the history together with it, in one transaction."""

from collections.abc import Sequence
from typing import Any, LiteralString, NamedTuple

from psycopg.errors import UniqueViolation

from eosvolt.adapters.postgres.connections import Db
from eosvolt.application.ports import Alongside
from eosvolt.domain.kernel import Rejected


class Statement(NamedTuple):
    """One statement with its parameters. Carried out twice it leaves the same as once."""

    query: LiteralString
    params: Sequence[Any]


class Statements(Alongside):
    """Statements for the transaction that stores the events."""

    def __init__(self, *statements: Statement, taken: str = "") -> None:
        """``taken`` is the sentence of the refusal where a row of the same key is there already."""
        self._statements = statements
        self._taken = taken

    async def carry_out(self, connection: Db) -> None:
        """Within the connection's transaction. Raises ``Rejected`` where a key is taken."""
        try:
            for query, params in self._statements:
                await connection.execute(query, params)
        except UniqueViolation:
            raise Rejected(self._taken) from None
