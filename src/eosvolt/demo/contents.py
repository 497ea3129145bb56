"""What the demo's company has before anybody charges: its locations, chargers and cards."""

from datetime import datetime
from hashlib import sha256

from eosvolt.adapters.simulator.demo_park import DEMO, DemoLocation, DemoPark
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


async def furnish(
    application: Application, at: datetime, park: DemoPark = DEMO, why: Provenance = WHY
) -> None:
    """Open the locations, add the chargers and issue the cards of ``park`` at ``at``."""
    for place in park.locations:
        key = location_id(park.company, place.name)
        await application.execute(locations, key, _location(park.company, key, place, at), why)
    for charger in park.chargers:
        plan = charger.plan
        specs = tuple(ConnectorSpec(plug.number, plug.type, plug.max_power_w) for plug in plan.plugs)
        add = AddChargePoint(
            company=park.company,
            charge_box_id=plan.charge_box_id,
            location=location_id(park.company, charger.location),
            connectors=specs,
            at=at,
            has_password=not charger.open,
        )
        await application.execute(charge_points, plan.key, add, why)
    for token in park.tokens:
        put = PutToken(
            company=park.company,
            uid=token.uid,
            at=at,
            status=TokenStatus(token.status),
            group=token.group,
            label=token.label,
        )
        await application.execute(tokens, f"{park.company}/{token.uid}", put, why)


def _location(company: int, key: str, place: DemoLocation, at: datetime) -> AddLocation:
    return AddLocation(
        location=key,
        company=company,
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


def location_id(company: int, name: str) -> str:
    """The id of a location of the demo."""
    return sha256(f"{company}/{name}".encode()).hexdigest()[:16]
