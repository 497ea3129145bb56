"""What the web needs to know of the history, and who answers it.

Everything takes the company first; an answer never contains anything of another one.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol

from eosvolt.application.event_search import EventPage, EventSearch
from eosvolt.application.ports import Frame


class HistoryQueries(Protocol):
    """Questions about the company's events, and what its chargers and the system said to each other."""

    def frames_between(
        self, company: int, charge_box_id: str, since: datetime, until: datetime
    ) -> AsyncIterator[Frame]:
        """What charger and system said to each other in a stretch of time, oldest first."""
        ...

    async def events(
        self,
        company: int,
        wanted: EventSearch,
        *,
        behind: int | None = None,
        ascending: bool = False,
        limit: int = 100,
    ) -> EventPage:
        """The next matching events behind a position: newer ones if ``ascending``, else older ones."""
        ...

    async def recorded_at(self, position: int) -> datetime | None:
        """When the last event at or before a position was recorded; ``None`` if there is none."""
        ...
