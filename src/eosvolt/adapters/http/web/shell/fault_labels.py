"""The text of a fault and who attends to it, in sentences."""

from collections.abc import Mapping

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.presentation.instants import minute_text
from eosvolt.adapters.http.web.shell.labels import actor
from eosvolt.application.explanation_sentences import in_words
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
# Where the pages use other words than the API.
_FAULT_TEXTS = {
    Text("The charger started anew and nobody here had asked it to."): Text(
        "Unexpected reboot (no reset was sent)."
    ),
}


def attention_sentence(  # noqa: PLR0911 - a case for each event
    event: FaultAcknowledged | FaultUnacknowledged | FaultAssigned | FaultSnoozed | FaultWoken,
    zone: str,
    people: People,
) -> str:
    """What was done. ``zone`` is that of the charger's place, ``people`` are names by actor."""
    match event:
        case FaultAcknowledged(note=note):
            return gettext("Acknowledged: {note}", note=note) if note else gettext("Acknowledged.")
        case FaultUnacknowledged(by=by):
            if by:
                return gettext("Acknowledgement withdrawn.")
            return gettext("It got worse: not acknowledged any more.")
        case FaultAssigned(owner=owner):
            if not owner:
                return gettext("Assigned to nobody.")
            return gettext("Assigned to {person}.", person=actor(owner, people))
        case FaultSnoozed(until=until, note=note):
            if note:
                return gettext("Snoozed until {until}: {note}", until=minute_text(until, zone), note=note)
            return gettext("Snoozed until {until}.", until=minute_text(until, zone))
        case FaultWoken(by=by):
            return gettext("Snooze ended.") if by else gettext("Seen again: snooze ended.")


def fault_text(entry: FaultRow | FaultOpened | FaultRecurred) -> str:
    """The text of an entry, in the words of the pages."""
    text = in_words(entry.text, entry.explanation, gettext)
    for before, now in _FAULT_TEXTS.items():
        if text.startswith(str(before)):
            return f"{now}{text.removeprefix(str(before))}"
    return text
