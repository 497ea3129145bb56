"""Why something is so: a code with parameters, which events keep instead of a sentence.

The sentences are in ``application/explanation_sentences.py``; they are made where people read them. A code
never changes its meaning, for it is in the history.
"""

from enum import StrEnum

import msgspec


class Why(StrEnum):
    """The codes. Each has a sentence, whose placeholders are the parameters."""

    # Faults: connection and identity.
    NO_CONTACT = "no-contact"
    CONNECTS_TOO_OFTEN = "connects-too-often"
    CONNECTS_TWICE_AT_ONCE = "connects-twice-at-once"
    IDENTITY_SHARED = "identity-shared"
    # Faults: power, meter and plugs.
    REBOOT_UNEXPECTED = "reboot-unexpected"
    REBOOT_WHILE_CHARGING = "reboot-while-charging"
    POWER_LOST = "power-lost"
    METER_GAINS_A_THOUSANDTH = "meter-gains-a-thousandth"
    METER_GAINS_A_THOUSANDFOLD = "meter-gains-a-thousandfold"
    UNLOCK_FAILED = "unlock-failed"
    STOP_REFUSED = "stop-refused"
    STOP_UNANSWERED = "stop-unanswered"
    LIMIT_EXCEEDED = "limit-exceeded"
    # Faults: firmware, files, clock, messages.
    FIRMWARE_NOT_DOWNLOADED = "firmware-not-downloaded"
    FIRMWARE_NOT_INSTALLED = "firmware-not-installed"
    FIRMWARE_NOT_VERIFIED = "firmware-not-verified"
    FIRMWARE_SIGNATURE_WRONG = "firmware-signature-wrong"
    FIRMWARE_CERTIFICATE_WRONG = "firmware-certificate-wrong"
    UPLOAD_FAILED = "upload-failed"
    CLOCK_FAST = "clock-fast"
    CLOCK_SLOW = "clock-slow"
    MESSAGES_UNREADABLE = "messages-unreadable"
    # Faults: security.
    OPENED_MAYBE = "opened-maybe"
    MEMORY_EXHAUSTED = "memory-exhausted"
    SECURITY_LOG_CLEARED = "security-log-cleared"
    MESSAGES_REPLAYED = "messages-replayed"
    CSMS_CERTIFICATE_REFUSED = "csms-certificate-refused"
    CHARGER_CERTIFICATE_REFUSED = "charger-certificate-refused"
    CHARGER_COULD_NOT_SIGN_IN = "charger-could-not-sign-in"
    CSMS_NOT_BELIEVED = "csms-not-believed"
    TLS_OUTDATED = "tls-outdated"
    TLS_CIPHERS_WEAK = "tls-ciphers-weak"
    CERTIFICATE_REQUEST_REFUSED = "certificate-request-refused"
    CERTIFICATE_ENDED = "certificate-ended"
    # Why a charger's request for a certificate was refused.
    CERTIFICATE_ON_ITS_WAY = "certificate-on-its-way"
    CERTIFICATE_WITHOUT_PROOF = "certificate-without-proof"
    CERTIFICATE_WITHOUT_TLS = "certificate-without-tls"
    CERTIFICATES_NOT_SIGNED_HERE = "certificates-not-signed-here"
    REQUEST_FOR_ANOTHER = "request-for-another"
    REQUEST_NAMES_NOBODY = "request-names-nobody"
    REQUEST_TOO_LONG = "request-too-long"
    REQUEST_UNREADABLE = "request-unreadable"
    REQUEST_NOT_GENUINE = "request-not-genuine"
    REQUEST_HASH_WEAK = "request-hash-weak"
    REQUEST_KEY_UNREADABLE = "request-key-unreadable"
    REQUEST_KEY_WEAK = "request-key-weak"
    # What is no fault for a while, because it was brought about here.
    RESET_ASKED = "reset-asked"
    FIRMWARE_BEING_INSTALLED = "firmware-being-installed"
    DEMO_SWITCHED_OFF = "demo-switched-off"
    # Commands that were not carried out.
    NOT_CONNECTED = "not-connected"
    CONNECTION_LOST_UNSENT = "connection-lost-unsent"
    CONNECTION_LOST_UNANSWERED = "connection-lost-unanswered"
    NOT_RELEASED = "not-released"
    ANSWER_OVERDUE = "answer-overdue"
    MESSAGE_REFUSED = "message-refused"
    CHARGER_BUSY = "charger-busy"
    CHARGER_UNKNOWN = "charger-unknown"
    SETTING_SUPERSEDED = "setting-superseded"
    PROFILE_SUPERSEDED = "profile-superseded"
    # Remote starts that led to no session; ``before`` is a time of day in UTC where it is known.
    TOKEN_MAY_NOT_CHARGE = "token-may-not-charge"  # noqa: S105 - no password
    START_CHARGER_REMOVED = "start-charger-removed"
    START_CONNECTION_LOST = "start-connection-lost"
    START_UNEXPLAINED = "start-unexplained"
    START_NO_CABLE = "start-no-cable"
    START_NOT_BEGUN = "start-not-begun"
    START_PLUG_FAULTED = "start-plug-faulted"
    START_PLUG_OUT_OF_SERVICE = "start-plug-out-of-service"
    START_CAR_STILL_PLUGGED_IN = "start-car-still-plugged-in"
    START_PLUG_TAKEN = "start-plug-taken"
    # Messages that were not sent.
    RULE_REMOVED = "rule-removed"
    RULE_SWITCHED_OFF = "rule-switched-off"
    FAULT_ACKNOWLEDGED = "fault-acknowledged"
    FAULT_SNOOZED = "fault-snoozed"
    FAULT_OVER = "fault-over"
    NO_TARGET = "no-target"
    NO_ADDRESS = "no-address"
    ADDRESSES_UNKNOWN = "addresses-unknown"
    MAIL_REFUSED = "mail-refused"
    MAIL_SERVER_UNUSABLE = "mail-server-unusable"
    MAIL_UNWRITABLE = "mail-unwritable"
    WEBHOOK_SILENT = "webhook-silent"
    WEBHOOK_UNREACHABLE = "webhook-unreachable"
    WEBHOOK_REFUSED = "webhook-refused"
    WEBHOOK_ADDRESS_WRONG = "webhook-address-wrong"
    WEBHOOK_NOT_PUBLIC = "webhook-not-public"


class Explanation(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A code with the values for the placeholders of its sentence; a value may be an explanation itself.

    ``code`` is one of ``Why``, or one of a later release.
    """

    code: str
    parameters: "dict[str, str | int | Explanation]" = {}


def because(code: Why, **parameters: str | int | Explanation) -> Explanation:
    """An explanation with its parameters."""
    return Explanation(code.value, parameters)
