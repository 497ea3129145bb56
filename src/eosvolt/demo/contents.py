"""What the demo's company has before anybody charges: its locations, chargers, cards and an API key."""

from datetime import datetime
from hashlib import sha256

from eosvolt.adapters.simulator.demo_park import DEMO, DemoLocation
from eosvolt.application.executor import Application
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

WHY = Provenance(company=DEMO.company, by="system:demo", cause="set-up of the demo")


async def furnish(application: Application, at: datetime) -> None:
    """Open the demo's locations, add its chargers and issue its cards at ``at``."""
    for place in DEMO.locations:
        await application.execute(locations, _location_id(place.name), _location(place, at), WHY)
    for charger in DEMO.chargers:
        plan = charger.plan
        specs = tuple(ConnectorSpec(plug.number, plug.type, plug.max_power_w) for plug in plan.plugs)
        add = AddChargePoint(
            company=DEMO.company,
            charge_box_id=plan.charge_box_id,
            location=_location_id(charger.location),
            connectors=specs,
            at=at,
            has_password=not charger.open,
        )
        await application.execute(charge_points, plan.key, add, WHY)
    for token in DEMO.tokens:
        put = PutToken(
            company=DEMO.company,
            uid=token.uid,
            at=at,
            status=TokenStatus(token.status),
            group=token.group,
            label=token.label,
        )
        await application.execute(tokens, f"{DEMO.company}/{token.uid}", put, WHY)


def _location(place: DemoLocation, at: datetime) -> AddLocation:
    return AddLocation(
        location=_location_id(place.name),
        company=DEMO.company,
        at=at,
        details=Details(
            name=place.name,
            type=LocationType(place.type),
            address=place.address,
            latitude=place.latitude,
            longitude=place.longitude,
        ),
        tariff=place.tariff,
    )


def _location_id(name: str) -> str:
    return sha256(f"{DEMO.company}/{name}".encode()).hexdigest()[:16]
