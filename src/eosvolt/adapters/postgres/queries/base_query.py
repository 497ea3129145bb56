"""The base class of all groups of queries, and their restriction to some locations."""

import copy
from datetime import datetime
from typing import Any, LiteralString, Self

from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.queries.live import LiveRows
from eosvolt.adapters.postgres.queries.past_rows import PastRows

# The kinds of the ledger's entries that are revenue, as ``domain.ledger.movements.INCOME_KINDS`` has them. So
# told that the ledger's table of the release before answers while the new one is built.
REVENUE: LiteralString = (
    "kind IN ('blockingFee', 'blockingFeeCredit', 'bookingFee', 'charging', 'correction', 'refund')"
)
# The payment method of a session, or of an entry of one, as ``application.payment_methods`` has it.
PAID_BY: LiteralString = (
    "%(payment_method)s ="
    " CASE WHEN payment <> '' THEN 'card' WHEN customer <> '' THEN 'invoice' ELSE 'none' END"
)
# Conditions for rows with a location, and for rows of a charger by its key. They need ``_here``.
HERE: LiteralString = " AND (%(within)s::text[] IS NULL OR location = ANY(%(within)s))"
# The condition for rows with a location that leaves out homes (``domain/locations/homes.py``): whatever is
# counted or listed of commercial equipment has none.
NO_HOMES: LiteralString = " AND NOT starts_with(location, 'home-')"
OF_CHARGERS_HERE: LiteralString = (
    " AND (%(within)s::text[] IS NULL OR charge_point IN"
    " (SELECT charge_point FROM {charge_points} WHERE location = ANY(%(within)s)))"
)

# The condition for zones of which no charger, also of a zone below, stands elsewhere. It needs ``company``.
ALL_CHARGERS_HERE: LiteralString = (
    " AND (%(within)s::text[] IS NULL OR NOT EXISTS (WITH RECURSIVE below (zone, chargers, parts) AS ("
    "SELECT own.zone, own.chargers, own.parts FROM {zones} own WHERE own.zone = {zones}.zone"
    " UNION SELECT part.zone, part.chargers, part.parts FROM below JOIN {zones} part"
    " ON part.company = %(company)s AND below.parts ? part.zone)"
    " SELECT FROM below CROSS JOIN LATERAL jsonb_array_elements(below.chargers) AS member (charger)"
    " LEFT JOIN {charge_points} box ON box.charge_point = member.charger ->> 'charge_point'"
    " WHERE box.location IS NULL OR box.location <> ALL(%(within)s)))"
)


class BaseQuery:
    """Base of the groups: reads the live tables and the history."""

    _within: frozenset[str] | None = None

    def __init__(self, live: LiveRows, store: PostgresEventStore) -> None:
        """Reads from ``live`` and ``store``."""
        self._live = live
        self._store = store

    def narrowed(self, within: frozenset[str] | None) -> Self:
        """The same queries restricted to these locations; ``None`` for all locations."""
        if within is None:
            return self
        here = copy.copy(self)
        here._within = within  # noqa: SLF001 - of the copy
        return here

    async def of_past_rows(self, at: datetime) -> Self:
        """The same queries of the rows as they were known at an instant."""
        then = copy.copy(self)
        then._live = PastRows(self._live, self._store, await self._store.position_at(at))  # noqa: SLF001 - of the copy
        return then

    @property
    def _here(self) -> dict[str, Any]:
        """The parameter of the conditions ``HERE``."""
        return {"within": None if self._within is None else sorted(self._within)}
