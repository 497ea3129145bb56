"""Questions about the admins of a company: what the history says of them, and who they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eosvolt.application.access import AdminPerson
from eosvolt.projections.admins import AdminRow


class AdminQueries(Protocol):
    """Admins by what their events say. Those of before admins had events are not among them."""

    async def admins(self, company: int, *, as_of: datetime | None = None) -> Sequence[AdminRow]:
        """All admins and open invitations, by the id of the account."""
        ...

    async def admin(self, company: int, account: str, *, as_of: datetime | None = None) -> AdminRow | None:
        """One admin."""
        ...


class AdminDirectory(Protocol):
    """Who the admins are. Names and e-mail addresses stand outside the history."""

    async def people(self, company: int, account: str = "") -> Sequence[AdminPerson]:
        """Everybody with an account or an open invitation, or only the one with the id ``account``."""
        ...
