"""Queries of the sessions list and page: filter, sort, search and paging, also as of an earlier instant."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from eosvolt.adapters.postgres.queries import cursors
from eosvolt.adapters.postgres.queries.as_of import refolded
from eosvolt.adapters.postgres.queries.base_query import HERE, BaseQuery
from eosvolt.adapters.postgres.queries.session_branches import ORDERS, Asked, Found
from eosvolt.application.questions import (
    ENDLESS,
    MOST_SUMMED,
    SESSION_SORTS,
    Page,
    SessionFilter,
    SessionSums,
    Unanswerable,
)
from eosvolt.application.search_text import search_text
from eosvolt.projections.session_history import session_history
from eosvolt.projections.session_row import SessionRow

_AS_OF_SORTS = ("startedAt", "number")
_FOUND_AT_MOST = 10


class PostgresSessionQueries(BaseQuery):
    """Sessions."""

    async def sessions(
        self,
        company: int,
        wanted: SessionFilter,
        *,
        sort: str = "-startedAt",
        cursor: str | None = None,
        backward: bool = False,
        limit: int = 50,
        now: datetime = ENDLESS,
        as_of: datetime | None = None,
    ) -> Page[SessionRow]:
        """One page of the matching sessions after the cursor, or with ``backward`` before it.

        ``sort`` is one of ``SESSION_SORTS``, descending with a leading ``-``. By duration, sessions that have
        not ended have lasted until ``now``, on all pages that of the first. Raises ``Unanswerable`` for an
        unknown order or a cursor of another list.
        """
        name = sort.removeprefix("-")
        if name not in ORDERS:
            raise Unanswerable(f"Sessions can be sorted by {', '.join(SESSION_SORTS)}.")
        if as_of is not None and name not in _AS_OF_SORTS:
            raise Unanswerable("As of an earlier instant, sessions can be sorted by startedAt and number.")
        position = None if as_of is None else await self._store.position_at(as_of)
        found = await self._meaning(company, wanted.search.strip()) if wanted.search.strip() else None
        asked = Asked(company, wanted, found, as_of, position, self._within)
        kept: list[SessionRow] = []
        after = None if cursor is None else _place(cursor, sort)
        now = now if after is None else after.now
        while len(kept) <= limit:
            rows = await self._rows_between(asked, sort, now, after, limit + 1, backward=backward)
            for row, changed in rows:
                then = await self._then(row, changed, position)
                if then is not None and (not wanted.status or then.status in wanted.status):
                    kept.append(then)
            if len(rows) <= limit:
                break
            after = _place(_behind(sort, rows[-1][0], now), sort)
        more, kept = len(kept) > limit, kept[:limit]
        if backward:
            kept.reverse()
        onward, back = (True, more) if backward else (more, cursor is not None)
        return Page(
            kept,
            _behind(sort, kept[-1], now) if kept and onward else None,
            _behind(sort, kept[0], now) if kept and back else None,
        )

    async def session_sums(self, company: int, wanted: SessionFilter) -> SessionSums:
        """The sums over the matching sessions, at most ``MOST_SUMMED`` of them."""
        found = await self._meaning(company, wanted.search.strip()) if wanted.search.strip() else None
        asked = Asked(company, wanted, found, None, None, self._within)
        rows = await self._live.ask(asked.sums(), asked.params() | {"rows": MOST_SUMMED + 1})
        number = sum(row[1] for row in rows)
        return SessionSums(
            min(number, MOST_SUMMED),
            sum(row[2] for row in rows),
            [(currency, gross) for currency, _, _, gross in rows],
            number > MOST_SUMMED,
        )

    async def session(
        self, company: int, session: str, *, as_of: datetime | None = None
    ) -> SessionRow | None:
        """One session, at present or as of an instant; ``None`` if there is none."""
        rows = await self._live.changed_rows(
            session_history,
            f"WHERE id = %(session)s AND company = %(company)s{HERE}",
            {"session": session, "company": company, **self._here},
        )
        if not rows or as_of is None:
            return rows[0][0] if rows else None
        return await self._then(*rows[0], await self._store.position_at(as_of))

    async def _then(self, row: SessionRow, changed: int, position: int | None) -> SessionRow | None:
        """The row as of a position; ``None`` if the session did not exist yet."""
        if position is None or changed <= position:
            return row
        return refolded(session_history, row.id, await self._store.read(f"session:{row.id}", position))

    async def _rows_between(
        self, asked: Asked, sort: str, now: datetime, after: "_Place | None", rows: int, *, backward: bool
    ) -> Sequence[tuple[SessionRow, int]]:
        order = ORDERS[sort.removeprefix("-")]
        params = asked.params() | {"rows": rows, "now": now}
        if after is not None:
            params |= {"key": after.key, "tie": after.number}
        statement = asked.statement(
            order, descending=sort.startswith("-") != backward, behind=after is not None
        )
        return await self._live.changed(session_history, statement, params)

    async def _meaning(self, company: int, typed: str) -> Found:
        """The possible meanings of the search text."""
        meant = search_text(typed)
        params = {"company": company, "text": meant.text, "rows": _FOUND_AT_MOST}
        boxes = await self._live.ask(
            "SELECT charge_box_id FROM {charge_points} WHERE company = %(company)s"
            " AND strpos(lower(charge_box_id), lower(%(text)s)) > 0 ORDER BY charge_box_id LIMIT %(rows)s",
            params,
        )
        cards = await self._live.ask(
            "SELECT uid FROM {tokens} WHERE company = %(company)s AND starts_with(uid, upper(%(text)s))"
            " ORDER BY uid LIMIT %(rows)s",
            params,
        )
        return Found(
            meant.number,
            tuple(box for (box,) in boxes),
            await self._plug(company, meant.plug) if meant.plug else None,
            tuple(dict.fromkeys((meant.text.upper(), *(card for (card,) in cards)))),
            await self._customers(company, meant.text),
        )

    async def _customers(self, company: int, text: str) -> tuple[str, ...]:
        """The customers whose e-mail address begins with the text, once it has a local part."""
        if "@" not in text:
            return ()
        found = await self._live.ask(
            "SELECT customer FROM customer_records WHERE company = %(company)s"
            " AND starts_with(email_folded, %(address)s) ORDER BY email_folded LIMIT %(rows)s",
            {"company": company, "address": text.casefold(), "rows": _FOUND_AT_MOST},
        )
        return tuple(customer for (customer,) in found)

    async def _plug(self, company: int, named: tuple[str, int]) -> tuple[str, int]:
        """The plug with the charger's id in its stored case; the typed case is ignored."""
        box, connector = named
        known = await self._live.ask(
            "SELECT charge_box_id FROM {charge_points} WHERE company = %(company)s"
            " AND lower(charge_box_id) = lower(%(box)s) ORDER BY charge_box_id = %(box)s DESC LIMIT 1",
            {"company": company, "box": box},
        )
        return (known[0][0] if known else box), connector


class _Place(NamedTuple):
    """A place in the list: the key and the number of its session, and the ``now`` of the first page."""

    key: Any
    number: int
    now: datetime


def _behind(sort: str, row: SessionRow, now: datetime) -> str:
    """The cursor after a row."""
    keys = {
        "startedAt": row.started_at,
        "endedAt": row.ended_at,
        "number": row.number,
        "duration": ((row.ended_at or now) - row.started_at, now),
        "energy": row.energy_wh,
        "total": row.total_gross,
        "charger": row.charge_point,
        "token": row.token,
    }
    return cursors.written(sort, keys[sort.removeprefix("-")], row.number)


def _place(cursor: str, sort: str) -> _Place:
    """The place of a cursor. Raises ``Unanswerable`` for one of another list."""
    kind = ORDERS[sort.removeprefix("-")].kind
    of_durations = kind is timedelta
    key, number = cursors.read(cursor, sort, tuple[timedelta, datetime] if of_durations else kind)
    if not isinstance(number, int) or (key is None and kind is not datetime):
        raise Unanswerable("This cursor is not one of this list.")
    return _Place(key[0], number, key[1]) if of_durations else _Place(key, number, ENDLESS)
