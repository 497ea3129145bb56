"""Questions of the diagnostics page."""

from datetime import datetime
from typing import Any

from eosvolt.adapters.postgres.queries import cursors
from eosvolt.adapters.postgres.queries.asking import Asking
from eosvolt.application.questions import FaultFilter, Page
from eosvolt.projections.faults import FaultRow, faults

_SORT = "-lastSeenAt"
UNSOLVED = ["open", "recovered"]


class FaultQueries(Asking):
    """Diagnostics entries, the one seen last first."""

    async def faults(
        self, company: int, wanted: FaultFilter, *, cursor: str | None = None, limit: int = 50
    ) -> Page[FaultRow]:
        """The entries that are wanted; ``search`` looks into charger, code and text."""
        params: dict[str, Any] = {
            "company": company,
            "states": UNSOLVED if wanted.state == "unsolved" else [wanted.state] if wanted.state else None,
            "kind": wanted.kind,
            "location": wanted.location,
            "charge_point": wanted.charge_point,
            "search": wanted.search,
            "rows": limit + 1,
            "at": None,
            "tie": None,
        }
        if cursor:
            params["at"], params["tie"] = cursors.read(cursor, _SORT, datetime)
        rows = await self._live.rows(
            faults,
            "WHERE company = %(company)s AND (%(states)s::text[] IS NULL OR state = ANY(%(states)s))"
            " AND (%(kind)s = '' OR kind = %(kind)s) AND (%(location)s = '' OR location = %(location)s)"
            " AND (%(charge_point)s = '' OR charge_point = %(charge_point)s)"
            " AND (%(search)s = '' OR strpos(lower(concat_ws(' ', charge_point, code, vendor_code, text)),"
            " lower(%(search)s)) > 0)"
            " AND (%(at)s::timestamptz IS NULL OR (last_seen_at, id) < (%(at)s, %(tie)s::text))"
            " ORDER BY last_seen_at DESC, id DESC LIMIT %(rows)s",
            params,
        )
        if len(rows) <= limit:
            return Page(rows, None)
        last = rows[limit - 1]
        return Page(rows[:limit], cursors.written(_SORT, last.last_seen_at, last.id))

    async def fault(self, company: int, fault: str) -> FaultRow | None:
        """One entry."""
        return await self._live.first(
            faults, "WHERE id = %(fault)s AND company = %(company)s", {"company": company, "fault": fault}
        )
