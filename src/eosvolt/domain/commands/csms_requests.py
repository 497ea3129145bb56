"""The commands to chargers with their fields, in the API's own words.

The fields are OCPP's in camelCase; a plug is ``plug`` and a token ``token`` in every version of OCPP. The
adapter of a version translates them. ``catalogue`` says everything else that is known of a command.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from eosvolt.domain.commands.csms_request_parts import (
    Address,
    CertificateHash,
    ChargingProfile,
    Count,
    Firmware,
    IdToken,
    Instant,
    Key,
    ListEntry,
    LogPlace,
    Number,
    Pem,
    Plug,
    PlugOrAll,
    Purpose,
    RateUnit,
    RootUse,
    Seconds,
)


class CsmsRequest(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename="camel",
    tag_field="type",
    forbid_unknown_fields=True,
    omit_defaults=True,
):
    """A command to a charger; its ``type`` is its name."""


class RemoteStart(CsmsRequest, frozen=True, kw_only=True, tag="remoteStart"):
    """Start a session for a token, at one plug or where the charger likes."""

    token: IdToken
    plug: Plug | None = None
    charging_profile: ChargingProfile | None = None


class RemoteStop(CsmsRequest, frozen=True, kw_only=True, tag="remoteStop"):
    """End a running session of this charger, or a transaction that only the charger knows, by its number."""

    session_id: Annotated[str, Meta(max_length=40)] = ""
    transaction: int | None = None


class Reset(CsmsRequest, frozen=True, kw_only=True, tag="reset"):
    """Restart: soft ends sessions in good order first, hard does not."""

    kind: Literal["soft", "hard", "Soft", "Hard"] = "soft"


class Unlock(CsmsRequest, frozen=True, kw_only=True, tag="unlock"):
    """Release the cable."""

    plug: Plug


class ChangeAvailability(CsmsRequest, frozen=True, kw_only=True, tag="changeAvailability"):
    """Put a plug, or the whole charger, into service or out of it; a running session is finished first."""

    operative: bool
    plug: PlugOrAll = 0
    reason: Annotated[str, Meta(max_length=500)] = ""


class TriggerMessage(CsmsRequest, frozen=True, kw_only=True, tag="triggerMessage"):
    """Let the charger send a message now. ``extended``: by the security extension's own message."""

    requested_message: Literal[
        "BootNotification",
        "DiagnosticsStatusNotification",
        "FirmwareStatusNotification",
        "Heartbeat",
        "LogStatusNotification",
        "MeterValues",
        "SignChargePointCertificate",
        "StatusNotification",
    ]
    plug: Plug | None = None
    extended: bool = False


class GetConfiguration(CsmsRequest, frozen=True, kw_only=True, tag="getConfiguration"):
    """Read configuration keys; all of them where none is named."""

    key: Annotated[tuple[Key, ...], Meta(max_length=100)] = ()


class ChangeConfiguration(CsmsRequest, frozen=True, kw_only=True, tag="changeConfiguration"):
    """Set a configuration key."""

    key: Key
    value: Annotated[str, Meta(max_length=500)]


class ClearCache(CsmsRequest, frozen=True, kw_only=True, tag="clearCache"):
    """Forget the remembered authorizations."""


class DataTransfer(CsmsRequest, frozen=True, kw_only=True, tag="dataTransfer"):
    """Send a DataTransfer, whose content the vendor defines."""

    vendor_id: Annotated[str, Meta(min_length=1, max_length=255)]
    message_id: Annotated[str, Meta(max_length=50)] = ""
    data: Annotated[str, Meta(max_length=50_000)] | None = None


class GetDiagnostics(CsmsRequest, frozen=True, kw_only=True, tag="getDiagnostics"):
    """Upload diagnostics, to our own upload target where no ``location`` is given."""

    location: Address | None = None
    start_time: Instant | None = None
    stop_time: Instant | None = None
    retries: Count | None = None
    retry_interval: Seconds | None = None


