"""The SQL of the sessions list: a merge of branches, each of which reads one index in order."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, LiteralString, NamedTuple

from eosvolt.adapters.postgres.queries.base_query import PAID_BY
from eosvolt.application.questions import SessionFilter
from eosvolt.domain.tokens.uid import folded

# How far a charger's clock may be ahead of ours.
_AHEAD = timedelta(days=1)
# The longest time of a session. A session whose status changed after the instant of an as-of query began at
# most this long before it.
_UNDER_WAY = timedelta(days=60)


class SortOrder(NamedTuple):
    """A sort column, as the indexes have it.

    ``going_on`` is the column of sessions that have not ended, where the other one is empty for them. They
    are few, and found by their missing end.
    """

    column: LiteralString
    kind: type[int] | type[str] | type[datetime] | type[timedelta]
    typed: LiteralString
    going_on: LiteralString = ""

    def arms(self) -> Iterator[tuple[LiteralString, tuple[LiteralString, ...]]]:
        """What to sort by, each with its own conditions."""
        if self.going_on:
            yield self.going_on, (f"{_ENDED} = 'infinity'",)
            yield self.column, (f"{self.column} IS NOT NULL",)
        else:
            yield self.column, ()


_ENDED: LiteralString = "coalesce(ended_at, 'infinity'::timestamptz)"
ORDERS: dict[str, SortOrder] = {
    "startedAt": SortOrder("started_at", datetime, "timestamptz"),
    # Sessions that have not ended sort as the newest.
    "endedAt": SortOrder(_ENDED, datetime, "timestamptz"),
    "number": SortOrder("number", int, "bigint"),
    "duration": SortOrder(
        "(ended_at - started_at)", timedelta, "interval", "(%(now)s::timestamptz - started_at)"
    ),
    "energy": SortOrder("ended_wh", int, "bigint", "energy_wh"),
    "total": SortOrder("total_gross", int, "bigint"),
    # Those of one charger or token are few enough to be sorted by their number.
    "charger": SortOrder("charge_point", str, "text"),
    "token": SortOrder("token", str, "text"),
}


class Found(NamedTuple):
    """The possible meanings of the search text: a session's number, chargers, a plug, tokens, customers."""

    number: int | None
    charge_points: tuple[str, ...]
    plug: tuple[str, int] | None
    tokens: tuple[str, ...]
    customers: tuple[str, ...] = ()


