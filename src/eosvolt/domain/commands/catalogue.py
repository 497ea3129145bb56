"""The catalogue of commands to chargers: one row for each, with everything that is known of it."""

import operator
from functools import reduce
from typing import TYPE_CHECKING

import msgspec

from eosvolt.domain.commands import csms_requests as requests
from eosvolt.domain.commands.command_kind import (
    AnswerRule,
    CommandKind,
    Completion,
    Ocpp16,
    Payload,
    Replaces,
    Urgency,
    always,
)
from eosvolt.domain.explanations import Why
from eosvolt.domain.maintenance.secrets import is_secret, without_secrets

# Asked for twice, these are done twice: a second boot, a second key pair.
_WITH_EFFECT = frozenset({"BootNotification", "SignChargePointCertificate"})


def _harmless_trigger(payload: Payload) -> bool:
    return payload.get("requestedMessage") not in _WITH_EFFECT


def _whole_list(payload: Payload) -> bool:
    # A difference that has been applied once is refused the second time.
    return payload.get("updateType") == "Full"


def _profile_slot(payload: Payload) -> tuple[str, ...]:
    profile = payload.get("chargingProfile") or {}
    purpose, level = profile.get("chargingProfilePurpose", ""), profile.get("stackLevel", 0)
    return str(payload.get("plug", 0)), str(purpose), str(level)


def _setting(payload: Payload) -> tuple[str, ...]:
    return (str(payload.get("key", "")).casefold(),)


def _plug(payload: Payload) -> tuple[str, ...]:
    return (str(payload.get("plug", 0)),)


def _secret_setting(payload: Payload) -> tuple[str, ...]:
    return ("value",) if is_secret(str(payload.get("key", ""))) else ()


