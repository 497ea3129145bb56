"""What is decided of a charger's connections. Only the last one counts, whichever gateway accepted it."""

from collections.abc import Sequence
from datetime import timedelta

from eosvolt.domain.charge_points.commands import Connect, Disconnect
from eosvolt.domain.charge_points.events import ChargePointConnected, ChargePointDisconnected
from eosvolt.domain.charge_points.state import Registered

# A reconnect takes less; a charger that is away for longer has a communication fault.
SILENT_AFTER = timedelta(minutes=5)


def connected(command: Connect, known: Registered) -> Sequence[ChargePointConnected]:
    """A connection was accepted."""
    if known.online and command.connection and command.connection == known.connection:
        return []
    return [
        ChargePointConnected(
            at=command.at,
            protocol=command.protocol,
            secure=command.secure,
            authenticated=command.authenticated,
            connectors=known.numbers(),
            address=command.address,
            gateway=command.gateway,
            connection=command.connection,
        )
    ]


def disconnected(command: Disconnect, known: Registered) -> Sequence[ChargePointDisconnected]:
    """A connection is gone; nothing, where the charger has connected again meanwhile."""
    other = command.connection not in (None, known.connection)
    elsewhere = command.gateway not in (None, known.gateway)
    if not known.online or other or elsewhere:
        return []
    silent_at, numbers = command.at + SILENT_AFTER, known.numbers()
    return [
        ChargePointDisconnected(at=command.at, reason=command.reason, silent_at=silent_at, connectors=numbers)
    ]
