"""What pages ask about past sessions that are rated again."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Protocol

from eosvolt.domain.tariffs.tariff import Tariff
from eosvolt.projections.session_row import SessionRow
from eosvolt.projections.what_if import WhatIf


class RatingQueries(Protocol):
    """Questions about what sessions would cost. Nothing is stored."""

    async def ended_sessions(
        self, company: int, since: datetime, until: datetime, locations: Sequence[str] = ()
    ) -> int:
        """The number of sessions that ended in ``[since, until)``, at some locations or anywhere."""
        ...

    def rated_sessions(
        self,
        company: int | None,
        since: datetime,
        until: datetime,
        draft: Callable[[Tariff], Tariff | None],
        locations: Sequence[str] = (),
    ) -> AsyncIterator[Sequence[tuple[SessionRow, WhatIf]]]:
        """The sessions that ended in ``[since, until)``, some at a time, with what they would cost."""
        ...
