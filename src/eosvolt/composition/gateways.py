"""What a process with charger connections begins with, and how its end is noticed."""

from eosvolt.adapters.postgres.gateway_heartbeat import GatewayHeartbeat
from eosvolt.adapters.postgres.lost_gateways import LostGateways
from eosvolt.composition.system import System
from eosvolt.runtime.gateway_takeover import GatewayTakeover
from eosvolt.runtime.supervisor import Work


async def gateway_begun(system: System) -> GatewayHeartbeat:
    """The heartbeat of this process; the chargers of gateways that it follows are declared gone."""
    connections = system.connections
    heartbeat = GatewayHeartbeat(system.dsn, system.clock, connections.gateway, connections.record_again)
    await heartbeat.begin()
    found = LostGateways(system.dsn, system.clock).left_behind(connections.gateway)
    await _takeover(system).declare_gone(found)
    return heartbeat


def lost_gateways(system: System) -> Work:
    """Looks once whether gateways are gone, and declares their chargers gone."""
    gateways, takeover = LostGateways(system.dsn, system.clock), _takeover(system)

    async def look() -> None:
        await takeover.declare_gone(gateways.gone())

    return look


def _takeover(system: System) -> GatewayTakeover:
    return GatewayTakeover(system.background, system.application, system.charging, system.clock)
