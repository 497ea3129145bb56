"""Converts commands to CALLs of OCPP 1.6: one function for each command returns the CALL's payload.

The catalogue of commands names the action of the CALL. Each function cites the section that defines the
action.
"""

from datetime import datetime
from functools import singledispatch
from typing import Any, NamedTuple

import msgspec

from eosvolt.adapters.ocpp.schemas import schemas
from eosvolt.adapters.ocpp.timestamps import written
from eosvolt.adapters.ocpp.v16_profiles import charging_profile
from eosvolt.domain.commands import csms_requests as requests
from eosvolt.domain.commands.catalogue import KINDS, UnsupportedCommand

# Messages that only ExtendedTriggerMessage can request.
EXTENDED_MESSAGES = frozenset({"LogStatusNotification", "SignChargePointCertificate"})

NO_NUMBER, NO_PLACE = "The request has no number.", "Nobody said where the file shall go."

Fields = dict[str, Any]

_SCHEMAS = schemas("1.6")


class CallRequest(NamedTuple):
    """A CALL's action and payload. ``urgency``: the smallest goes first."""

    action: str
    payload: Fields
    urgency: int


def call_request(request: requests.CsmsRequest) -> CallRequest:
    """The CALL for a command, with its fields in the order of OCPP 1.6 §6.

    Some chargers read fields by position. Raises ``UnsupportedCommand`` for what OCPP 1.6 has no message for.
    """
    kind = KINDS[str(request.__struct_config__.tag)]
    action = kind.ocpp16[-1 if _extended(request) else 0].action
    return CallRequest(action, _SCHEMAS[action].ordered(payload(request)), kind.urgency)


@singledispatch
def payload(request: requests.CsmsRequest) -> Fields:
    """The payload of a command's CALL. Raises ``UnsupportedCommand``."""
    raise UnsupportedCommand(f"OCPP 1.6 has no message for {request.__struct_config__.tag}.")


@payload.register
def _remote_start(request: requests.RemoteStart) -> Fields:
    """OCPP 1.6 §5.11."""
    profile = request.charging_profile
    if profile is not None and profile.charging_profile_purpose != "TxProfile":
        raise UnsupportedCommand("A remote start takes a TxProfile and no other.")
    return _present(
        connectorId=request.plug,
        idTag=request.token,
        chargingProfile=None if profile is None else charging_profile(profile),
    )


@payload.register
def _remote_stop(request: requests.RemoteStop) -> Fields:
    """OCPP 1.6 §5.12."""
    if request.transaction is None:
        raise UnsupportedCommand("Nobody knows which transaction this session is at the charger.")
    return {"transactionId": request.transaction}


@payload.register
def _reset(request: requests.Reset) -> Fields:
    """OCPP 1.6 §5.14."""
    return {"type": request.kind.capitalize()}


@payload.register
def _unlock(request: requests.Unlock) -> Fields:
    """OCPP 1.6 §5.18."""
    return {"connectorId": request.plug}


@payload.register
def _change_availability(request: requests.ChangeAvailability) -> Fields:
    """OCPP 1.6 §5.2."""
    return {"connectorId": request.plug, "type": "Operative" if request.operative else "Inoperative"}


@payload.register
def _trigger_message(request: requests.TriggerMessage) -> Fields:
    """OCPP 1.6 §5.17; ExtendedTriggerMessage: OCPP 1.6 security whitepaper §5.5."""
    message = request.requested_message
    if _extended(request) and message == "DiagnosticsStatusNotification":
        raise UnsupportedCommand("The extended trigger asks for LogStatusNotification instead.")
    return _present(requestedMessage=message, connectorId=request.plug)


@payload.register
def _get_configuration(request: requests.GetConfiguration) -> Fields:
    """OCPP 1.6 §5.8."""
    return {"key": list(request.key)} if request.key else {}


@payload.register
def _change_configuration(request: requests.ChangeConfiguration) -> Fields:
    """OCPP 1.6 §5.3."""
    return {"key": request.key, "value": request.value}


@payload.register
def _clear_cache(_: requests.ClearCache) -> Fields:
    """OCPP 1.6 §5.4."""
    return {}


@payload.register
def _data_transfer(request: requests.DataTransfer) -> Fields:
    """OCPP 1.6 §5.6."""
    return _present(vendorId=request.vendor_id, messageId=request.message_id or None, data=request.data)


@payload.register
def _get_diagnostics(request: requests.GetDiagnostics) -> Fields:
    """OCPP 1.6 §5.9."""
    return _present(
        location=_needed(request.location, NO_PLACE),
        startTime=_instant(request.start_time),
        stopTime=_instant(request.stop_time),
        retries=request.retries,
        retryInterval=request.retry_interval,
    )


@payload.register
def _get_log(request: requests.GetLog) -> Fields:
    """OCPP 1.6 security whitepaper §5.9."""
    place = _present(
        remoteLocation=_needed(request.log.remote_location, NO_PLACE),
        oldestTimestamp=_instant(request.log.oldest_timestamp),
        latestTimestamp=_instant(request.log.latest_timestamp),
    )
    return _present(
        logType=request.log_type,
        requestId=_needed(request.request_id, NO_NUMBER),
        log=place,
        retries=request.retries,
        retryInterval=request.retry_interval,
    )


