"""What the pages about chargers need to know and who answers it.

Everything takes the company first; an answer never contains anything of another one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from eosvolt.application.access import UnknownCharger
from eosvolt.application.charger_questions import AnomalyCounts, ChargerFilter, ChargerPage, DayBegin, Uses
from eosvolt.domain.kernel import Fact
from eosvolt.projections.charge_points import ChargePointRow
from eosvolt.projections.connector_status import ConnectorRow
from eosvolt.projections.uptime import UptimeRow


class ChargerQueries(Protocol):
    """Questions to the read models about many chargers."""

    async def charger_page(
        self,
        company: int,
        wanted: ChargerFilter,
        *,
        sort: str = "chargeBoxId",
        offset: int = 0,
        limit: int = 50,
    ) -> ChargerPage[ChargePointRow]:
        """Some of the chargers that are wanted; raises ``Unanswerable``."""
        ...

    async def chargers_named(self, company: int, charge_box_ids: Sequence[str]) -> Sequence[ChargePointRow]:
        """Those of some chargers that are known and were not removed, by charge box id."""
        ...

    async def charger_models(self, company: int) -> Sequence[str]:
        """The models that chargers of the company say they are."""
        ...

    async def plugs_of(self, company: int, charge_box_ids: Sequence[str]) -> Sequence[ConnectorRow]:
        """The plugs of some chargers, by charger and number."""
        ...

    async def plug_uses(
        self, company: int, chargers: Sequence[DayBegin], *, since: datetime, now: datetime
    ) -> Uses:
        """How the plugs of some chargers were used today, and for how long since ``since``."""
        ...

    async def uptimes(
        self, company: int, *, charge_box_ids: Sequence[str] | None = None, location: str = ""
    ) -> Sequence[UptimeRow]:
        """What is known of the lives of plugs, by charger."""
        ...

    async def last_heard(
        self, company: int, charge_box_ids: Sequence[str], now: datetime
    ) -> Mapping[str, datetime]:
        """When chargers sent their last frame, where that is not long ago."""
        ...

    async def anomaly_counts(
        self, company: int, charge_box_ids: Sequence[str]
    ) -> Mapping[str, AnomalyCounts]:
        """How many anomalies the messages of some chargers have; those without any message are left out."""
        ...

    async def open_faults(self, company: int, charge_box_ids: Sequence[str]) -> Mapping[str, int]:
        """How many faults are open at each of some chargers; those without any are left out."""
        ...

    async def charger_facts(
        self,
        company: int,
        charge_box_id: str,
        *,
        before: int | None = None,
        tags: Sequence[str] = (),
        limit: int = 100,
    ) -> Sequence[Fact]:
        """The newest facts about a charger and its upkeep before a position; of all kinds without tags."""
        ...


class UnknownChargerQueries(Protocol):
    """Chargers that tried to connect and are not known."""

    async def of(self, company: int) -> Sequence[UnknownCharger]:
        """All of a company's, at most 1,000, the one seen last first."""
        ...
