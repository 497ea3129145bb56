"""The exclusions of the demo: a grid failure at a location, vandalism at a charger, and a withdrawn one."""

from datetime import datetime, timedelta

from eosvolt.adapters.simulator.demo_park import DEMO
from eosvolt.application.actor import Actor
from eosvolt.application.operations.exclusions import (
    ExclusionInput,
    ExclusionWithdrawal,
    record,
    withdraw,
)
from eosvolt.application.operations.operation import Operations
from eosvolt.demo.contents import location_id
from eosvolt.domain.exclusions.events import ExclusionKind


async def explain_outages(operations: Operations, owner: Actor, now: datetime) -> None:
    """Record them as an operator would, on the days before ``now``."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    box = DEMO.chargers[0].plan.charge_box_id
    wanted = (
        ExclusionInput(
            exclusion="demo-grid",
            kind=ExclusionKind.UTILITY,
            since=hour - timedelta(days=9, hours=4),
            until=hour - timedelta(days=9),
            reason="Power cut in the street, ticket 4711 of the grid operator",
            location=location_id(DEMO.company, DEMO.locations[0].name),
        ),
        ExclusionInput(
            exclusion="demo-vandalism",
            kind=ExclusionKind.VANDALISM,
            since=hour - timedelta(days=5),
            until=hour - timedelta(days=3, hours=6),
            reason="Cable cut, reported to the police",
            charger=box,
            plug=1,
        ),
        ExclusionInput(
            exclusion="demo-network",
            kind=ExclusionKind.NETWORK,
            since=hour - timedelta(days=14),
            until=hour - timedelta(days=13, hours=20),
            reason="Mobile network down",
            charger=box,
        ),
    )
    for each in wanted:
        await operations.run(record, owner, each)
    mistaken = ExclusionWithdrawal(exclusion="demo-network", reason="The router was unplugged by our fitter")
    await operations.run(withdraw, owner, mistaken)
