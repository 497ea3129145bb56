"""Queries of the message log: a charger's raw OCPP frames, newest first."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, LiteralString

from eosvolt.adapters.postgres.queries import cursors
from eosvolt.adapters.postgres.queries.history import PostgresHistoryQueries
from eosvolt.application.ports import Frame
from eosvolt.application.questions import FrameFilter, LoggedFrame, Page, Unanswerable

_FRAMES_AT_ONCE = 1_000
_WANTED: LiteralString = (
    "SELECT id, company, charge_point, connection, direction, at, text, message_id, action, outcome"
    " FROM ocpp_frames WHERE company = %(company)s AND charge_point = %(key)s"
    " AND (%(since)s::timestamptz IS NULL OR at >= %(since)s)"
    " AND (%(until)s::timestamptz IS NULL OR at < %(until)s)"
    " AND (%(direction)s = '' OR direction = %(direction)s)"
    " AND (%(action)s = '' OR lower(action) = lower(%(action)s))"
    " AND (%(outcome)s = '' OR starts_with(lower(outcome), lower(%(outcome)s)))"
    " AND (%(text)s = '' OR strpos(lower(text), lower(%(text)s)) > 0)"
)
_NEWEST_FIRST: LiteralString = (
    f"{_WANTED} AND (%(at)s::timestamptz IS NULL OR (at, id) < (%(at)s, %(tie)s::bigint))"
    " ORDER BY at DESC, id DESC LIMIT %(rows)s"
)
_OLDEST_FIRST: LiteralString = (
    f"{_WANTED} AND (%(at)s::timestamptz IS NULL OR (at, id) > (%(at)s, %(tie)s::bigint))"
    " ORDER BY at, id LIMIT %(rows)s"
)


class PostgresMessageLogQueries(PostgresHistoryQueries):
    """Frames of one charger; none for a charger of another company."""

    async def frames(
        self,
        company: int,
        charge_box_id: str,
        wanted: FrameFilter,
        *,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[LoggedFrame]:
        """A page of a charger's frames, newest first. Raises ``Unanswerable`` for a wrong cursor."""
        at, tie = cursors.read(cursor, "frames", datetime) if cursor else (None, 0)
        if not isinstance(tie, int):
            raise Unanswerable("This cursor is not one of this list.")
        params = _params(company, charge_box_id, wanted, at, tie, limit + 1)
        found = await self._frames(_NEWEST_FIRST, params)
        if len(found) <= limit:
            return Page(found, None)
        last = found[limit - 1]
        return Page(found[:limit], cursors.written("frames", last.frame.at, last.id))

    async def every_frame(
        self, company: int, charge_box_id: str, wanted: FrameFilter
    ) -> AsyncIterator[Frame]:
        """All matching frames, oldest first, streamed."""
        at: datetime | None = None
        tie = 0
        while True:
            params = _params(company, charge_box_id, wanted, at, tie, _FRAMES_AT_ONCE)
            found = await self._frames(_OLDEST_FIRST, params)
            for each in found:
                yield each.frame
            if len(found) < _FRAMES_AT_ONCE:
                return
            at, tie = found[-1].frame.at, found[-1].id

    async def _frames(self, query: LiteralString, params: dict[str, Any]) -> list[LoggedFrame]:
        # Plan for these values, because they decide how many partitions are read.
        rows = await self._reading.fetch(query, params, prepare=False)
        return [LoggedFrame(number, Frame(*values)) for number, *values in rows]


def _params(
    company: int, charge_box_id: str, wanted: FrameFilter, at: datetime | None, tie: int, rows: int
) -> dict[str, Any]:
    return {
        "company": company,
        "key": f"{company}/{charge_box_id}",
        "since": wanted.since,
        "until": wanted.until,
        "direction": wanted.direction,
        "action": wanted.action,
        "outcome": wanted.outcome,
        "text": wanted.text,
        "at": at,
        "tie": tie,
        "rows": rows,
    }