class GetLog(CsmsRequest, frozen=True, kw_only=True, tag="getLog"):
    """Upload a log of the security extension."""

    log_type: Literal["DiagnosticsLog", "SecurityLog"] = "DiagnosticsLog"
    log: LogPlace = LogPlace()
    request_id: Number | None = None
    retries: Count | None = None
    retry_interval: Seconds | None = None


class UpdateFirmware(CsmsRequest, frozen=True, kw_only=True, tag="updateFirmware"):
    """Fetch and install firmware from ``location``, not before ``retrieve_date`` (default: at once)."""

    location: Address
    retrieve_date: Instant | None = None
    retries: Count | None = None
    retry_interval: Seconds | None = None


class SignedUpdateFirmware(CsmsRequest, frozen=True, kw_only=True, tag="signedUpdateFirmware"):
    """Fetch, verify and install signed firmware."""

    firmware: Firmware
    request_id: Number | None = None
    retries: Count | None = None
    retry_interval: Seconds | None = None


class GetLocalListVersion(CsmsRequest, frozen=True, kw_only=True, tag="getLocalListVersion"):
    """Which local authorization list the charger has."""


class SendLocalList(CsmsRequest, frozen=True, kw_only=True, tag="sendLocalList"):
    """Bring the charger's local authorization list up to date with the company's tokens.

    Without ``local_authorization_list`` the list is made from the tokens, without ``update_type`` only what
    changed is sent where that is possible. A charger that has another version is sent the whole list.
    Of a list that was made here the record says how many changes have ``remaining`` for further messages, and
    how many tokens were ``left_out`` because they are too long or too many for the charger.
    """

    update_type: Literal["Full", "Differential"] | None = None
    list_version: Number | None = None
    local_authorization_list: Annotated[tuple[ListEntry, ...], Meta(max_length=10_000)] | None = None
    remaining: Number | None = None
    left_out: Number | None = None


class ReserveNow(CsmsRequest, frozen=True, kw_only=True, tag="reserveNow"):
    """Hold a plug (0: any) for a token until ``expiry_date``."""

    token: IdToken
    expiry_date: Instant
    plug: PlugOrAll = 0
    group_token: IdToken | None = None
    reservation_id: Number | None = None


class CancelReservation(CsmsRequest, frozen=True, kw_only=True, tag="cancelReservation"):
    """Cancel a reservation."""

    reservation_id: Number


class SetChargingProfile(CsmsRequest, frozen=True, kw_only=True, tag="setChargingProfile"):
    """Limit what a plug (0: the charger, or every plug by default) may draw."""

    charging_profile: ChargingProfile
    plug: PlugOrAll = 0


class ClearChargingProfile(CsmsRequest, frozen=True, kw_only=True, tag="clearChargingProfile"):
    """Drop the profiles that match all that is named."""

    id: Number | None = None
    plug: PlugOrAll | None = None
    charging_profile_purpose: Purpose | None = None
    stack_level: Number | None = None


class GetCompositeSchedule(CsmsRequest, frozen=True, kw_only=True, tag="getCompositeSchedule"):
    """Get the composite schedule of the next ``duration`` seconds."""

    duration: Seconds
    plug: PlugOrAll = 0
    charging_rate_unit: RateUnit | None = None


class InstallCertificate(CsmsRequest, frozen=True, kw_only=True, tag="installCertificate"):
    """Trust a root certificate (PEM)."""

    certificate_type: RootUse
    certificate: Annotated[str, Meta(min_length=1, max_length=5500)]


class DeleteCertificate(CsmsRequest, frozen=True, kw_only=True, tag="deleteCertificate"):
    """Delete a root certificate."""

    certificate_hash_data: CertificateHash


class GetInstalledCertificateIds(CsmsRequest, frozen=True, kw_only=True, tag="getInstalledCertificateIds"):
    """Which root certificates the charger trusts."""

    certificate_type: RootUse


class CertificateSigned(CsmsRequest, frozen=True, kw_only=True, tag="certificateSigned"):
    """The charger's own certificate, with those that vouch for it (PEM)."""

    certificate_chain: Pem


class RotatePassword(CsmsRequest, frozen=True, kw_only=True, tag="rotatePassword"):
    """Give the charger a new random password, which is shown to nobody."""
