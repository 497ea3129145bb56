"""What we tell a charger in OCPP 1.6, and what its answer means."""

from typing import Any, NamedTuple, assert_never

from eosvolt.adapters.ocpp.vocabulary import (
    ChangeAvailability,
    ChangeConfiguration,
    ClearCache,
    DataTransfer,
    GetConfiguration,
    RemoteStart,
    RemoteStop,
    Reset,
    Told,
    TriggerMessage,
    Unlock,
)

AGREEMENTS = frozenset({"Accepted", "Scheduled", "Unlocked", "RebootRequired"})


class Spoken(NamedTuple):
    """A CALL's action and payload. ``urgency``: the smallest goes first."""

    action: str
    payload: dict[str, Any]
    urgency: int


STOPPING, STARTING, SETTING, ASKING = range(4)


def tell(told: Told) -> Spoken:
    """The CALL that says it."""
    match told:
        case RemoteStop(transaction=transaction):
            return Spoken("RemoteStopTransaction", {"transactionId": transaction}, STOPPING)
        case RemoteStart(token=token, plug=plug):
            return Spoken("RemoteStartTransaction", _at_plug(plug) | {"idTag": token}, STARTING)
        case Unlock(plug=plug):
            return Spoken("UnlockConnector", {"connectorId": plug}, STARTING)
        case Reset(kind=kind):
            return Spoken("Reset", {"type": kind.capitalize()}, SETTING)
        case ChangeAvailability(operative=operative, plug=plug):
            word = "Operative" if operative else "Inoperative"
            return Spoken("ChangeAvailability", {"connectorId": plug, "type": word}, SETTING)
        case ChangeConfiguration(key=key, value=value):
            return Spoken("ChangeConfiguration", {"key": key, "value": value}, SETTING)
        case ClearCache():
            return Spoken("ClearCache", {}, SETTING)
        case TriggerMessage(requested_message=message, plug=plug):
            return Spoken("TriggerMessage", {"requestedMessage": message} | _at_plug(plug), ASKING)
        case GetConfiguration(key=key):
            return Spoken("GetConfiguration", {"key": list(key)} if key else {}, ASKING)
        case DataTransfer(vendor_id=vendor, message_id=message, data=data):
            payload: dict[str, Any] = {"vendorId": vendor}
            if message:
                payload["messageId"] = message
            if data is not None:
                payload["data"] = data
            return Spoken("DataTransfer", payload, ASKING)
        case _:
            assert_never(told)


def agreed(action: str, response: dict[str, Any]) -> bool:
    """Whether the charger's answer to ``action`` is a yes. A configuration that was read is one."""
    status = response.get("status")
    return action == "GetConfiguration" or (isinstance(status, str) and status in AGREEMENTS)


def _at_plug(plug: int | None) -> dict[str, Any]:
    return {} if plug is None else {"connectorId": plug}
