"""Whether appending works at present; a probe tries it again after a failure."""

from time import monotonic
from typing import LiteralString
from uuid import uuid4

import psycopg

from eosvolt.adapters.postgres.connections import connect

STUCK_SECONDS = 10.0
# Positions begin at 1, so the probe's position conflicts with no event.
_PROBE: LiteralString = (
    "INSERT INTO stored_events (originator_id, originator_version, topic, state, notification_id, company)"
    " VALUES (%s, 0, '', '', -1, 0)"
)


class AppendHealth:
    """The error of the last append, and the start of the present one."""

    def __init__(self) -> None:
        """Nothing was appended yet."""
        self._kind = ""
        self._begun: float | None = None

    def begins(self) -> None:
        """An append begins."""
        self._begun = monotonic()

    def ends(self) -> None:
        """The append ended, with or without success."""
        self._begun = None

    def failed(self, error: Exception) -> None:
        """The append failed."""
        self._kind = type(error).__name__

    def succeeded(self) -> None:
        """The append succeeded."""
        self._kind = ""

    async def present(self, dsn: str) -> str:
        """The name of the error that prevents appends at present; empty if they work.

        If the last append failed and none is running, this tries another one and stores nothing.
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
