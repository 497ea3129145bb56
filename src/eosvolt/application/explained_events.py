"""How events of earlier releases are read that hold an English sentence where a code is today.

The sentence becomes the code that it stands for, so that it can be said in any language. The words of others
stay texts, and so do sentences that the catalogue does not have. What is stored is not touched.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from eosvolt.application.explanation_sentences import Translation, recognised, said
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
    """The event with a code instead of a sentence of ours; as it is where it has one, or no such sentence."""
    field = SENTENCE_FIELDS[type(event)]
    if event.explanation is not None or not (sentence := getattr(event, field)):
        return event
    text, explanation = recognised(sentence)
    if explanation is None:
        return event
    return msgspec.structs.replace(event, **{field: text, "explanation": explanation})


def sentence_of(event: Any, translation: Translation = str) -> str:  # noqa: ANN401 - any event of SENTENCE_FIELDS
    """What people read of an event's code and the words of others beside it; empty for neither."""
    return said(getattr(event, SENTENCE_FIELDS[type(event)]), event.explanation, translation)
