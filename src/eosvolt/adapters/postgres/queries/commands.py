"""Queries of commands to chargers, as lists and by batch."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString

from eosvolt.adapters.postgres.queries import cursors
from eosvolt.adapters.postgres.queries.base_query import OF_CHARGERS_HERE, BaseQuery
from eosvolt.application.commands.questions import AskedCommand, BatchOutcome, CommandFilter
from eosvolt.application.questions import Page
from eosvolt.projections.charger_commands import CommandRow, charger_commands

_ORDER = "-requestedAt"
_WANTED: LiteralString = (
    "WHERE company = %(company)s AND (%(state)s = '' OR state = %(state)s)"
    " AND (%(key)s = '' OR charge_point = %(key)s) AND (%(batch)s = '' OR batch = %(batch)s)"
    " AND (%(action)s = '' OR action = %(action)s)"
    f"{OF_CHARGERS_HERE}"
)
_BEHIND: LiteralString = " AND (requested_at, command) < (%(at)s::timestamptz, %(tie)s::text)"
_COUNTS: LiteralString = (
    "SELECT batch, state, count(*) FROM {charger_commands}"
    " WHERE company = %(company)s AND batch = ANY(%(batches)s) GROUP BY 1, 2 ORDER BY 1, 2"
)
# The commands of a batch are numbered from 1; the first one represents the batch.
_FIRSTS: LiteralString = (
    f"WHERE company = %(company)s AND batch <> '' AND command = batch || '-1'{OF_CHARGERS_HERE}"
)


class PostgresCommandQueries(BaseQuery):
    """Commands by the page and by the batch."""

    async def commands_page(
        self, company: int, wanted: CommandFilter, *, cursor: str | None = None, limit: int = 50
    ) -> Page[CommandRow]:
        """One page of the matching commands, newest first."""
        box = wanted.charge_box_id
        params: dict[str, Any] = {
            "company": company,
            "state": wanted.state,
            "key": f"{company}/{box}" if box else "",
            "batch": wanted.batch,
            "action": wanted.action,
            "rows": limit + 1,
            **self._here,
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
        return _page(rows, limit)

    async def asked_commands(self, company: int, commands: Collection[str]) -> Mapping[str, AskedCommand]:
        """What was asked by each of these commands, by its id; unknown ones are left out."""
        rows = await self._live.rows(
            charger_commands,
            f"WHERE company = %(company)s AND command = ANY(%(commands)s){OF_CHARGERS_HERE}",
            {"company": company, "commands": list(commands), **self._here},
        )
        return {row.command: AskedCommand(row.action, row.payload) for row in rows}

    async def batch_outcome(self, company: int, batch: str) -> BatchOutcome | None:
        """The outcome so far of a batch's commands; ``None`` for an unknown batch."""
        if not batch:
            return None
        first = await self._live.first(
            charger_commands,
            f"WHERE company = %(company)s AND batch = %(batch)s{OF_CHARGERS_HERE}"
            " ORDER BY length(command), command LIMIT 1",
            {"company": company, "batch": batch, **self._here},
        )
        return None if first is None else (await self._outcomes(company, [first]))[0]

    async def batches(
        self, company: int, *, cursor: str | None = None, limit: int = 50
    ) -> Page[BatchOutcome]:
        """The outcome so far of each batch, newest first."""
        params: dict[str, Any] = {"company": company, "rows": limit + 1, **self._here}
        behind: LiteralString = ""
        if cursor:
            params["at"], params["tie"] = cursors.read(cursor, _ORDER, datetime)
            behind = _BEHIND
        page = _page(
            await self._live.rows(
                charger_commands,
                f"{_FIRSTS}{behind} ORDER BY requested_at DESC, command DESC LIMIT %(rows)s",
                params,
            ),
            limit,
        )
        return Page(await self._outcomes(company, page.items), page.cursor)

    async def _outcomes(self, company: int, firsts: Sequence[CommandRow]) -> list[BatchOutcome]:
        params = {"company": company, "batches": [first.batch for first in firsts]}
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        for batch, state, count in await self._live.ask(_COUNTS, params):
            counts[str(batch)][str(state)] = int(count)
        return [
            BatchOutcome(
                batch=first.batch,
                action=first.action,
                by=first.by,
                requested_at=first.requested_at,
                expires_at=first.expires_at,
                counts=counts[first.batch],
            )
            for first in firsts
        ]


def _page(rows: Sequence[CommandRow], limit: int) -> Page[CommandRow]:
    """Up to ``limit`` of the rows, and the cursor of the next page."""
    if len(rows) <= limit:
        return Page(rows, None)
    last = rows[limit - 1]
    return Page(rows[:limit], cursors.written(_ORDER, last.requested_at, last.command))
