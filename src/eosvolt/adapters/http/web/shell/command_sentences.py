"""Sentences about commands to chargers: each names its command and what it is about."""

from collections.abc import Iterable, Mapping
from typing import Any

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.shell.device_labels import connector_label
from eosvolt.adapters.http.web.shell.labels import COMMANDS
from eosvolt.application.commands.questions import AskedCommand
from eosvolt.application.explained_events import sentence_of
from eosvolt.domain.commands import events as command
from eosvolt.domain.kernel import Fact

AskedCommands = Mapping[str, AskedCommand]
NO_COMMANDS: AskedCommands = {}
# The fields that tell commands of one kind apart, besides the plug.
_TELLING = (
    "key",
    "requestedMessage",
    "kind",
    "logType",
    "updateType",
    "certificateType",
    "chargingProfilePurpose",
    "vendorId",
    "reservationId",
    "sessionId",
)


def commands_to_name(facts: Iterable[Fact]) -> frozenset[str]:
    """The ids of the commands of which the facts themselves do not say what they are."""
    return frozenset(
        fact.event.command
        for fact in facts
        if isinstance(fact.event, command.CommandEvent)
        and not isinstance(fact.event, command.CommandRequested)
    )


def command_name(action: str, payload: Mapping[str, Any]) -> str:
    """The command with what it is about, for example ``Change configuration (HeartbeatInterval)``."""
    about = [_words(payload[name]) for name in _TELLING if payload.get(name)]
    if "operative" in payload:
        about.append(gettext("in service") if payload["operative"] else gettext("out of service"))
    if "plug" in payload:
        about.append(connector_label(payload["plug"]))
    label = str(COMMANDS.get(action, action))
    return f"{label} ({', '.join(about)})" if about else label


def command_sentence(event: command.CommandEvent, asked: AskedCommands) -> str:  # noqa: C901, PLR0911 - a case for each event
    """What happened to a command; ``asked`` says which one it was."""
    if isinstance(event, command.CommandRequested):
        return gettext("{command} requested.", command=command_name(event.action, event.payload))
    known = asked.get(event.command)
    name = command_name(known.action, known.payload) if known else gettext("Command")
    match event:
        case command.CommandSent(attempt=attempt):
            if attempt > 1:
                return gettext("{command} sent again, attempt {number}.", command=name, number=attempt)
            return gettext("{command} sent.", command=name)
        case command.CommandAnswered():
            return _answered(event, name)
        case command.CommandRequeued():
            return _because(gettext("{command} waits to be sent again.", command=name), event)
        case command.CommandFailed():
            return _because(gettext("{command} failed.", command=name), event)
        case command.CommandTimedOut():
            return gettext("{command}: the charger did not answer in time.", command=name)
        case command.CommandExpired():
            return gettext("{command} could not be sent in time.", command=name)
        case command.CommandEffectConfirmed(session=session):
            return gettext("{command} led to session {session}.", command=name, session=session)
        case command.CommandHadNoEffect():
            return _because(gettext("{command} had no effect.", command=name), event)


def _answered(event: command.CommandAnswered, name: str) -> str:
    status = str(event.response.get("status", ""))
    if event.late:
        said = status or (gettext("Accepted") if event.accepted else gettext("Rejected"))
        return gettext("{command}: the answer came late ({status}).", command=name, status=said)
    if event.accepted:
        return gettext("{command} accepted.", command=name)
    if status and status != "Rejected":
        return gettext("{command} rejected: {status}.", command=name, status=status)
    return gettext("{command} rejected.", command=name)


def _because(
    sentence: str, event: command.CommandRequeued | command.CommandFailed | command.CommandHadNoEffect
) -> str:
    reason = sentence_of(event, gettext)
    return f"{sentence} {reason}" if reason else sentence


def _words(value: object) -> str:
    return ", ".join(str(each) for each in value) if isinstance(value, list | tuple) else str(value)
