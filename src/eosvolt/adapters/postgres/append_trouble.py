"""Whether appending works just now, and trying it again where it did not."""

from time import monotonic
from typing import LiteralString
from uuid import uuid4

import psycopg

from eosvolt.adapters.postgres.connections import connect

STUCK_SECONDS = 10.0
# Positions begin at 1, so that this one takes nobody's place.
_PROBE: LiteralString = (
    "INSERT INTO stored_events (originator_id, originator_version, topic, state, notification_id, company)"
    " VALUES (%s, 0, '', '', -1, 0)"
)


class AppendTrouble:
    """The kind of error with which the last append failed, and since when one is under way."""

    def __init__(self) -> None:
        """Nothing was appended yet."""
        self._kind = ""
        self._begun: float | None = None

    def begins(self) -> None:
        """An append is under way."""
        self._begun = monotonic()

    def ends(self) -> None:
        """It is over, one way or the other."""
        self._begun = None

    def failed(self, error: Exception) -> None:
        """It failed."""
        self._kind = type(error).__name__

    def succeeded(self) -> None:
        """Something was appended."""
        self._kind = ""

    async def present(self, dsn: str) -> str:
        """Why nothing can be appended just now, as the name of an error; empty where it can.

        Where the last append failed and none is under way, tries whether another one would; stores nothing.
        """
        if self._begun is not None and monotonic() - self._begun > STUCK_SECONDS:
            return self._kind or "Timeout"
        if self._kind and self._begun is None:
            try:
                async with await connect(dsn, "probe") as one, one.transaction(force_rollback=True):
                    await one.execute(_PROBE, [uuid4()])
            except psycopg.Error as error:
                self.failed(error)
            else:
                self.succeeded()
        return self._kind
