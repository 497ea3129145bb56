"""What the web needs to know of diagnostics entries."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from eosvolt.application.questions import Affected, FaultCounts, FaultFilter, Page
from eosvolt.domain.kernel import Fact
from eosvolt.projections.faults import FaultRow


class FaultQueries(Protocol):
    """Questions to the read models about faults."""

    async def faults(
        self,
        company: int,
        wanted: FaultFilter,
        *,
        sort: str = "-lastSeenAt",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[FaultRow]:
        """A page of diagnostics entries; raises ``Unanswerable``."""
        ...

    async def fault_counts(
        self, company: int, at: datetime, within: Collection[str] | None = None
    ) -> FaultCounts:
        """How many diagnostics entries need attention at an instant, or are in another state of work.

        With ``within`` only those of these locations.
        """
        ...

    async def affected(
        self, company: int, faults: Sequence[FaultRow], at: datetime
    ) -> Mapping[str, Affected]:
        """The sessions and the estimated revenue that diagnostics entries affected, by their ids."""
        ...

    async def fault(self, company: int, fault: str) -> FaultRow | None:
        """One diagnostics entry."""
        ...

    async def fault_facts(self, company: int, fault: str) -> Sequence[Fact]:
        """Everything that happened to a diagnostics entry, oldest first."""
        ...
