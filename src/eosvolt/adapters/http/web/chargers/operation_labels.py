"""How pages show the commands that people ask for: groups, explanations, icons, and labels of fields."""

from typing import NamedTuple

from eosvolt.domain.commands.catalogue import KINDS


class Operation(NamedTuple):
    """How a command is shown: what it does, its icon, and what its button says."""

    action: str
    about: str
    icon: str
    button: str

    @property
    def name(self) -> str:
        """The command's label, from the catalogue."""
        return KINDS[self.action].label


class Group(NamedTuple):
    """Operations that belong together."""

    name: str
    operations: tuple[Operation, ...]


GROUPS = (
    Group(
        "Charging",
        (
            Operation(
                "remoteStart",
                "Starts a session for a token. It ends in a session, or in the reason why there is none.",
                "player-play",
                "Start",
            ),
            Operation("remoteStop", "Ends a running session.", "player-stop", "Stop"),
            Operation("unlock", "Releases a cable that is stuck.", "lock-open", "Unlock"),
            Operation(
                "changeAvailability",
                "Puts a plug or the whole charger into service or out of it. Time out of service that you "
                "planned is not down time.",
                "bolt",
                "Change availability",
            ),
            Operation("reserveNow", "Holds a plug for a token until an instant.", "calendar", "Reserve"),
            Operation(
                "cancelReservation",
                "Holds the plug no longer.",
                "x",
                "Cancel reservation",
            ),
        ),
    ),
    Group(
        "Charger",
        (
            Operation("reset", "Soft ends sessions in good order first; hard does not.", "refresh", "Reset"),
            Operation(
                "triggerMessage",
                "Lets the charger send a message now.",
                "message-bolt",
                "Trigger",
            ),
            Operation(
                "getConfiguration",
                "Reads the keys that are named, or all of them.",
                "list",
                "Read",
            ),
            Operation("changeConfiguration", "Sets a key.", "pencil", "Change"),
            Operation("clearCache", "Forgets the remembered authorizations.", "trash", "Clear"),
            Operation("dataTransfer", "Vendor-specific message (DataTransfer).", "code", "Send"),
        ),
    ),
    Group(
        "Firmware, diagnostics and logs",
        (
            Operation(
                "getDiagnostics",
                "Leave the address empty to upload to EOSVOLT: the file shows under Firmware and files.",
                "download",
                "Get diagnostics",
            ),
            Operation("getLog", "GetLog (security extension).", "download", "Get log"),
            Operation(
                "updateFirmware",
                "The charger fetches and installs firmware.",
                "refresh",
                "Update firmware",
            ),
            Operation(
                "signedUpdateFirmware",
                "The charger fetches, verifies and installs firmware.",
                "refresh",
                "Update firmware",
            ),
        ),
    ),
    Group(
        "Local authorization list",
        (
            Operation(
                "sendLocalList",
                "Brings the charger's list up to date with the company's tokens; only what changed where "
                "that is possible.",
                "id-badge-2",
                "Send",
            ),
            Operation(
                "getLocalListVersion",
                "Which list the charger has.",
                "list",
                "Read version",
            ),
        ),
    ),
    Group(
        "Charging profiles",
        (
            Operation(
                "setChargingProfile",
                "Limits what a plug or the charger may draw. One of the same purpose, level and plug is "
                "replaced.",
                "bolt",
                "Set profile",
            ),
            Operation(
                "clearChargingProfile",
                "Drops the profiles that match all that is named; without any, all of them.",
                "x",
                "Clear profiles",
            ),
            Operation(
                "getCompositeSchedule",
                "What the charger believes its limits are.",
                "clock",
                "Ask",
            ),
        ),
    ),
    Group(
        "Security",
        (
            Operation(
                "rotatePassword",
                "Gives the charger a new password that nobody ever sees. Both work until the charger used "
                "the new one.",
                "key",
                "Give a new password",
            ),
            Operation(
                "getInstalledCertificateIds",
                "Which root certificates the charger trusts.",
                "list",
                "Read",
            ),
            Operation(
                "installCertificate",
                "The charger trusts it from then on.",
                "plus",
                "Install",
            ),
            Operation(
                "deleteCertificate",
                "The charger trusts it no longer.",
                "trash",
                "Delete",
            ),
        ),
    ),
)
OPERATIONS = {each.action: each for group in GROUPS for each in group.operations}

# By the last part of a field's path; one without a name here is called as the API calls it.
LABELS = {
    "token": "Token",
    "groupToken": "Group token",
    "plug": "Plug",
    "sessionId": "Session",
    "kind": "Kind",
    "operative": "Shall be",
    "reason": "Reason",
    "requestedMessage": "Message",
    "extended": "By the security extension",
    "key": "Key",
    "value": "Value",
    "vendorId": "Vendor id",
    "messageId": "Message id",
    "data": "Data",
    "location": "Address",
    "remoteLocation": "Address",
    "startTime": "From",
    "stopTime": "To",
    "oldestTimestamp": "From",
    "latestTimestamp": "To",
    "logType": "Log",
    "retries": "Retries",
    "retryInterval": "Seconds between retries",
    "retrieveDate": "Fetch not before",
    "retrieveDateTime": "Fetch not before",
    "installDateTime": "Install not before",
    "signingCertificate": "Signing certificate (PEM)",
    "signature": "Signature (base64)",
    "updateType": "Update",
    "expiryDate": "Until",
    "reservationId": "Reservation",
    "chargingProfileId": "Profile id",
    "id": "Profile id",
    "stackLevel": "Stack level",
    "chargingProfilePurpose": "Purpose",
    "chargingProfileKind": "Kind",
    "chargingRateUnit": "Unit",
    "chargingSchedulePeriod": "Limits",
    "duration": "Duration in seconds",
    "startSchedule": "Begins",
    "minChargingRate": "Least charging rate",
    "transactionId": "Transaction",
    "recurrencyKind": "Recurs",
    "validFrom": "Valid from",
    "validTo": "Valid to",
    "certificateType": "Used for",
    "certificate": "Certificate (PEM)",
    "hashAlgorithm": "Hash",
    "issuerNameHash": "Hash of the issuer's name",
    "issuerKeyHash": "Hash of the issuer's key",
    "serialNumber": "Serial number",
}
# What a form begins with where the type has no default of its own.
FIRST = {
    "chargingProfileId": "1",
    "stackLevel": "0",
    "chargingProfilePurpose": "TxDefaultProfile",
    "duration": "3600",
    "requestedMessage": "StatusNotification",
}
CHOICES = {
    "soft": "soft: ends sessions in good order first",
    "hard": "hard: at once",
    "A": "A (each phase)",
    "W": "W (all phases)",
    "CentralSystemRootCertificate": "this system",
    "ManufacturerRootCertificate": "the maker's firmware",
    "Full": "the whole list",
    "Differential": "only what changed",
}


def label(name: str) -> str:
    """What a field is called."""
    leaf = name.rpartition(".")[2]
    return LABELS.get(leaf, leaf)


def first(name: str, value: str, action: str) -> str:
    """What a field holds before anything was typed; to clear profiles begins with nothing."""
    if value or action == "clearChargingProfile":
        return value
    leaf = name.rpartition(".")[2]
    return "" if action == "setChargingProfile" and leaf == "duration" else FIRST.get(leaf, "")
