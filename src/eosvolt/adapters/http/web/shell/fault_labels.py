"""What a fault says of itself and who looks after it, in sentences."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from eosvolt.adapters.http.web.shell.labels import actor
from eosvolt.application.explanation_sentences import said
from eosvolt.domain.faults.events import (
    FaultAcknowledged,
    FaultAssigned,
    FaultOpened,
    FaultRecurred,
    FaultSnoozed,
    FaultUnacknowledged,
    FaultWoken,
)
from eosvolt.projections.faults import FaultRow

People = Mapping[str, str]
NOBODY: People = {}
# Where the pages say it in other words than the API.
_FAULT_TEXTS = {
    "The charger started anew and nobody here had asked it to.": "Unexpected reboot (no reset was sent).",
}


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


def fault_text(told: FaultRow | FaultOpened | FaultRecurred) -> str:
    """What an entry says of itself, in the words of the pages."""
    text = said(told.text, told.explanation)
    for before, now in _FAULT_TEXTS.items():
        if text.startswith(before):
            return now + text.removeprefix(before)
    return text
