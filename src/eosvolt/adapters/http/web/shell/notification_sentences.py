"""Sentences about notification rules, their messages, and exclusions from uptime."""

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.presentation.instants import minute_text
from eosvolt.adapters.http.presentation.uptime_names import EXCLUSION_KINDS
from eosvolt.adapters.http.web.shell.labels import CHANNELS, OCCASIONS
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.explained_events import sentence_of
from eosvolt.domain.exclusions import events as exclusion
from eosvolt.domain.kernel import Event
from eosvolt.domain.notification_rules import events as rule
from eosvolt.domain.notifications import events as notification
from eosvolt.domain.vocabulary import tag

_SENTENCES = {
    "notification-rule-removed": Text("The notification rule was removed."),
    "notification-summarised": Text("The message is part of a summary."),
    "notification-resend-requested": Text("The message is to be sent again."),
}


def notification_sentence(event: Event, zone: str) -> str:  # noqa: PLR0911 - a case for each event
    """What happened to a rule or to a message of it; empty for events of other things."""
    match event:
        case rule.NotificationRuleAdded(terms=terms):
            return gettext("The notification rule “{name}” was added.", name=terms.name)
        case rule.NotificationRuleChanged(terms=terms):
            return gettext("The notification rule “{name}” was changed.", name=terms.name)
        case notification.NotificationRequested(occasion=occasion, channel=channel):
            return gettext(
                "Message requested: {occasion}, {channel}.",
                occasion=OCCASIONS[occasion.value],
                channel=CHANNELS[channel.value],
            )
        case notification.NotificationDelivered(attempt=attempt):
            return gettext("The message was delivered, attempt {number}.", number=attempt)
        case notification.NotificationAttemptFailed(attempt=attempt):
            failed = gettext("The message was not delivered, attempt {number}.", number=attempt)
            return f"{failed} {_reason(event)}".strip()
        case notification.NotificationGivenUp(attempt=attempt):
            given_up = gettext("The message was given up after attempt {number}.", number=attempt)
            return f"{given_up} {_reason(event)}".strip()
        case notification.NotificationDropped():
            return f"{gettext('The message is not needed.')} {_reason(event)}".strip()
        case exclusion.ExclusionRecorded(kind=kind, reason=reason):
            return gettext(
                "Excluded from uptime from {since} to {until}: {kind}, {reason}",
                since=minute_text(event.since, zone),
                until=minute_text(event.until, zone),
                kind=EXCLUSION_KINDS[kind.value],
                reason=reason,
            )
        case exclusion.ExclusionWithdrawn(reason=reason):
            withdrawn = gettext("The exclusion from uptime was withdrawn.")
            return f"{withdrawn} {reason}".strip()
        case _:
            return str(_SENTENCES.get(tag(type(event)), ""))


def _reason(event: Event) -> str:
    """Why a message was not delivered; what a webhook's name server said comes in English."""
    return translated(sentence_of(event, gettext))
