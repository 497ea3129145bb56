from typing import Any

import pytest

from tests.e2e.ocpp.site import Site
from tests.e2e.ocpp.station import station

KEYS = ["HeartbeatInterval", "Nonsense"]
OUT_OF_SERVICE = {"type": "changeAvailability", "operative": False}
INTO_SERVICE = {"type": "changeAvailability", "operative": True, "plug": 1}
TRIGGER = {"type": "triggerMessage", "requestedMessage": "MeterValues", "plug": 1}
PING = {"type": "dataTransfer", "vendorId": "V", "messageId": "M"}
SET = {"type": "changeConfiguration", "key": "K", "value": "V"}
START = {"type": "remoteStart", "plug": 1, "token": "T"}
# A command as a program asks for it, the CALL that the charger must get, and what becomes of the command.
COMMANDS = [
    (START, "RemoteStartTransaction", {"connector_id": 1, "id_tag": "T"}, "accepted"),
    ({"type": "remoteStart", "token": "T"}, "RemoteStartTransaction", {"id_tag": "T"}, "accepted"),
    ({"type": "reset", "kind": "hard"}, "Reset", {"type": "Hard"}, "rejected"),
    ({"type": "reset"}, "Reset", {"type": "Soft"}, "rejected"),
    ({"type": "unlock", "plug": 2}, "UnlockConnector", {"connector_id": 2}, "accepted"),
    (OUT_OF_SERVICE, "ChangeAvailability", {"connector_id": 0, "type": "Inoperative"}, "accepted"),
    (INTO_SERVICE, "ChangeAvailability", {"connector_id": 1, "type": "Operative"}, "accepted"),
    ({"type": "getConfiguration", "key": KEYS}, "GetConfiguration", {"key": KEYS}, "accepted"),
    ({"type": "getConfiguration"}, "GetConfiguration", {}, "accepted"),
    (SET, "ChangeConfiguration", {"key": "K", "value": "V"}, "accepted"),
    ({"type": "clearCache"}, "ClearCache", {}, "rejected"),
    (PING, "DataTransfer", {"vendor_id": "V", "message_id": "M"}, "accepted"),
    (TRIGGER, "TriggerMessage", {"requested_message": "MeterValues", "connector_id": 1}, "rejected"),
]


@pytest.mark.parametrize(("body", "said", "fields", "state"), COMMANDS, ids=lambda value: str(value)[:40])
async def test_a_command_reaches_the_charger_and_its_answer_comes_back(
    site: Site, body: dict[str, Any], said: str, fields: dict[str, Any], state: str
) -> None:
    """§7.4 cases 25, 26, 28 and 50 to 54, as far as Core and remote trigger go."""
    site.add_charger()
    async with station(site.url()) as cp:
        await cp.status("Available")
        command = await site.tell(body)
        assert cp.obeyed == [(said, fields)]
        assert command["state"] == state


async def test_a_running_session_is_stopped_by_its_transaction(site: Site) -> None:
    """§7.4 case 51."""
    site.add_charger()
    async with station(site.url()) as cp:
        await cp.status("Preparing")
        started = await cp.begin(site.add_token(), "2026-11-21T09:00:00Z")
        command = await site.tell({"type": "remoteStop", "sessionId": str(started.transaction_id)})
        assert command["state"] == "accepted"
        assert cp.obeyed == [("RemoteStopTransaction", {"transaction_id": started.transaction_id})]


async def test_an_answer_keeps_the_charger_s_own_fields(site: Site) -> None:
    site.add_charger()
    async with station(site.url()) as cp:
        await cp.status("Available")
        command = await site.tell({"type": "getConfiguration"})
        assert command["response"] == {
            "configurationKey": [{"key": "HeartbeatInterval", "readonly": False, "value": "300"}],
            "unknownKey": ["Nonsense"],
        }


async def test_a_charger_that_is_disconnected_cannot_receive_commands(site: Site) -> None:
    site.add_charger()
    command = await site.tell({"type": "clearCache"})
    assert command["state"] == "failed"
