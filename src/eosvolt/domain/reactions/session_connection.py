"""The sessions of a charger hear of its connection and of its boots."""

from eosvolt.domain.charge_points.clocks import true_at
from eosvolt.domain.charge_points.events import (
    ChargePointBooted,
    ChargePointConnected,
    ChargePointDisconnected,
)
from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.charge_points.state import Registered
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.reactions.reaction import ReactionContext
from eosvolt.domain.sessions.commands import NoteConnection, NoteReboot
from eosvolt.domain.sessions.decider import sessions


def connected(event: ChargePointConnected, context: ReactionContext) -> list[CommandEnvelope]:
    """The connection is back."""
    return _connection_commands(context.before, NoteConnection(at=event.at, connected=True))


def disconnected(event: ChargePointDisconnected, context: ReactionContext) -> list[CommandEnvelope]:
    """The connection is lost."""
    return _connection_commands(context.before, NoteConnection(at=event.at, connected=False))


def booted(event: ChargePointBooted, context: ReactionContext) -> list[CommandEnvelope]:
    """The charger started in the middle of its open sessions; a boot that we asked for is no start."""
    before: Registered = context.before
    asked = before.boot_asked_until
    if event.again or (asked is not None and event.at <= asked):
        return []
    return [CommandEnvelope(sessions, each.opened.session, NoteReboot(at=event.at)) for each in before.open()]


def _connection_commands(known: Registered, command: NoteConnection) -> list[CommandEnvelope]:
    return [CommandEnvelope(sessions, key, command) for key in _on_a_plug(known)]


def _on_a_plug(known: Registered) -> list[str]:
    """The sessions that hold, or may still hold, a plug, by their numbers."""
    keys = {transaction.opened.session for transaction in known.open()}
    for connector in {transaction.opened.connector for transaction in known.transactions}:
        latest, plug = known.latest_on(connector), known.plugs.get(connector)
        if latest is None:
            continue
        free = plug is not None and plug.status is ConnectorStatus.AVAILABLE
        if (
            not free
            or plug is None
            or true_at(plug.at, plug.received_at, plug.clock_offset_s) <= latest.began
        ):
            keys.add(latest.opened.session)
    return sorted(keys, key=int)
