"""What the outcome of a command says about faults: starts that we asked for, plugs that stay locked."""

from eosvolt.domain.charge_points.state import Registered
from eosvolt.domain.commands.events import CommandAnswered, CommandEvent, CommandRequested, CommandTimedOut
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.reactions.faults_power import reset_expected
from eosvolt.domain.reactions.faults_upkeep import after_unlock

_TRIGGERS = frozenset({"triggerMessage", "extendedTriggerMessage"})


def after_outcome(
    known: Registered, request: CommandRequested, event: CommandEvent, *, lost: bool = False
) -> list[CommandEnvelope]:
    """What follows from ``event``, the outcome of ``request``.

    A charger that did not answer a reset, or was ``lost`` before it did, may be carrying it out.
    """
    done = isinstance(event, CommandAnswered) and event.accepted
    maybe = done or isinstance(event, CommandTimedOut) or lost
    if request.action == "reset" and maybe:
        return [reset_expected(request.charge_point, event.at)]
    if asks_for_boot(request) and maybe:
        return [reset_expected(request.charge_point, event.at)]
    if request.action == "unlock" and isinstance(event, CommandAnswered):
        plug = int(request.payload.get("plug") or 0)
        return after_unlock(known, plug, str(event.response.get("status", "")), event.at)
    return []


def asks_for_boot(request: CommandRequested) -> bool:
    """Whether a command makes the charger say its boot notification although it does not start."""
    return request.action in _TRIGGERS and request.payload.get("requestedMessage") == "BootNotification"
