"""In which order commands go to a charger, which may be sent twice, and which a newer one replaces.

All of it is in the catalogue. A command of an older release that is not in it any more goes as a setting
does, is never repeated and replaces nothing.
"""

from eosvolt.domain.commands.catalogue import KINDS
from eosvolt.domain.commands.command_kind import Payload, Urgency
from eosvolt.domain.commands.events import CommandRequested
from eosvolt.domain.explanations import Explanation, Why, because

Slot = tuple[str, ...]


def urgency(action: str) -> Urgency:
    """The smallest goes first; of equals, the oldest."""
    return KINDS[action].urgency if action in KINDS else Urgency.SETTING


def repeatable(action: str, payload: Payload) -> bool:
    """Whether doing it twice does no harm, so that it may be sent again where no answer came."""
    return action in KINDS and KINDS[action].repeatable(payload)


def slot(request: CommandRequested) -> Slot | None:
    """What the command sets. Of those that set the same, only the newest makes sense.

    ``None`` for a command that no other one can replace.
    """
    kind = KINDS.get(request.action)
    if kind is None or kind.replaces is None:
        return None
    return (request.action, *kind.replaces.target(request.payload))


def while_held(action: str) -> bool:
    """Whether a charger that is held gets it."""
    return action not in KINDS or KINDS[action].while_held


def kept(action: str, response: Payload) -> Payload:
    """A charger's answer as it may be kept."""
    return KINDS[action].kept(response) if action in KINDS else response


def superseded(action: str) -> Explanation:
    """Why an older command for the same slot fails."""
    kind = KINDS.get(action)
    replaces = None if kind is None else kind.replaces
    return because(Why.SETTING_SUPERSEDED if replaces is None else replaces.why)
