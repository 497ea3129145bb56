"""Reads events of earlier releases, which hold an English sentence instead of a code.

The sentence is replaced by its code, so that it can be translated. Texts of chargers and users stay, and so
do sentences that are not in the catalogue. Stored events are not changed.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from eosvolt.application.explanation_sentences import Translation, in_words, recognised
from eosvolt.domain.commands.events import CommandFailed, CommandHadNoEffect, CommandRequeued
from eosvolt.domain.faults.events import FaultOpened, FaultRecurred, FaultSuppressed
from eosvolt.domain.kernel import Event
from eosvolt.domain.maintenance.events import CertificateRequested
from eosvolt.domain.notifications.events import (
    NotificationAttemptFailed,
    NotificationDropped,
    NotificationGivenUp,
)

# The field that held the sentence; ``explanation`` stands beside it.
SENTENCE_FIELDS: Mapping[type[Event], str] = {
    FaultOpened: "text",
    FaultRecurred: "text",
    FaultSuppressed: "reason",
    CommandFailed: "reason",
    CommandRequeued: "reason",
    CommandHadNoEffect: "reason",
    NotificationAttemptFailed: "reason",
    NotificationGivenUp: "reason",
    NotificationDropped: "reason",
    CertificateRequested: "refused",
}


def explained(event: Any) -> Any:  # noqa: ANN401 - any event of SENTENCE_FIELDS, and the same one comes back
    """The event with a code instead of our sentence; unchanged if it has a code or another text."""
    field = SENTENCE_FIELDS[type(event)]
    if event.explanation is not None or not (sentence := getattr(event, field)):
        return event
    text, explanation = recognised(sentence)
    if explanation is None:
        return event
    return msgspec.structs.replace(event, **{field: text, "explanation": explanation})


def sentence_of(event: Any, translation: Translation = str) -> str:  # noqa: ANN401 - any event of SENTENCE_FIELDS
    """The text for users of an event's code and of the text beside it; empty if it has neither."""
    return in_words(getattr(event, SENTENCE_FIELDS[type(event)]), event.explanation, translation)