CATALOGUE = (
    CommandKind(
        requests.RemoteStart,
        "Remote start",
        (Ocpp16("RemoteStartTransaction", "OCPP 1.6 §5.11"),),
        Urgency.STARTING,
        bulk=False,
        while_held=False,
        completion=Completion.PROFILE_LIMITS,
    ),
    CommandKind(
        requests.RemoteStop,
        "Remote stop",
        (Ocpp16("RemoteStopTransaction", "OCPP 1.6 §5.12"),),
        Urgency.STOPPING,
        bulk=False,
        completion=Completion.TRANSACTION,
        filled_in=frozenset({"transaction"}),
        operates=True,
    ),
    CommandKind(
        requests.Reset,
        "Reset",
        (Ocpp16("Reset", "OCPP 1.6 §5.14"),),
        confirm="RESET",
        interrupts=True,
        operates=True,
    ),
    CommandKind(
        requests.Unlock,
        "Unlock plug",
        (Ocpp16("UnlockConnector", "OCPP 1.6 §5.18"),),
        Urgency.STARTING,
        bulk=False,
        interrupts=True,
        operates=True,
    ),
    CommandKind(
        requests.ChangeAvailability,
        "Availability",
        (Ocpp16("ChangeAvailability", "OCPP 1.6 §5.2"),),
        repeatable=always,
        replaces=Replaces(_plug),
        interrupts=True,
        operates=True,
    ),
    CommandKind(
        requests.TriggerMessage,
        "Trigger message",
        (
            Ocpp16("TriggerMessage", "OCPP 1.6 §5.17"),
            Ocpp16("ExtendedTriggerMessage", "security whitepaper §5.5"),
        ),
        Urgency.ASKING,
        repeatable=_harmless_trigger,
        operates=True,
    ),
    CommandKind(
        requests.GetConfiguration,
        "Read configuration",
        (Ocpp16("GetConfiguration", "OCPP 1.6 §5.8"),),
        Urgency.ASKING,
        repeatable=always,
        kept=without_secrets,
        answer=AnswerRule(status=False),
    ),
    CommandKind(
        requests.ChangeConfiguration,
        "Change configuration",
        (Ocpp16("ChangeConfiguration", "OCPP 1.6 §5.3"),),
        repeatable=always,
        replaces=Replaces(_setting),
        secrets=_secret_setting,
    ),
    CommandKind(requests.ClearCache, "Clear cache", (Ocpp16("ClearCache", "OCPP 1.6 §5.4"),)),
    CommandKind(
        requests.DataTransfer,
        "Data transfer",
        (Ocpp16("DataTransfer", "OCPP 1.6 §5.6"),),
        Urgency.ASKING,
    ),
    CommandKind(
        requests.GetDiagnostics,
        "Get diagnostics",
        (Ocpp16("GetDiagnostics", "OCPP 1.6 §5.9"),),
        Urgency.ASKING,
        completion=Completion.DIAGNOSTICS,
        answer=AnswerRule(status=False),
    ),
    CommandKind(
        requests.GetLog,
        "Get log",
        (Ocpp16("GetLog", "security whitepaper §5.9"),),
        Urgency.ASKING,
        completion=Completion.LOG,
        filled_in=frozenset({"requestId"}),
    ),
    CommandKind(
        requests.UpdateFirmware,
        "Update firmware",
        (Ocpp16("UpdateFirmware", "OCPP 1.6 §5.19"),),
        confirm="UPDATE",
        interrupts=True,
        completion=Completion.RETRIEVE_DATE,
        answer=AnswerRule(status=False),
    ),
    CommandKind(
        requests.SignedUpdateFirmware,
        "Update signed firmware",
        (Ocpp16("SignedUpdateFirmware", "security whitepaper §5.21"),),
        confirm="UPDATE",
        interrupts=True,
        completion=Completion.REQUEST_NUMBER,
        filled_in=frozenset({"requestId"}),
    ),
    CommandKind(
        requests.GetLocalListVersion,
        "Read list version",
        (Ocpp16("GetLocalListVersion", "OCPP 1.6 §5.10"),),
        Urgency.ASKING,
        repeatable=always,
        answer=AnswerRule(status=False, fields={"listVersion": int}),
    ),
    CommandKind(
        requests.SendLocalList,
        "Send local list",
        (Ocpp16("SendLocalList", "OCPP 1.6 §5.15"),),
        repeatable=_whole_list,
        completion=Completion.LOCAL_LIST,
        filled_in=frozenset({"localAuthorizationList", "listVersion"}),
    ),
    CommandKind(
        requests.ReserveNow,
        "Reserve",
        (Ocpp16("ReserveNow", "OCPP 1.6 §5.13"),),
        bulk=False,
        completion=Completion.RESERVATION,
        filled_in=frozenset({"reservationId"}),
    ),
    CommandKind(
        requests.CancelReservation,
        "Cancel reservation",
        (Ocpp16("CancelReservation", "OCPP 1.6 §5.1"),),
        bulk=False,
    ),
    CommandKind(
        requests.SetChargingProfile,
        "Set charging profile",
        (Ocpp16("SetChargingProfile", "OCPP 1.6 §5.16"),),
        # A limit may be what keeps a fuse from blowing, so every profile goes as fast as a stop.
        Urgency.STOPPING,
        repeatable=always,
        replaces=Replaces(_profile_slot, Why.PROFILE_SUPERSEDED),
        completion=Completion.PROFILE_LIMITS,
    ),
    CommandKind(
        requests.ClearChargingProfile,
        "Clear charging profiles",
        (Ocpp16("ClearChargingProfile", "OCPP 1.6 §5.5"),),
        # A profile that was not there is not there.
        answer=AnswerRule(also_yes=frozenset({"unknown"})),
    ),
    CommandKind(
        requests.GetCompositeSchedule,
        "Composite schedule",
        (Ocpp16("GetCompositeSchedule", "OCPP 1.6 §5.7"),),
        Urgency.ASKING,
        repeatable=always,
    ),
    CommandKind(
        requests.InstallCertificate,
        "Install root certificate",
        (Ocpp16("InstallCertificate", "security whitepaper §5.11"),),
    ),
    CommandKind(
        requests.DeleteCertificate,
        "Delete root certificate",
        (Ocpp16("DeleteCertificate", "security whitepaper §5.3"),),
        bulk=False,
    ),
    CommandKind(
        requests.GetInstalledCertificateIds,
        "Read root certificates",
        (Ocpp16("GetInstalledCertificateIds", "security whitepaper §5.7"),),
        Urgency.ASKING,
        repeatable=always,
    ),
    CommandKind(
        requests.CertificateSigned,
        "Deliver certificate",
        (Ocpp16("CertificateSigned", "security whitepaper §5.1"),),
        bulk=False,
        on_pages=False,
    ),
    CommandKind(
        requests.RotatePassword,
        "New password",
        (Ocpp16("ChangeConfiguration", "OCPP 1.6 §5.3"),),
        secrets=_secret_setting,
    ),
)
KINDS = {kind.action: kind for kind in CATALOGUE}

if TYPE_CHECKING:
    # For the type checker any command; ``msgspec`` tells them apart by their ``type``.
    AnyCsmsRequest = requests.CsmsRequest
else:
    AnyCsmsRequest = reduce(operator.or_, (kind.request for kind in CATALOGUE))


class UnsupportedCommand(Exception):  # noqa: N818 - it is an answer to whoever asked, not a failure
    """An unknown command, fields that do not fit, or a command that the protocol does not have.

    The text is a sentence for the operator.
    """


def csms_request(action: str, payload: Payload) -> requests.CsmsRequest:
    """The command named ``action`` with these fields. Raises ``UnsupportedCommand``."""
    try:
        request: requests.CsmsRequest = msgspec.convert({**payload, "type": action}, AnyCsmsRequest)
    except msgspec.ValidationError as error:
        raise UnsupportedCommand(f"The command {action!r} does not work like this: {error}.") from error
    return request
