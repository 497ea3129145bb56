"""Where the operations on statements of home chargers learn of sessions."""

from collections.abc import Sequence
from typing import Protocol

from eosvolt.domain.home_statements.sessions import HomeSession


class ReimbursedSessions(Protocol):
    """The sessions at homes whose owners are reimbursed."""

    async def home_sessions(self, company: int, *, home: str = "") -> Sequence[HomeSession]:
        """The sessions that ended at a home, by their end; those whose end is only presumed are left out."""
        ...
