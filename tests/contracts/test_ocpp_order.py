"""The fields of what we ask of chargers come in the order of the standard's tables."""

from typing import Any

import pytest

from eosvolt.adapters.ocpp import v16
from eosvolt.domain.commands.catalogue import csms_request
from tests.contracts.test_ocpp_schemas import AT, COMMANDS, SCHEMAS

# Where the standard's tables (OCPP 1.6 §6, security whitepaper §5) could be told otherwise.
ORDER = {
    "SendLocalList": ["listVersion", "localAuthorizationList", "updateType"],
    "GetDiagnostics": ["location", "retries", "retryInterval", "startTime", "stopTime"],
    "UpdateFirmware": ["location", "retries", "retrieveDate", "retryInterval"],
    "ReserveNow": ["connectorId", "expiryDate", "idTag", "parentIdTag", "reservationId"],
    "RemoteStartTransaction": ["connectorId", "idTag", "chargingProfile"],
    "ClearChargingProfile": ["id", "connectorId", "chargingProfilePurpose", "stackLevel"],
}


@pytest.mark.parametrize(("action", "payload"), COMMANDS)
def test_our_calls_have_their_fields_in_the_order_of_the_standard(
    action: str, payload: dict[str, Any]
) -> None:
    spoken = v16.call_request(csms_request(action, payload))
    fields = list(SCHEMAS[spoken.action].document["properties"])
    order = ORDER.get(spoken.action, fields)
    assert [name for name in order if name in spoken.payload] == list(spoken.payload)


def test_fields_inside_fields_are_in_order_too() -> None:
    request = csms_request(
        "sendLocalList",
        {
            "updateType": "Differential",
            "listVersion": 2,
            "localAuthorizationList": [
                {"idTagInfo": {"status": "Accepted", "parentIdTag": "G", "expiryDate": AT}, "idTag": "A"}
            ],
        },
    )
    (entry,) = v16.call_request(request).payload["localAuthorizationList"]
    assert (list(entry), list(entry["idTagInfo"])) == (
        ["idTag", "idTagInfo"],
        ["expiryDate", "parentIdTag", "status"],
    )
