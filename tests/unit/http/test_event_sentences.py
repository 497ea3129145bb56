"""Every event is told in a sentence that says which thing it is about; none is shown by its bare name."""

from datetime import timedelta
from typing import Any

import pytest

from eosvolt.adapters.http.framework.texts import language, speaking
from eosvolt.adapters.http.web.shell.command_sentences import command_name
from eosvolt.adapters.http.web.shell.timeline import sentence
from eosvolt.application.commands.questions import AskedCommand
from eosvolt.domain.commands.events import (
    CommandAnswered,
    CommandEffectConfirmed,
    CommandEvent,
    CommandExpired,
    CommandFailed,
    CommandHadNoEffect,
    CommandRequested,
    CommandRequeued,
    CommandSent,
    CommandTimedOut,
)
from eosvolt.domain.companies.events import ApiKeyRevoked, OwnershipTransferred
from eosvolt.domain.explanations import Why, because
from eosvolt.domain.maintenance.events import ChargingProfilesCleared
from eosvolt.domain.vocabulary import EVENTS, tag
from tests.examples import CHARGE_POINT, COMPANY, MORNING
from tests.replay.test_golden_streams import GOLDEN, read

ASKED = {"c1": AskedCommand("changeConfiguration", {"key": "HeartbeatInterval", "value": "300"})}
OF_IT: dict[str, Any] = {"command": "c1", "company": COMPANY, "charge_point": CHARGE_POINT, "at": MORNING}
LATER = MORNING + timedelta(minutes=1)
NAME = "Change configuration (HeartbeatInterval)"
COMMANDS: dict[str, CommandEvent] = {
    f"{NAME} requested.": CommandRequested(
        action="changeConfiguration", payload={"key": "HeartbeatInterval"}, by="", expires_at=LATER, **OF_IT
    ),
    f"{NAME} sent.": CommandSent(answer_by=LATER, **OF_IT),
    f"{NAME} sent again, attempt 2.": CommandSent(answer_by=LATER, attempt=2, **OF_IT),
    f"{NAME} accepted.": CommandAnswered(accepted=True, response={"status": "Accepted"}, **OF_IT),
    f"{NAME} rejected.": CommandAnswered(accepted=False, response={"status": "Rejected"}, **OF_IT),
    f"{NAME} rejected: NotSupported.": CommandAnswered(
        accepted=False, response={"status": "NotSupported"}, **OF_IT
    ),
    f"{NAME}: the answer came late (Accepted).": CommandAnswered(
        accepted=True, response={}, late=True, **OF_IT
    ),
    f"{NAME} waits to be sent again. The charger did not answer in time.": CommandRequeued(
        expires_at=LATER, explanation=because(Why.ANSWER_OVERDUE), **OF_IT
    ),
    f"{NAME} failed. The charger is not connected.": CommandFailed(
        explanation=because(Why.NOT_CONNECTED), **OF_IT
    ),
    f"{NAME}: the charger did not answer in time.": CommandTimedOut(**OF_IT),
    f"{NAME} could not be sent in time.": CommandExpired(**OF_IT),
    f"{NAME} led to session 170001.": CommandEffectConfirmed(session="170001", **OF_IT),
    f"{NAME} had no effect. As before": CommandHadNoEffect(reason="As before", **OF_IT),
}


def test_every_event_that_was_ever_released_has_a_sentence() -> None:
    events = [fact.event for stream in GOLDEN for fact in read(stream)]
    assert {tag(type(event)) for event in events} == set(EVENTS)
    bare = {tag(type(each)) for each in events if sentence(each, "UTC") == tag(type(each)).replace("-", " ")}
    assert bare == set()


@pytest.mark.parametrize("said", COMMANDS)
def test_what_happens_to_a_command_names_the_command(said: str) -> None:
    assert sentence(COMMANDS[said], "UTC", {}, ASKED) == said


def test_a_command_is_named_in_german_too() -> None:
    with speaking(language("de")):
        assert sentence(CommandSent(answer_by=LATER, **OF_IT), "UTC", {}, ASKED) == (
            "Konfiguration ändern (HeartbeatInterval) gesendet."
        )


def test_a_command_of_which_nothing_is_known_is_a_command() -> None:
    assert sentence(CommandSent(answer_by=LATER, **OF_IT), "UTC") == "Command sent."


@pytest.mark.parametrize(
    ("action", "payload", "name"),
    [
        ("reset", {"kind": "hard"}, "Reset (hard)"),
        ("triggerMessage", {"requestedMessage": "Heartbeat"}, "Trigger message (Heartbeat)"),
        ("unlock", {"plug": 2}, "Unlock plug (plug 2)"),
        (
            "changeAvailability",
            {"plug": 0, "operative": False},
            "Availability (out of service, the whole charger)",
        ),
        ("getConfiguration", {"key": ["A", "B"]}, "Read configuration (A, B)"),
        ("clearCache", {}, "Clear cache"),
        ("ofLater", {}, "ofLater"),
    ],
)
def test_a_command_says_what_it_is_about(action: str, payload: dict[str, Any], name: str) -> None:
    assert command_name(action, payload) == name


def test_what_is_named_by_an_id_is_told_by_its_name() -> None:
    people = {"api-key:k1": "Portal", "admin:a1": "Nina Holm"}
    revoked = ApiKeyRevoked(key_id="k1", digest="", at=MORNING)
    assert sentence(revoked, "UTC", people) == "API key “Portal” revoked."
    owner = OwnershipTransferred(owner="a1", at=MORNING)
    assert sentence(owner, "UTC", people) == "The company has another owner: Nina Holm."
    cleared = ChargingProfilesCleared(at=MORNING, connector=1, purpose="TxProfile")
    assert sentence(cleared, "UTC") == "Dropped charging profiles: TxProfile, plug 1."
