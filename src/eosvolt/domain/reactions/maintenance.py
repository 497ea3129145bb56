"""What a charger's answer says about its upkeep, in events."""

import base64
import binascii
import contextlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Any

import msgspec

from eosvolt.domain.commands.events import CommandRequested
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import (
    AvailabilityChanged,
    CertificateDelivered,
    CertificatesReported,
    ChargingProfilesCleared,
    ChargingProfileSet,
    CompositeScheduleReported,
    ConfigurationReported,
    LocalListSent,
    LocalListVersionReported,
    MaintenanceEvent,
    ReservationEnded,
    ReservationMade,
    RootCertificateDeleted,
    RootCertificateInstalled,
    SettingChanged,
)
from eosvolt.domain.maintenance.secrets import shown
from eosvolt.domain.maintenance.values import InstalledCertificate, ListedToken, Setting
from eosvolt.domain.tokens.uid import folded

_Instant = Annotated[datetime, msgspec.Meta(tz=True)]
_Version = Annotated[int, msgspec.Meta(ge=-1, lt=2**31)]
_PEM = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"


def after_answer(
    request: CommandRequested, *, accepted: bool, response: dict[str, Any], at: datetime
) -> Sequence[CommandEnvelope]:
    """What follows from the answer to ``request``: what the charger is like from now on.

    Of an answer that cannot be read nothing follows.
    """
    status = str(response.get("status", ""))
    try:
        events = tuple(_meaning(request.action, request.payload, accepted, status, response, at))
    except (msgspec.ValidationError, LookupError, TypeError, ValueError, OverflowError):
        return ()
    return [
        CommandEnvelope(maintenance, request.charge_point, RecordDeviceEvent(event=event)) for event in events
    ]


def _meaning(
    action: str, payload: dict[str, Any], accepted: bool, status: str, response: dict[str, Any], at: datetime
) -> Iterable[MaintenanceEvent]:
    match action:
        case "certificateSigned":
            yield CertificateDelivered(
                at=at, fingerprint=_fingerprint(str(payload["certificateChain"])), accepted=accepted
            )
        case "getInstalledCertificateIds" if accepted or status == "NotFound":
            yield _certificates(str(payload["certificateType"]), response, at)
        case _ if not accepted:
            return
        case "getConfiguration":
            yield _configuration(payload, response, at)
        case "changeConfiguration":
            key = str(payload["key"])
            yield SettingChanged(
                at=at,
                key=key,
                value=shown(key, str(payload["value"])) or "",
                reboot_required=status == "RebootRequired",
            )
        case "changeAvailability":
            yield AvailabilityChanged(
                at=at,
                connector=int(payload.get("plug") or 0),
                operative=bool(payload["operative"]),
                scheduled=status == "Scheduled",
                reason=str(payload.get("reason", "")),
            )
        case "getLocalListVersion":
            yield LocalListVersionReported(at=at, version=msgspec.convert(response["listVersion"], _Version))
        case "sendLocalList":
            yield LocalListSent(
                at=at,
                version=int(payload["listVersion"]),
                full=payload["updateType"] == "Full",
                entries=tuple(map(listed, payload.get("localAuthorizationList") or ())),
            )
        case "reserveNow" | "cancelReservation":
            yield _reservation(action, payload, at)
        case "setChargingProfile" | "clearChargingProfile" | "getCompositeSchedule":
            yield _profile(action, payload, response, at)
        case "installCertificate":
            yield RootCertificateInstalled(
                at=at,
                type=str(payload["certificateType"]),
                fingerprint=_fingerprint(str(payload["certificate"])),
            )
        case "deleteCertificate":
            serial = str(payload["certificateHashData"]["serialNumber"])
            yield RootCertificateDeleted(at=at, serial_number=serial)
        case _:
            return


def _configuration(payload: dict[str, Any], response: dict[str, Any], at: datetime) -> ConfigurationReported:
    entries = [entry for entry in response.get("configurationKey") or () if isinstance(entry, dict)]
    settings = tuple(
        Setting(
            key=str(entry["key"]),
            value=shown(str(entry["key"]), None if entry.get("value") is None else str(entry["value"])),
            readonly=entry.get("readonly") is True,
        )
        for entry in entries
        if entry.get("key")
    )
    unknown = tuple(str(key) for key in response.get("unknownKey") or ())
    return ConfigurationReported(at=at, settings=settings, unknown=unknown, whole=not payload.get("key"))


def _reservation(action: str, payload: dict[str, Any], at: datetime) -> ReservationMade | ReservationEnded:
    number = int(payload["reservationId"])
    if action == "cancelReservation":
        return ReservationEnded(at=at, reservation=number, reason="cancelled")
    return ReservationMade(
        at=at,
        reservation=number,
        connector=int(payload.get("plug") or 0),
        token=folded(str(payload["token"])),
        expires_at=_instant(payload["expiryDate"]),
        group=folded(str(payload.get("groupToken") or "")),
    )


def _profile(
    action: str, payload: dict[str, Any], response: dict[str, Any], at: datetime
) -> ChargingProfileSet | ChargingProfilesCleared | CompositeScheduleReported:
    plug = payload.get("plug")
    if action == "setChargingProfile":
        return ChargingProfileSet(at=at, connector=int(plug or 0), profile=dict(payload["chargingProfile"]))
    if action == "clearChargingProfile":
        return ChargingProfilesCleared(
            at=at,
            profile_id=payload.get("id"),
            connector=plug,
            purpose=str(payload.get("chargingProfilePurpose") or ""),
            stack_level=payload.get("stackLevel"),
        )
    start = response.get("scheduleStart")
    with contextlib.suppress(msgspec.ValidationError):
        start = None if start is None else _instant(start)
    return CompositeScheduleReported(
        at=at,
        connector=int(plug or 0),
        schedule=dict(response.get("chargingSchedule") or {}),
        start=start if isinstance(start, datetime) else None,
    )


def listed(entry: dict[str, Any]) -> ListedToken:
    """An entry of the local list from how OCPP writes it."""
    info = entry.get("idTagInfo") or {}
    expires_at = info.get("expiryDate")
    return ListedToken(
        token=folded(str(entry["idTag"])),
        status=str(info.get("status") or ""),
        group=str(info.get("parentIdTag") or ""),
        expires_at=None if expires_at is None else _instant(expires_at),
    )


def _certificates(use: str, response: dict[str, Any], at: datetime) -> CertificatesReported:
    found = tuple(
        InstalledCertificate(
            type=use,
            hash_algorithm=str(entry["hashAlgorithm"]),
            issuer_name_hash=str(entry["issuerNameHash"]),
            issuer_key_hash=str(entry["issuerKeyHash"]),
            serial_number=str(entry["serialNumber"]),
        )
        for entry in response.get("certificateHashData") or ()
    )
    return CertificatesReported(at=at, type=use, certificates=found)


def _fingerprint(pem: str) -> str:
    """The SHA-256 of the first certificate of ``pem``; of the text itself where there is none in it."""
    begin, end = _PEM
    body = pem.partition(begin)[2].partition(end)[0]
    try:
        content = base64.b64decode("".join(body.split()), validate=True)
    except binascii.Error:
        content = b""
    return sha256(content or pem.encode()).hexdigest()


def _instant(text: str) -> datetime:
    """An instant as OCPP writes it. Raises ``ValidationError`` for one without a zone."""
    found: datetime = msgspec.convert(text, _Instant)
    return found.astimezone(UTC)
