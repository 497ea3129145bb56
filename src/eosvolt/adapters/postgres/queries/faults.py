"""Queries of the diagnostics page."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, LiteralString, NamedTuple

from eosvolt.adapters.postgres.queries import cursors
from eosvolt.adapters.postgres.queries.base_query import HERE, BaseQuery
from eosvolt.application.explanation_sentences import codes_saying
from eosvolt.application.questions import (
    FAULT_SORTS,
    NOBODY,
    FaultCounts,
    FaultFilter,
    Page,
    Unanswerable,
)
from eosvolt.application.search_text import search_text
from eosvolt.domain.kernel import Fact
from eosvolt.projections.faults import FaultRow, faults

_RESTING: LiteralString = "coalesce(snoozed_until > %(at)s::timestamptz, false)"
_OPEN: LiteralString = " AND state = 'open'"
# Equalities, so that PostgreSQL reads the index of a state in list order from the start of the page.
_STATES: dict[str, LiteralString] = {
    "": "",
    "open": _OPEN,
    "recovered": " AND state = 'recovered'",
    "solved": " AND state = 'solved'",
    "unsolved": " AND state IN ('open', 'recovered')",
    "attention": f"{_OPEN} AND NOT {_RESTING}",
    "acknowledged": f"{_OPEN} AND NOT {_RESTING} AND acknowledged_at IS NOT NULL",
    "snoozed": f"{_OPEN} AND {_RESTING}",
}
_COUNTED: LiteralString = (
    "SELECT count(*) FILTER (WHERE state = 'open' AND NOT resting),"
    " count(*) FILTER (WHERE state = 'open' AND NOT resting AND acknowledged),"
    " count(*) FILTER (WHERE state = 'open' AND resting), count(*) FILTER (WHERE state = 'recovered')"
    f" FROM (SELECT state, {_RESTING} AS resting, acknowledged_at IS NOT NULL AS acknowledged"
    " FROM {faults} WHERE company = %(company)s AND state IN ('open', 'recovered')"
    f" AND (%(asked)s::text[] IS NULL OR location = ANY(%(asked)s)){HERE}) AS unsolved"
)
_WANTED: LiteralString = (
    "WHERE company = %(company)s AND (%(level)s = '' OR level = %(level)s)"
    " AND (%(owner)s::text IS NULL OR owner = %(owner)s)"
    " AND (%(kind)s = '' OR kind = %(kind)s) AND (%(location)s = '' OR location = %(location)s)"
    f" AND (%(asked)s::text[] IS NULL OR location = ANY(%(asked)s)){HERE}"
    " AND (%(severity)s = '' OR severity = %(severity)s)"
    " AND (%(charge_point)s = '' OR charge_point = %(charge_point)s)"
    " AND (%(search)s = '' OR strpos(lower(concat_ws(' ', charge_point, code, vendor_code, text, note)),"
    " lower(%(search)s)) > 0 OR explanation ->> 'code' = ANY(%(codes)s)"
    " OR (lower(charge_point) = lower(%(plug_box)s) AND connector = %(plug_number)s::int))"
)


class _Order(NamedTuple):
    """A column that the list can be sorted by."""

    column: LiteralString
    kind: type[int] | type[datetime]
    typed: LiteralString


_ORDERS = {
    "lastSeenAt": _Order("last_seen_at", datetime, "timestamptz"),
    "since": _Order("since", datetime, "timestamptz"),
    "occurrences": _Order("occurrences", int, "bigint"),
    "attention": _Order("queue_order", int, "bigint"),
    "level": _Order("rank", int, "bigint"),
}


class PostgresFaultQueries(BaseQuery):
    """Diagnostics entries."""

    async def faults(
        self,
        company: int,
        wanted: FaultFilter,
        *,
        sort: str = "-lastSeenAt",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[FaultRow]:
        """One page of the matching entries; ``search`` covers charger, plug, codes, text and note.

        ``sort`` is one of ``FAULT_SORTS``, descending with a leading ``-``.
        """
        name = sort.removeprefix("-")
        if name not in _ORDERS:
            raise Unanswerable(f"Entries can be sorted by {', '.join(FAULT_SORTS)}, not by {name}.")
        column, kind, typed = _ORDERS[name]
        meant = search_text(wanted.search)
        params: dict[str, Any] = {
            "company": company,
            "plug_box": meant.plug[0] if meant.plug else "",
            "plug_number": meant.plug[1] if meant.plug else None,
            "at": wanted.at,
            "level": wanted.level,
            "owner": {"": None, NOBODY: ""}.get(wanted.owner, wanted.owner),
            "kind": wanted.kind,
            "severity": wanted.severity,
            "location": wanted.location,
            "asked": None if wanted.within is None else list(wanted.within),
            **self._here,
            "charge_point": wanted.charge_point,
            "search": meant.text,
            "codes": codes_saying(meant.text) if meant.text else [],
            "rows": limit + 1,
        }
        behind: LiteralString = ""
        before: LiteralString = "<" if sort.startswith("-") else ">"
        way: LiteralString = "DESC" if sort.startswith("-") else "ASC"
        if cursor:
            params["key"], params["tie"] = cursors.read(cursor, sort, kind)
            behind = f" AND ({column}, id) {before} (%(key)s::{typed}, %(tie)s::text)"
        rows = await self._live.rows(
            faults,
            f"{_WANTED}{_STATES[wanted.state]}{behind} ORDER BY {column} {way}, id {way} LIMIT %(rows)s",
            params,
        )
        if len(rows) <= limit:
            return Page(rows, None)
        last = rows[limit - 1]
        return Page(rows[:limit], cursors.written(sort, getattr(last, column), last.id))

    async def fault_counts(
        self, company: int, at: datetime, within: Collection[str] | None = None
    ) -> FaultCounts:
        """The numbers of entries that at ``at`` need attention, are acknowledged, snoozed, or recovered.

        With ``within`` only the entries of these locations.
        """
        asked = None if within is None else list(within)
        params = {"company": company, "at": at, "asked": asked, **self._here}
        (found,) = await self._live.ask(_COUNTED, params)
        return FaultCounts(*found)

    async def fault(self, company: int, fault: str) -> FaultRow | None:
        """One entry."""
        return await self._live.first(
            faults,
            f"WHERE id = %(fault)s AND company = %(company)s{HERE}",
            {"company": company, "fault": fault, **self._here},
        )

    async def fault_facts(self, company: int, fault: str) -> Sequence[Fact]:
        """The facts of one entry, without those of other entries of its subject."""
        subject, _, number = fault.rpartition("#")
        facts = await self._store.read(f"fault:{subject}")
        return [
            fact
            for fact in facts
            if fact.why.company == company and str(getattr(fact.event, "number", "")) == number
        ]
