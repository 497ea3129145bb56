"""How pages show the commands that people ask for: groups, explanations, icons, and labels of fields."""

from typing import NamedTuple

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.domain.commands.catalogue import KINDS


class CommandLabel(NamedTuple):
    """How a command is shown: what it does, its icon, and the text of its button."""

    action: str
    about: str
    icon: str
    button: str

    @property
    def name(self) -> str:
        """The command's label, from the catalogue."""
        return gettext(KINDS[self.action].label)


class Group(NamedTuple):
    """Operations that belong together."""

    name: str
    operations: tuple[CommandLabel, ...]


GROUPS = (
    Group(
        Text("Charging"),
        (
            CommandLabel(
                "remoteStart",
                Text(
                    "Starts a session for a token. It ends in a session, or in the reason why there is none."
                ),
                "player-play",
                Text("Start"),
            ),
            CommandLabel("remoteStop", Text("Ends a running session."), "player-stop", Text("Stop")),
            CommandLabel("unlock", Text("Releases a cable that is stuck."), "lock-open", Text("Unlock")),
            CommandLabel(
                "changeAvailability",
                Text(
                    "Puts a plug or the whole charger into service or out of it. Time out of service that "
                    "you planned is not down time."
                ),
                "bolt",
                Text("Change availability"),
            ),
            CommandLabel(
                "reserveNow", Text("Holds a plug for a token until an instant."), "calendar", Text("Reserve")
            ),
            CommandLabel(
                "cancelReservation",
                Text("Holds the plug no longer."),
                "x",
                Text("Cancel reservation"),
            ),
        ),
    ),
    Group(
        Text("Charger"),
        (
            CommandLabel(
                "reset",
                Text("Soft ends sessions in good order first; hard does not."),
                "refresh",
                Text("Reset"),
            ),
            CommandLabel(
                "triggerMessage",
                Text("Lets the charger send a message now."),
                "message-bolt",
                Text("Trigger message"),
            ),
            CommandLabel(
                "getConfiguration",
                Text("Reads the keys that are named, or all of them."),
                "list",
                Text("Read"),
            ),
            CommandLabel("changeConfiguration", Text("Sets a key."), "pencil", Text("Change")),
            CommandLabel(
                "clearCache", Text("Forgets the remembered authorizations."), "trash", Text("Clear")
            ),
            CommandLabel(
                "dataTransfer", Text("Vendor-specific message (DataTransfer)."), "code", Text("Send")
            ),
        ),
    ),
    Group(
        Text("Firmware, diagnostics and logs"),
        (
            CommandLabel(
                "getDiagnostics",
                Text(
                    "Leave the address empty to upload to EOSVOLT: the file shows under Firmware and files."
                ),
                "download",
                Text("Get diagnostics"),
            ),
            CommandLabel("getLog", Text("GetLog (security extension)."), "download", Text("Get log")),
            CommandLabel(
                "updateFirmware",
                Text("The charger fetches and installs firmware."),
                "refresh",
                Text("Update firmware"),
            ),
            CommandLabel(
                "signedUpdateFirmware",
                Text("The charger fetches, verifies and installs firmware."),
                "refresh",
                Text("Update firmware"),
            ),
        ),
    ),
    Group(
        Text("Local authorization list"),
        (
            CommandLabel(
                "sendLocalList",
                Text(
                    "Brings the charger's list up to date with the company's tokens; only what changed where "
                    "that is possible."
                ),
                "id-badge-2",
                Text("Send"),
            ),
            CommandLabel(
                "getLocalListVersion",
                Text("Which list the charger has."),
                "list",
                Text("Read version"),
            ),
        ),
    ),
    Group(
        Text("Charging profiles"),
        (
            CommandLabel(
                "setChargingProfile",
                Text(
                    "Limits what a plug or the charger may draw. One of the same purpose, level and plug is "
                    "replaced."
                ),
                "bolt",
                Text("Set profile"),
            ),
            CommandLabel(
                "clearChargingProfile",
                Text("Drops the profiles that match all that is named; without any, all of them."),
                "x",
                Text("Clear profiles"),
            ),
            CommandLabel(
                "getCompositeSchedule",
                Text("Reads the limits that are in effect at the charger."),
                "clock",
                Text("Ask"),
            ),
        ),
    ),
    Group(
        Text("Security"),
        (
            CommandLabel(
                "rotatePassword",
                Text(
                    "Gives the charger a new password that nobody ever sees. Both work until the charger "
                    "used the new one."
                ),
                "key",
                Text("Give a new password"),
            ),
            CommandLabel(
                "getInstalledCertificateIds",
                Text("Which root certificates the charger trusts."),
                "list",
                Text("Read"),
            ),
            CommandLabel(
                "installCertificate",
                Text("The charger trusts it from then on."),
                "plus",
                Text("Install"),
            ),
            CommandLabel(
                "deleteCertificate",
                Text("The charger trusts it no longer."),
                "trash",
                Text("Delete"),
            ),
        ),
    ),
)
OPERATIONS = {each.action: each for group in GROUPS for each in group.operations}

