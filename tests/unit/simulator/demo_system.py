"""The real application with the demo's contents, on a history in memory."""

from datetime import datetime

from eosvolt.adapters.memory.event_store import MemoryEventStore
from eosvolt.adapters.memory.numbers import MemoryNumbers
from eosvolt.adapters.simulator.demo_park import DEMO
from eosvolt.adapters.simulator.history import HistoryClock
from eosvolt.application.charging import Charging
from eosvolt.application.execution import Application
from eosvolt.application.ports import Clock
from eosvolt.domain.charge_points.commands import AddChargePoint
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import ConnectorSpec
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.locations.commands import AddLocation
from eosvolt.domain.locations.decider import locations
from eosvolt.domain.locations.events import Details, LocationType
from eosvolt.domain.tokens.commands import PutToken
from eosvolt.domain.tokens.decider import tokens
from eosvolt.domain.tokens.events import TokenStatus

WHY = Provenance(company=DEMO.company, by="system:demo")


class NoDirectory:
    """Nobody asks for a charger without its company here."""

    async def only_company(self) -> int | None:
        return DEMO.company


class DemoSystem:
    """What composition does, without a database."""

    def __init__(self, recorder: Clock) -> None:
        self.store = MemoryEventStore(recorder)
        self.application = Application(self.store)
        self.charging = Charging(self.application, MemoryNumbers(), HistoryClock(), NoDirectory())

    async def furnish(self, at: datetime) -> None:
        """Open the demo's locations, add its chargers and issue its cards."""
        execute = self.application.execute
        for place in DEMO.locations:
            details = Details(
                name=place.name,
                type=LocationType(place.type),
                address=place.address,
                latitude=place.latitude,
                longitude=place.longitude,
            )
            add = AddLocation(
                location=place.name, company=DEMO.company, at=at, details=details, tariff=place.tariff
            )
            await execute(locations, place.name, add, WHY)
        for charger in DEMO.chargers:
            plan = charger.plan
            specs = tuple(ConnectorSpec(plug.number, plug.type, plug.max_power_w) for plug in plan.plugs)
            known = AddChargePoint(
                company=plan.company,
                charge_box_id=plan.charge_box_id,
                location=charger.location,
                connectors=specs,
                at=at,
                has_password=not charger.open,
            )
            await execute(charge_points, plan.key, known, WHY)
        for token in DEMO.tokens:
            put = PutToken(
                company=DEMO.company,
                uid=token.uid,
                at=at,
                status=TokenStatus(token.status),
                group=token.group,
                label=token.label,
            )
            await execute(tokens, f"{DEMO.company}/{token.uid}", put, WHY)
