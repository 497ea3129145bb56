"""What the web needs to know of load balancing zones, and who answers it.

Everything takes the company first; an answer never contains anything of another one. Whoever sees some
locations only sees the zones of which all chargers, also those of their sub-zones, stand there.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eosvolt.application.zone_questions import DecisionOnZone
from eosvolt.projections.charger_limits import LimitsRow
from eosvolt.projections.charger_settings import SettingsRow
from eosvolt.projections.zone_power import ZonePowerRow
from eosvolt.projections.zones import ZoneRow


class ZoneQueries(Protocol):
    """Questions about zones, the limits of their chargers, and their power."""

    async def zones(self, company: int, *, removed: bool = False) -> Sequence[ZoneRow]:
        """The zones by name; with ``removed`` those as well that are there no more."""
        ...

    async def zone(self, company: int, zone: str) -> ZoneRow | None:
        """One zone that was not removed."""
        ...

    async def charger_limits(self, company: int, zone: str = "") -> Sequence[LimitsRow]:
        """The limits of the chargers of a zone, or of all, and of those that it withdraws limits from."""
        ...

    async def all_settings(self, company: int) -> Sequence[SettingsRow]:
        """The settings of all chargers that told any."""
        ...

    async def zone_decisions(
        self,
        company: int,
        zone: str,
        *,
        before: int | None = None,
        limit: int = 20,
        as_of: datetime | None = None,
    ) -> Sequence[DecisionOnZone]:
        """What was decided about a zone and its sub-zones, the newest first, older than a position."""
        ...

    async def zone_power(
        self,
        company: int,
        zone: str,
        since: datetime,
        until: datetime,
        by: str,
        *,
        as_of: datetime | None = None,
    ) -> Sequence[ZonePowerRow]:
        """The points in ``[since, until)`` of a zone and of the chargers in it and its sub-zones, by time.

        ``by`` is ``minute`` or ``quarter``. The last point before ``since`` of each of them comes first.
        """
        ...
