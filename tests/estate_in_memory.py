"""What is at locations, from read models in memory."""

from collections.abc import Sequence
from datetime import datetime

from eosvolt.adapters.memory.read_models import MemoryReadModels
from eosvolt.application.booking_questions import COMING
from eosvolt.application.ports import Due
from eosvolt.projections.bookings import bookings as booking_model
from eosvolt.projections.charge_points import charge_points as charge_point_model


class MemoryEstate:
    """The chargers of locations; their sessions are not asked for, and no receipts."""

    def __init__(self, models: MemoryReadModels) -> None:
        self.models = models

    async def charge_points_at(self, company: int, location: str) -> Sequence[str]:
        chargers = self.models.rows(
            charge_point_model,
            lambda row: (row.company, row.location) == (company, location) and not row.removed,
        )
        return sorted(row.charge_point for row in chargers)

    async def chargers_at(self, company: int, location: str) -> int:
        return len(await self.charge_points_at(company, location))

    async def open_sessions_at(self, company: int, location: str) -> int:  # noqa: ARG002 - not asked
        return 0

    async def bookings_at(self, company: int, location: str) -> int:
        rows = self.models.rows(
            booking_model,
            lambda row: (row.company, row.location) == (company, location) and row.state in COMING,
        )
        return min(1, len(list(rows)))

    async def receipts_due(self, now: datetime, limit: int) -> Sequence[Due]:  # noqa: ARG002 - none
        return ()
