"""Who looks after a fault, in sentences."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from eosvolt.adapters.http.web.words import actor
from eosvolt.domain.faults.events import (
    FaultAcknowledged,
    FaultAssigned,
    FaultSnoozed,
    FaultUnacknowledged,
    FaultWoken,
)

People = Mapping[str, str]
NOBODY: People = {}


def attention_sentence(
    event: FaultAcknowledged | FaultUnacknowledged | FaultAssigned | FaultSnoozed | FaultWoken,
    zone: str,
    people: People,
) -> str:
    """What was done. ``zone`` is that of the charger's place, ``people`` are names by actor."""
    match event:
        case FaultAcknowledged(note=note):
            return f"Acknowledged: {note}" if note else "Acknowledged."
        case FaultUnacknowledged(by=by):
            return "Acknowledgement withdrawn." if by else "It got worse: not acknowledged any more."
        case FaultAssigned(owner=owner):
            return f"Assigned to {actor(owner, people)}." if owner else "Assigned to nobody."
        case FaultSnoozed(until=until, note=note):
            return f"Snoozed until {_local(until, zone)}{': ' + note if note else '.'}"
        case FaultWoken(by=by):
            return "Snooze ended." if by else "Seen again: snooze ended."


def _local(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
