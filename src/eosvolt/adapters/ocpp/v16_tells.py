"""What we tell a charger in OCPP 1.6."""

from datetime import datetime
from typing import Any, NamedTuple, assert_never

import msgspec

from eosvolt.adapters.ocpp.schemas import schemas
from eosvolt.adapters.ocpp.timestamps import written
from eosvolt.adapters.ocpp.v16_profiles import charging_profile
from eosvolt.application.tellings import (
    AnyTelling,
    CancelReservation,
    CertificateSigned,
    ChangeAvailability,
    ChangeConfiguration,
    ClearCache,
    ClearChargingProfile,
    DataTransfer,
    DeleteCertificate,
    GetCompositeSchedule,
    GetConfiguration,
    GetDiagnostics,
    GetInstalledCertificateIds,
    GetLocalListVersion,
    GetLog,
    InstallCertificate,
    RemoteStart,
    RemoteStop,
    ReserveNow,
    Reset,
    RotatePassword,
    SendLocalList,
    SetChargingProfile,
    SignedUpdateFirmware,
    TriggerMessage,
    Unlock,
    Unspeakable,
    UpdateFirmware,
)

# Known only to the security extension's way of asking.
EXTENDED_MESSAGES = frozenset({"LogStatusNotification", "SignChargePointCertificate"})

Fields = dict[str, Any]

_SCHEMAS = schemas("1.6")


class Spoken(NamedTuple):
    """A CALL's action and payload. ``urgency``: the smallest goes first."""

    action: str
    payload: Fields
    urgency: int


STOPPING, STARTING, SETTING, ASKING = range(4)


def tell(told: AnyTelling) -> Spoken:
    """The CALL that says it, with its fields in the order of the standard's tables.

    There are chargers that read by place. Raises ``Unspeakable`` for what OCPP 1.6 has no words for.
    """
    spoken = _spoken(told)
    return spoken._replace(payload=_SCHEMAS[spoken.action].ordered(spoken.payload))


def _spoken(told: AnyTelling) -> Spoken:
    match told:
        case RemoteStop() | RemoteStart() | Unlock() | ReserveNow() | CancelReservation():
            return _for_a_driver(told)
        case SetChargingProfile() | ClearChargingProfile() | GetCompositeSchedule():
            return _about_power(told)
        case GetDiagnostics() | GetLog() | UpdateFirmware() | SignedUpdateFirmware():
            return _about_files(told)
        case InstallCertificate() | DeleteCertificate() | GetInstalledCertificateIds() | CertificateSigned():
            return _about_certificates(told)
        case Reset(kind=kind):
            return Spoken("Reset", {"type": kind.capitalize()}, SETTING)
        case ChangeAvailability(operative=operative, plug=plug):
            word = "Operative" if operative else "Inoperative"
            return Spoken("ChangeAvailability", {"connectorId": plug, "type": word}, SETTING)
        case ChangeConfiguration(key=key, value=value):
            return Spoken("ChangeConfiguration", {"key": key, "value": value}, SETTING)
        case ClearCache():
            return Spoken("ClearCache", {}, SETTING)
        case SendLocalList():
            return _local_list(told)
        case GetLocalListVersion():
            return Spoken("GetLocalListVersion", {}, ASKING)
        case TriggerMessage(requested_message=message, plug=plug, extended=extended):
            action = (
                "ExtendedTriggerMessage" if extended or message in EXTENDED_MESSAGES else "TriggerMessage"
            )
            if action == "ExtendedTriggerMessage" and message == "DiagnosticsStatusNotification":
                raise Unspeakable("The extended trigger asks for LogStatusNotification instead.")
            return Spoken(action, _said(requestedMessage=message, connectorId=plug), ASKING)
        case GetConfiguration(key=key):
            return Spoken("GetConfiguration", {"key": list(key)} if key else {}, ASKING)
        case DataTransfer(vendor_id=vendor, message_id=message, data=data):
            return Spoken(
                "DataTransfer", _said(vendorId=vendor, messageId=message or None, data=data), ASKING
            )
        case RotatePassword():
            raise Unspeakable("A new password is told as the setting AuthorizationKey.")
        case _:
            assert_never(told)


def _for_a_driver(told: RemoteStop | RemoteStart | Unlock | ReserveNow | CancelReservation) -> Spoken:
    match told:
        case RemoteStop(transaction=transaction):
            if transaction is None:
                raise Unspeakable("Nobody knows which transaction this session is at the charger.")
            return Spoken("RemoteStopTransaction", {"transactionId": transaction}, STOPPING)
        case RemoteStart(token=token, plug=plug, charging_profile=profile):
            if profile is not None and profile.charging_profile_purpose != "TxProfile":
                raise Unspeakable("A remote start takes a TxProfile and no other.")
            payload = _said(
                connectorId=plug,
                idTag=token,
                chargingProfile=None if profile is None else charging_profile(profile),
            )
            return Spoken("RemoteStartTransaction", payload, STARTING)
        case Unlock(plug=plug):
            return Spoken("UnlockConnector", {"connectorId": plug}, STARTING)
        case ReserveNow():
            payload = _said(
                connectorId=told.plug,
                expiryDate=written(told.expiry_date),
                idTag=told.token,
                parentIdTag=told.group_token,
                reservationId=told.reservation_id,
            )
            return Spoken("ReserveNow", payload, STARTING)
        case CancelReservation(reservation_id=number):
            return Spoken("CancelReservation", {"reservationId": number}, STARTING)
        case _:
            assert_never(told)