class Asked(NamedTuple):
    """A query of the list, restricted to ``within``. An as-of query has ``position`` and ``as_of``."""

    company: int
    wanted: SessionFilter
    found: Found | None
    as_of: datetime | None
    position: int | None
    within: frozenset[str] | None = None

    def params(self) -> dict[str, Any]:
        """The values of all named parameters in the conditions and branches."""
        wanted, found = self.wanted, self.found
        values: dict[str, Any] = {
            "company": self.company,
            "location": wanted.location,
            "charge_point": wanted.charge_point,
            "connector": wanted.connector,
            "token": folded(wanted.token),
            "customer": wanted.customer,
            "type": wanted.type,
            "payment_method": wanted.payment_method,
            "within": None if self.within is None else sorted(self.within),
            "since": wanted.since,
            "until": wanted.until,
            **{f"status{i}": status for i, status in enumerate(wanted.status)},
        }
        if found is not None:
            values |= {"found_number": found.number}
            values |= {f"found_charger{i}": each for i, each in enumerate(found.charge_points)}
            values |= {f"found_token{i}": each for i, each in enumerate(found.tokens)}
            values |= {f"found_customer{i}": each for i, each in enumerate(found.customers)}
            if found.plug is not None:
                values |= {"found_box": found.plug[0], "found_connector": found.plug[1]}
        if self.as_of is not None:
            values |= {
                "as_of": self.as_of,
                "position": self.position,
                "as_of_ahead": self.as_of + _AHEAD,
                "as_of_before": self.as_of - _UNDER_WAY,
            }
        return values

    def statement(self, order: SortOrder, *, descending: bool, behind: bool) -> LiteralString:
        """The SQL of the first rows, or of those ``behind`` a cursor, with the position of their change."""
        direction: LiteralString = "DESC" if descending else "ASC"
        sign: LiteralString = "<" if descending else ">"
        key: LiteralString = "coalesce(%(key)s, 'infinity')" if order.kind is datetime else "%(key)s"
        after: LiteralString = f" {sign} ({key}::{order.typed}, %(tie)s::bigint)"
        conditions = tuple(self._conditions())
        arms = " UNION ALL ".join(
            f"(SELECT id AS found_id, {column} AS k, number AS n FROM {{session_history}}"
            f" WHERE {' AND '.join((*conditions, *own, *branch))}"
            f"{f' AND ({column}, number){after}' if behind else ''}"
            f" ORDER BY {column} {direction}, number {direction} LIMIT %(rows)s)"
            for branch in self._branches()
            for column, own in order.arms()
        )
        return (
            f"WITH found AS (SELECT DISTINCT found_id, k, n FROM ({arms}) arms"
            f" ORDER BY k {direction}, n {direction} LIMIT %(rows)s)"
            " SELECT {session_history_columns}, changed FROM found JOIN {session_history} ON id = found_id"
            f" ORDER BY k {direction}, n {direction}"
        )

    def sums(self) -> LiteralString:
        """The SQL of count, Wh and minor units by currency, over at most ``rows`` sessions of each branch."""
        conditions = list(self._conditions())
        arms = " UNION ALL ".join(
            "(SELECT id, currency, energy_wh, total_gross FROM {session_history}"
            f" WHERE {' AND '.join((*conditions, *branch))} LIMIT %(rows)s)"
            for branch in self._branches()
        )
        # Several branches may find the same session.
        once: LiteralString = "DISTINCT " if self.found is not None else ""
        return (
            "SELECT currency, count(*), sum(energy_wh)::bigint, sum(total_gross)::bigint"
            f" FROM (SELECT {once}* FROM ({arms}) arms LIMIT %(rows)s) found GROUP BY currency ORDER BY 1"
        )

    def _conditions(self) -> Iterator[LiteralString]:
        wanted = self.wanted
        yield "company = %(company)s"
        if self.within is not None:
            yield "location = ANY(%(within)s)"
        if wanted.connector is not None:
            yield "connector = %(connector)s"
        named: tuple[tuple[str, LiteralString], ...] = (
            (wanted.location, "location = %(location)s"),
            (wanted.charge_point, "charge_point = %(charge_point)s"),
            (wanted.token, "token = %(token)s"),
            (wanted.customer, "customer = %(customer)s"),
            (wanted.type, "type = %(type)s"),
            (wanted.payment_method, PAID_BY),
        )
        yield from (condition for value, condition in named if value)
        if wanted.since is not None:
            yield "started_at >= %(since)s"
        if wanted.until is not None:
            yield "started_at < %(until)s"
        if self.as_of is not None:
            yield "received_at <= %(as_of)s"
            yield "started_at <= %(as_of_ahead)s"

    def _branches(self) -> Iterable[tuple[LiteralString, ...]]:
        if self.found is not None:
            yield from self._search(self.found)
        elif not self.wanted.status:
            yield ()
        else:
            for i, _ in enumerate(self.wanted.status):
                status: LiteralString = f"status = %(status{i})s"
                yield (status,) if self.as_of is None else (status, "changed <= %(position)s")
            if self.as_of is not None:
                yield "changed > %(position)s", "started_at >= %(as_of_before)s"

    def _search(self, found: Found) -> Iterable[tuple[LiteralString, ...]]:
        status = " OR ".join(f"status = %(status{i})s" for i, _ in enumerate(self.wanted.status))
        rest: tuple[LiteralString, ...] = (f"({status})",) if status and self.as_of is None else ()
        yield "number = %(found_number)s::bigint", *rest
        if found.plug is not None:
            yield "charge_point = %(found_box)s", "connector = %(found_connector)s", *rest
        for i, _ in enumerate(found.charge_points):
            yield f"charge_point = %(found_charger{i})s", *rest
        for i, _ in enumerate(found.tokens):
            yield f"token = %(found_token{i})s", *rest
        for i, _ in enumerate(found.customers):
            yield f"customer = %(found_customer{i})s", *rest
