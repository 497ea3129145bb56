"""Statements that run in the transaction that appends events."""

from collections.abc import Sequence
from typing import Any, LiteralString, NamedTuple

from psycopg.errors import UniqueViolation

from eosvolt.adapters.postgres.connections import Db
from eosvolt.application.ports import Alongside, Conflict
from eosvolt.domain.kernel import Rejected


class Statement(NamedTuple):
    """One statement with its parameters. It must be idempotent."""

    query: LiteralString
    params: Sequence[Any]


class Statements(Alongside):
    """Statements for the transaction that stores the events."""

    def __init__(
        self,
        *statements: Statement,
        taken: str = "",
        decide_again: bool = False,
        wants: Statement | None = None,
        refused: str = "",
    ) -> None:
        """``taken`` is the text of ``Rejected`` for a key that exists already.

        ``wants`` is a query that has to find a row after the statements; ``refused`` is the text of
        ``Rejected`` if it finds none. With ``decide_again`` both are a ``Conflict`` instead: the plan is made
        again, on what is there then.
        """
        self._statements = statements
        self._taken = taken
        self._decide_again = decide_again
        self._wants = wants
        self._refused = refused

    async def carry_out(self, connection: Db) -> None:
        """Run the statements in the connection's transaction. Raises ``Rejected`` or ``Conflict``."""
        try:
            for query, params in self._statements:
                await connection.execute(query, params)
        except UniqueViolation:
            if self._decide_again:
                raise Conflict("a key exists already") from None
            raise Rejected(self._taken) from None
        if self._wants is not None:
            cursor = await connection.execute(*self._wants)
            if await cursor.fetchone() is None:
                if self._decide_again:
                    raise Conflict("what was planned on has changed")
                raise Rejected(self._refused)