@payload.register
def _update_firmware(request: requests.UpdateFirmware) -> Fields:
    """OCPP 1.6 §5.19."""
    if request.retrieve_date is None:
        raise UnsupportedCommand("An update needs the time from which it may be fetched.")
    return _present(
        location=request.location,
        retrieveDate=written(request.retrieve_date),
        retries=request.retries,
        retryInterval=request.retry_interval,
    )


@payload.register
def _signed_update_firmware(request: requests.SignedUpdateFirmware) -> Fields:
    """OCPP 1.6 security whitepaper §5.21."""
    firmware = _present(
        location=request.firmware.location,
        retrieveDateTime=written(request.firmware.retrieve_date_time),
        installDateTime=_instant(request.firmware.install_date_time),
        signingCertificate=request.firmware.signing_certificate,
        signature=request.firmware.signature,
    )
    return _present(
        requestId=_needed(request.request_id, NO_NUMBER),
        firmware=firmware,
        retries=request.retries,
        retryInterval=request.retry_interval,
    )


@payload.register
def _get_local_list_version(_: requests.GetLocalListVersion) -> Fields:
    """OCPP 1.6 §5.10."""
    return {}


@payload.register
def _send_local_list(request: requests.SendLocalList) -> Fields:
    """OCPP 1.6 §5.15."""
    if request.update_type is None or request.list_version is None:
        raise UnsupportedCommand("A local list needs its version, and whether it is the whole of it.")
    entries = [
        _present(idTag=entry.id_tag, idTagInfo=entry.id_tag_info)
        for entry in request.local_authorization_list or ()
    ]
    return {
        "listVersion": request.list_version,
        "updateType": request.update_type,
        "localAuthorizationList": entries,
    }


@payload.register
def _reserve_now(request: requests.ReserveNow) -> Fields:
    """OCPP 1.6 §5.13."""
    return _present(
        connectorId=request.plug,
        expiryDate=written(request.expiry_date),
        idTag=request.token,
        parentIdTag=request.group_token,
        reservationId=request.reservation_id,
    )


@payload.register
def _cancel_reservation(request: requests.CancelReservation) -> Fields:
    """OCPP 1.6 §5.1."""
    return {"reservationId": request.reservation_id}


@payload.register
def _set_charging_profile(request: requests.SetChargingProfile) -> Fields:
    """OCPP 1.6 §5.16."""
    return {"connectorId": request.plug, "csChargingProfiles": charging_profile(request.charging_profile)}


@payload.register
def _clear_charging_profile(request: requests.ClearChargingProfile) -> Fields:
    """OCPP 1.6 §5.5."""
    return _present(
        id=request.id,
        connectorId=request.plug,
        chargingProfilePurpose=request.charging_profile_purpose,
        stackLevel=request.stack_level,
    )


@payload.register
def _get_composite_schedule(request: requests.GetCompositeSchedule) -> Fields:
    """OCPP 1.6 §5.7."""
    return _present(
        connectorId=request.plug, duration=request.duration, chargingRateUnit=request.charging_rate_unit
    )


@payload.register
def _install_certificate(request: requests.InstallCertificate) -> Fields:
    """OCPP 1.6 security whitepaper §5.11."""
    return {"certificateType": request.certificate_type, "certificate": request.certificate}


@payload.register
def _delete_certificate(request: requests.DeleteCertificate) -> Fields:
    """OCPP 1.6 security whitepaper §5.3."""
    return {"certificateHashData": msgspec.to_builtins(request.certificate_hash_data)}


@payload.register
def _get_installed_certificate_ids(request: requests.GetInstalledCertificateIds) -> Fields:
    """OCPP 1.6 security whitepaper §5.7."""
    return {"certificateType": request.certificate_type}


@payload.register
def _certificate_signed(request: requests.CertificateSigned) -> Fields:
    """OCPP 1.6 security whitepaper §5.1."""
    return {"certificateChain": request.certificate_chain}


@payload.register
def _rotate_password(_: requests.RotatePassword) -> Fields:
    """OCPP 1.6 §5.3, OCPP-J 1.6 §6.2.2: sent as the setting AuthorizationKey once there is a password."""
    raise UnsupportedCommand("A new password is sent as the setting AuthorizationKey.")


def _extended(request: requests.CsmsRequest) -> bool:
    """Whether a trigger has to be sent as ExtendedTriggerMessage."""
    return isinstance(request, requests.TriggerMessage) and (
        request.extended or request.requested_message in EXTENDED_MESSAGES
    )


def _present(**fields: object) -> Fields:
    """The fields that have a value: OCPP 1.6 omits absent optional fields."""
    return {name: value for name, value in fields.items() if value is not None}


def _instant(at: datetime | None) -> str | None:
    return None if at is None else written(at)


def _needed(value: object, otherwise: str) -> object:
    if value is None:
        raise UnsupportedCommand(otherwise)
    return value