def _about_power(told: SetChargingProfile | ClearChargingProfile | GetCompositeSchedule) -> Spoken:
    match told:
        case SetChargingProfile(charging_profile=profile, plug=plug):
            payload = {"connectorId": plug, "csChargingProfiles": charging_profile(profile)}
            # Less power is urgent for the cable, and the same message may as well mean less.
            return Spoken("SetChargingProfile", payload, STOPPING)
        case ClearChargingProfile():
            payload = _said(
                id=told.id,
                connectorId=told.plug,
                chargingProfilePurpose=told.charging_profile_purpose,
                stackLevel=told.stack_level,
            )
            return Spoken("ClearChargingProfile", payload, SETTING)
        case GetCompositeSchedule():
            payload = _said(
                connectorId=told.plug, duration=told.duration, chargingRateUnit=told.charging_rate_unit
            )
            return Spoken("GetCompositeSchedule", payload, ASKING)
        case _:
            assert_never(told)


def _about_files(told: GetDiagnostics | GetLog | UpdateFirmware | SignedUpdateFirmware) -> Spoken:
    again = _said(retries=told.retries, retryInterval=told.retry_interval)
    match told:
        case GetDiagnostics(location=location):
            when = _said(startTime=_instant(told.start_time), stopTime=_instant(told.stop_time))
            return Spoken("GetDiagnostics", {"location": _place(location), **when, **again}, ASKING)
        case GetLog(log_type=kind, log=log, request_id=number):
            place = _said(
                remoteLocation=_place(log.remote_location),
                oldestTimestamp=_instant(log.oldest_timestamp),
                latestTimestamp=_instant(log.latest_timestamp),
            )
            asked = {"logType": kind, "requestId": _number(number), "log": place}
            return Spoken("GetLog", {**asked, **again}, ASKING)
        case UpdateFirmware(location=location, retrieve_date=at):
            if at is None:
                raise Unspeakable("An update needs the time from which it may be fetched.")
            return Spoken(
                "UpdateFirmware", {"location": location, "retrieveDate": written(at), **again}, SETTING
            )
        case SignedUpdateFirmware(firmware=firmware, request_id=number):
            signed = _said(
                location=firmware.location,
                retrieveDateTime=written(firmware.retrieve_date_time),
                installDateTime=_instant(firmware.install_date_time),
                signingCertificate=firmware.signing_certificate,
                signature=firmware.signature,
            )
            asked = {"requestId": _number(number), "firmware": signed}
            return Spoken("SignedUpdateFirmware", {**asked, **again}, SETTING)
        case _:
            assert_never(told)


def _about_certificates(
    told: InstallCertificate | DeleteCertificate | GetInstalledCertificateIds | CertificateSigned,
) -> Spoken:
    match told:
        case InstallCertificate(certificate_type=kind, certificate=pem):
            return Spoken("InstallCertificate", {"certificateType": kind, "certificate": pem}, SETTING)
        case DeleteCertificate(certificate_hash_data=hashes):
            named: Fields = msgspec.to_builtins(hashes)
            return Spoken("DeleteCertificate", {"certificateHashData": named}, SETTING)
        case GetInstalledCertificateIds(certificate_type=kind):
            return Spoken("GetInstalledCertificateIds", {"certificateType": kind}, ASKING)
        case CertificateSigned(certificate_chain=chain):
            return Spoken("CertificateSigned", {"certificateChain": chain}, SETTING)
        case _:
            assert_never(told)


def _local_list(told: SendLocalList) -> Spoken:
    if told.update_type is None or told.list_version is None:
        raise Unspeakable("A local list needs its version, and whether it is the whole of it.")
    entries = [
        _said(idTag=entry.id_tag, idTagInfo=entry.id_tag_info)
        for entry in told.local_authorization_list or ()
    ]
    payload = {
        "listVersion": told.list_version,
        "updateType": told.update_type,
        "localAuthorizationList": entries,
    }
    return Spoken("SendLocalList", payload, SETTING)


def _said(**fields: object) -> Fields:
    """The fields that have a value: OCPP 1.6 leaves out what is not said."""
    return {name: value for name, value in fields.items() if value is not None}


def _instant(at: datetime | None) -> str | None:
    return None if at is None else written(at)


def _place(location: str | None) -> str:
    if location is None:
        raise Unspeakable("Nobody said where the file shall go.")
    return location


def _number(request: int | None) -> int:
    if request is None:
        raise Unspeakable("The request has no number.")
    return request
