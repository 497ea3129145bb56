"""What the dashboard's performance area needs to know and who answers it.

Everything takes the company first; an answer never contains anything of another one.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from eosvolt.application.performance_questions import Attempts, PlugFilter, StartedAt, Stretch, Traded
from eosvolt.projections.exclusions import ExclusionRow
from eosvolt.projections.time_sums import TimeOn
from eosvolt.projections.uptime_definitions import Port


class PerformanceQueries(Protocol):
    """Questions to the read models about time in use, uptime and what sessions brought."""

    async def plug_times(
        self,
        company: int,
        wanted: PlugFilter,
        stretches: Sequence[Stretch],
        *,
        now: datetime,
        apart: bool = False,
        as_of: datetime | None = None,
    ) -> Sequence[Sequence[TimeOn]]:
        """The time of plugs in the steps of each stretch; ``apart``: each location by itself."""
        ...

    async def ports(
        self, company: int, wanted: PlugFilter, *, now: datetime, as_of: datetime | None = None
    ) -> Sequence[Port]:
        """The ports with their outages and exclusions, as far as they are kept, by charger and number."""
        ...

    async def traded(
        self,
        company: int,
        wanted: PlugFilter,
        since: date,
        until: date,
        *,
        by: str = "day",
        apart: bool = False,
        as_of: datetime | None = None,
    ) -> Sequence[Traded]:
        """What sessions brought by local day or ``month`` and currency."""
        ...

    async def attempts(
        self, company: int, wanted: PlugFilter, since: date, until: date, *, as_of: datetime | None = None
    ) -> Attempts:
        """The charging attempts that ended on these local days."""
        ...

    async def session_starts(
        self, company: int, wanted: PlugFilter, since: date, until: date, *, as_of: datetime | None = None
    ) -> Sequence[StartedAt]:
        """When the sessions of these local days began, by weekday and hour; only those with energy."""
        ...

    async def newest_recorded_at(self, company: int, *, as_of: datetime | None = None) -> datetime | None:
        """When the newest event of the company was recorded."""
        ...

    async def exclusions(
        self, company: int, *, location: str = "", charge_box_id: str = ""
    ) -> Sequence[ExclusionRow]:
        """The exclusions, also withdrawn ones, the latest first."""
        ...

    async def exclusion(self, company: int, exclusion: str) -> ExclusionRow | None:
        """One exclusion."""
        ...
