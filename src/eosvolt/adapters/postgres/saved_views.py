"""Saved views of lists, outside the history."""

from collections.abc import Sequence
from typing import LiteralString, Self

from eosvolt.adapters.postgres.alongside import Statement, Statements
from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.application.saved_views import SavedView

_OF: LiteralString = (
    "SELECT id, company, owner, list, name, query, location, shared, saved_at FROM saved_views"
    " WHERE company = %s AND list = %s AND (owner = %s OR shared) ORDER BY lower(name), id"
)
_ONE: LiteralString = (
    "SELECT id, company, owner, list, name, query, location, shared, saved_at FROM saved_views"
    " WHERE company = %s AND id = %s AND (owner = %s OR shared) ORDER BY owner <> %s LIMIT 1"
)
_KEEP: LiteralString = (
    "INSERT INTO saved_views (id, company, owner, list, name, query, location, shared, saved_at)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
    " ON CONFLICT (company, id, owner) DO UPDATE SET name = excluded.name, query = excluded.query,"
    " location = excluded.location, shared = excluded.shared, saved_at = excluded.saved_at"
)
_REMOVE: LiteralString = "DELETE FROM saved_views WHERE company = %s AND id = %s AND owner = %s"


class PostgresSavedViews:
    """Implements ``application.saved_views.SavedViews``. Use it as an async context manager."""

    def __init__(self, dsn: str) -> None:
        """Reads over a connection of its own."""
        self._database = ReadPool(dsn, "saved views", size=1)

    async def __aenter__(self) -> Self:
        """Start filling the pool; does not wait for the database."""
        await self._database.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self._database.close()

    async def of(self, company: int, by: str, shown_list: str) -> Sequence[SavedView]:
        """The views of a list that the actor ``by`` saved, and the shared ones of others, by name."""
        rows = await self._database.fetch(_OF, (company, shown_list, by))
        return [SavedView(*row) for row in rows]

    async def one(self, company: int, by: str, view: str) -> SavedView | None:
        """One view that the actor ``by`` saved, or a shared one."""
        rows = await self._database.fetch(_ONE, (company, view, by, by))
        return SavedView(*rows[0]) if rows else None

    def kept(self, view: SavedView) -> Statements:
        """The statement that stores a view. Raises ``Rejected`` if its owner saved that name meanwhile."""
        return Statements(Statement(_KEEP, tuple(view)), taken="There is a view of this name already.")

    def removed(self, view: SavedView) -> Statements:
        """The statement that deletes a view."""
        return Statements(Statement(_REMOVE, (view.company, view.id, view.owner)))