# By the last part of a field's path; one without a name here is called as the API calls it.
LABELS = {
    "token": Text("Token"),
    "groupToken": Text("Group token"),
    "plug": Text("Plug"),
    "sessionId": Text("Session"),
    "kind": Text("Kind"),
    "operative": Text("Shall be"),
    "reason": Text("Reason"),
    "requestedMessage": Text("Message"),
    "extended": Text("By the security extension"),
    "key": Text("Key"),
    "value": Text("Value"),
    "vendorId": Text("Vendor id"),
    "messageId": Text("Message id"),
    "data": Text("Data"),
    "location": Text("Address"),
    "remoteLocation": Text("Address"),
    "startTime": Text("From"),
    "stopTime": Text("To"),
    "oldestTimestamp": Text("From"),
    "latestTimestamp": Text("To"),
    "logType": Text("Log"),
    "retries": Text("Retries"),
    "retryInterval": Text("Seconds between retries"),
    "retrieveDate": Text("Fetch not before"),
    "retrieveDateTime": Text("Fetch not before"),
    "installDateTime": Text("Install not before"),
    "signingCertificate": Text("Signing certificate (PEM)"),
    "signature": Text("Signature (base64)"),
    "updateType": Text("Update"),
    "expiryDate": Text("Until"),
    "reservationId": Text("Reservation"),
    "chargingProfileId": Text("Profile id"),
    "id": Text("Profile id"),
    "stackLevel": Text("Stack level"),
    "chargingProfilePurpose": Text("Purpose"),
    "chargingProfileKind": Text("Kind"),
    "chargingRateUnit": Text("Unit"),
    "chargingSchedulePeriod": Text("Limits"),
    "duration": Text("Duration in seconds"),
    "startSchedule": Text("Begins"),
    "minChargingRate": Text("Least charging rate"),
    "transactionId": Text("Transaction"),
    "recurrencyKind": Text("Recurs"),
    "validFrom": Text("Valid from"),
    "validTo": Text("Valid to"),
    "certificateType": Text("Used for"),
    "certificate": Text("Certificate (PEM)"),
    "hashAlgorithm": Text("Hash"),
    "issuerNameHash": Text("Hash of the issuer's name"),
    "issuerKeyHash": Text("Hash of the issuer's key"),
    "serialNumber": Text("Serial number"),
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
    "soft": Text("soft: ends sessions in good order first"),
    "hard": Text("hard: at once"),
    "A": Text("A (each phase)"),
    "W": Text("W (all phases)"),
    "CentralSystemRootCertificate": Text("this system"),
    "ManufacturerRootCertificate": Text("the maker's firmware"),
    "Full": Text("the whole list"),
    "Differential": Text("only what changed"),
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
