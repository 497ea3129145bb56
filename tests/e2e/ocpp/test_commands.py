from datetime import timedelta
from typing import Any

import pytest

from eosvolt.application.commanding import CallFailed
from tests.e2e.ocpp.site import Site
from tests.e2e.ocpp.station import station

WAIT = timedelta(seconds=5)
# The API's words, the CALL that the charger must get, and whether its answer is a yes.
COMMANDS = [
    (
        "remoteStart",
        {"plug": 1, "token": "TAG"},
        "RemoteStartTransaction",
        {"connector_id": 1, "id_tag": "TAG"},
        True,
    ),
    ("remoteStart", {"token": "TAG"}, "RemoteStartTransaction", {"id_tag": "TAG"}, True),
    ("remoteStop", {"transaction": 170001}, "RemoteStopTransaction", {"transaction_id": 170001}, True),
    ("reset", {"kind": "hard"}, "Reset", {"type": "Hard"}, False),
    ("reset", {}, "Reset", {"type": "Soft"}, False),
    ("unlock", {"plug": 2}, "UnlockConnector", {"connector_id": 2}, True),
    (
        "changeAvailability",
        {"operative": False},
        "ChangeAvailability",
        {"connector_id": 0, "type": "Inoperative"},
        True,
    ),
    (
        "changeAvailability",
        {"operative": True, "plug": 1},
        "ChangeAvailability",
        {"connector_id": 1, "type": "Operative"},
        True,
    ),
    (
        "getConfiguration",
        {"key": ["HeartbeatInterval", "Nonsense"]},
        "GetConfiguration",
        {"key": ["HeartbeatInterval", "Nonsense"]},
        True,
    ),
    ("getConfiguration", {}, "GetConfiguration", {}, True),
    (
        "changeConfiguration",
        {"key": "K", "value": "V"},
        "ChangeConfiguration",
        {"key": "K", "value": "V"},
        True,
    ),
    ("clearCache", {}, "ClearCache", {}, False),
    (
        "dataTransfer",
        {"vendorId": "V", "messageId": "M", "data": "D"},
        "DataTransfer",
        {"vendor_id": "V", "message_id": "M", "data": "D"},
        True,
    ),
    (
        "triggerMessage",
        {"requestedMessage": "MeterValues", "plug": 1},
        "TriggerMessage",
        {"requested_message": "MeterValues", "connector_id": 1},
        False,
    ),
]


@pytest.mark.parametrize(("action", "payload", "said", "fields", "accepted"), COMMANDS)
async def test_a_command_reaches_the_charger_and_its_answer_comes_back(
    site: Site, action: str, payload: dict[str, Any], said: str, fields: dict[str, Any], accepted: bool
) -> None:
    key = site.add_charger()
    async with station(site.url()) as cp:
        await cp.status("Available")
        answer = await gateway.presence.tell(key, action, payload, WAIT)
        assert cp.obeyed == [(said, fields)]
        assert answer.accepted is accepted


async def test_an_answer_keeps_the_charger_s_own_fields(site: Site) -> None:
    key = site.add_charger()
    async with station(site.url()) as cp:
        await cp.status("Available")
        answer = await gateway.presence.tell(key, "getConfiguration", {}, WAIT)
        assert answer.response == {
            "configurationKey": [{"key": "HeartbeatInterval", "readonly": False, "value": "300"}],
            "unknownKey": ["Nonsense"],
        }


@pytest.mark.parametrize(
    ("action", "payload"),
    [
        ("fly", {}),
        ("unlock", {}),
        ("unlock", {"plug": "one"}),
        ("remoteStart", {"token": "x" * 21}),
        ("reset", {"hard": 1}),
    ],
)
async def test_a_command_that_cannot_be_said_fails_with_a_sentence(
    site: Site, action: str, payload: dict[str, Any]
) -> None:
    key = site.add_charger()
    async with station(site.url()) as cp:
        await cp.status("Available")
        with pytest.raises(CallFailed, match=f"The command '{action}' does not work like this"):
            await gateway.presence.tell(key, action, payload, WAIT)
        assert cp.obeyed == []


async def test_a_password_on_its_way_to_a_charger_is_not_kept(site: Site) -> None:
    key = site.add_charger()
    async with station(site.url()) as cp:
        await cp.status("Available")
        secret = {"key": "AuthorizationKey", "value": "0123456789abcdef"}
        await gateway.presence.tell(key, "changeConfiguration", secret, WAIT)
        assert cp.obeyed == [("ChangeConfiguration", secret)]
    kept = [frame.text for frame in gateway.frames if frame.action == "ChangeConfiguration"]
    assert len(kept) == 2
    assert not any(secret["value"] in text for text in kept)
