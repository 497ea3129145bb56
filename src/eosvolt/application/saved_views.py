"""Saved views: filter, order and columns of a list under a name, of one person or shared with the company.

They are kept outside the history: they are how somebody likes to look, and nothing that happened.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from eosvolt.application.ports import Alongside

# A list never shows more, and nobody finds one among more.
MOST_VIEWS = 50
LONGEST_NAME = 60
LONGEST_QUERY = 2_000


class SavedView(NamedTuple):
    """A view of the list ``list``, e.g. ``sessions``.

    ``owner`` is the name of the actor who saved it; ``shared``: everybody of the company sees it. ``query``
    is that of the list's address. ``location`` is the one that its filter names; empty without one.
    """

    id: str
    company: int
    owner: str
    list: str
    name: str
    query: str
    location: str
    shared: bool
    saved_at: datetime


class SavedViews(Protocol):
    """The store of saved views."""

    async def of(self, company: int, by: str, shown_list: str) -> Sequence[SavedView]:
        """The views of a list that the actor ``by`` saved, and the shared ones of others, by name."""
        ...

    async def one(self, company: int, by: str, view: str) -> SavedView | None:
        """One view that the actor ``by`` saved, or a shared one."""
        ...

    def kept(self, view: SavedView) -> Alongside:
        """The change that stores a view, in place of one of the owner's with the same id."""
        ...

    def removed(self, view: SavedView) -> Alongside:
        """The change that deletes a view."""
        ...


def visible(views: Sequence[SavedView], within: Collection[str] | None) -> list[SavedView]:
    """The views whose filter names no location, or one of ``within``; ``None`` for all locations."""
    return [view for view in views if within is None or not view.location or view.location in within]
