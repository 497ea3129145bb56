"""The base of all groups of queries, and how they are narrowed to some locations."""

import copy
from typing import Any, LiteralString, Self

from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.queries.live import LiveRows

# Conditions for rows that have a location, and for those of a charger by its key. They need ``_here``.
HERE: LiteralString = " AND (%(within)s::text[] IS NULL OR location = ANY(%(within)s))"
OF_CHARGERS_HERE: LiteralString = (
    " AND (%(within)s::text[] IS NULL OR charge_point IN"
    " (SELECT charge_point FROM {charge_points} WHERE location = ANY(%(within)s)))"
)


class BaseQuery:
    """Base of the groups: reads the live tables and the history."""

    _within: frozenset[str] | None = None

    def __init__(self, live: LiveRows, store: PostgresEventStore) -> None:
        """Both only to read from."""
        self._live = live
        self._store = store

    def narrowed(self, within: frozenset[str] | None) -> Self:
        """The same questions about these locations alone, as if nothing were elsewhere; ``None`` for all."""
        if within is None:
            return self
        here = copy.copy(self)
        here._within = within  # noqa: SLF001 - of the copy
        return here

    @property
    def _here(self) -> dict[str, Any]:
        """The parameter of the conditions above."""
        return {"within": None if self._within is None else sorted(self._within)}
