"""Questions about many commands to chargers."""

from datetime import datetime
from typing import Any, LiteralString

from eosvolt.adapters.postgres.queries import cursors
from eosvolt.adapters.postgres.queries.asking import Asking
from eosvolt.application.command_questions import BatchOutcome, CommandFilter
from eosvolt.application.questions import Page
from eosvolt.projections.charger_commands import CommandRow, charger_commands

_ORDER = "-requestedAt"
_WANTED: LiteralString = (
    "WHERE company = %(company)s AND (%(state)s = '' OR state = %(state)s)"
    " AND (%(key)s = '' OR charge_point = %(key)s) AND (%(batch)s = '' OR batch = %(batch)s)"
    " AND (%(action)s = '' OR action = %(action)s)"
)
_BEHIND: LiteralString = " AND (requested_at, command) < (%(at)s::timestamptz, %(tie)s::text)"
_COUNTS: LiteralString = (
    "SELECT state, count(*) FROM {charger_commands}"
    " WHERE company = %(company)s AND batch = %(batch)s GROUP BY 1 ORDER BY 1"
)


class CommandQueries(Asking):
    """Commands by the page and by the batch."""

    async def commands_page(
        self, company: int, wanted: CommandFilter, *, cursor: str | None = None, limit: int = 50
    ) -> Page[CommandRow]:
        """The commands that are wanted, the newest first."""
        box = wanted.charge_box_id
        params: dict[str, Any] = {
            "company": company,
            "state": wanted.state,
            "key": f"{company}/{box}" if box else "",
            "batch": wanted.batch,
            "action": wanted.action,
            "rows": limit + 1,
        }
        behind: LiteralString = ""
        if cursor:
            params["at"], params["tie"] = cursors.read(cursor, _ORDER, datetime)
            behind = _BEHIND
        rows = await self._live.rows(
            charger_commands,
            f"{_WANTED}{behind} ORDER BY requested_at DESC, command DESC LIMIT %(rows)s",
            params,
        )
        if len(rows) <= limit:
            return Page(rows, None)
        last = rows[limit - 1]
        return Page(rows[:limit], cursors.written(_ORDER, last.requested_at, last.command))

    async def batch_outcome(self, company: int, batch: str) -> BatchOutcome | None:
        """How far the commands of a batch have come."""
        if not batch:
            return None
        params = {"company": company, "batch": batch}
        first = await self._live.first(
            charger_commands,
            "WHERE company = %(company)s AND batch = %(batch)s ORDER BY length(command), command LIMIT 1",
            params,
        )
        if first is None:
            return None
        counts = await self._live.ask(_COUNTS, params)
        return BatchOutcome(
            action=first.action,
            by=first.by,
            requested_at=first.requested_at,
            expires_at=first.expires_at,
            counts={str(state): int(count) for state, count in counts},
        )
