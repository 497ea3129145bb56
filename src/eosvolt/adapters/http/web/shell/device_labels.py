"""A charger's upkeep in sentences."""

from eosvolt.application.explained_events import sentence_of
from eosvolt.domain.kernel import Event
from eosvolt.domain.maintenance import events as upkeep

_UPLOADS = {"diagnostics": "diagnostics", "diagnosticsLog": "diagnostics log", "securityLog": "security log"}
_PASSWORDS = {
    "accepted": "The charger took a new password.",
    "rejected": "The charger refused a new password; the old one stays.",
    "unanswered": "The charger did not say whether it took a new password; both work until it shows.",
    "confirmed": "The charger signed in with its new password.",
}
_RESERVATIONS = {
    "cancelled": "was cancelled",
    "used": "was used",
    "replaced": "was replaced",
    "expired": "ran out",
}


def upload_kind(kind: str) -> str:
    """What a charger was asked to upload."""
    return _UPLOADS.get(kind, kind)


def plug_words(connector: int) -> str:
    """A plug, or the charger as a whole."""
    return f"plug {connector}" if connector else "the whole charger"


def upkeep_sentence(event: Event) -> str | None:  # noqa: C901, PLR0911, PLR0912 - a case for each event
    """The event in words; ``None`` for one that is not about a charger's upkeep."""
    match event:
        case upkeep.ConfigurationTold(settings=settings, whole=whole, unknown=unknown):
            told = f"Told {'its whole configuration' if whole else 'settings'}: {len(settings)} keys."
            return told + (f" It does not know {', '.join(unknown)}." if unknown else "")
        case upkeep.SettingChanged(key=key, value=value, reboot_required=reboot):
            new = f" to {value}" if value else ""
            return f"{key} was changed{new}.{' It takes effect after a reboot.' if reboot else ''}"
        case upkeep.AvailabilityChanged(connector=plug, operative=operative, scheduled=scheduled, reason=why):
            way = "into service" if operative else "out of service"
            when = " once its session is over" if scheduled else ""
            return f"Put {plug_words(plug)} {way}{when}{': ' + why if why else ''}."
        case upkeep.FirmwareProgressed(status=status, signed=signed):
            return f"{'Signed firmware' if signed else 'Firmware'}: {status}."
        case upkeep.UploadOpened(kind=kind):
            return f"May upload its {upload_kind(kind)}."
        case upkeep.UploadProgressed(status=status):
            return f"Upload: {status}."
        case upkeep.FileReceived(name=name, size=size):
            return f"Uploaded {name} ({size} bytes)."
        case upkeep.LocalListSent(version=version, full=full, entries=entries):
            way = "the whole list" if full else "what changed"
            return f"Took {way} of its local authorization list: version {version}, {len(entries)} entries."
        case upkeep.LocalListVersionTold(version=version):
            return f"Told the version of its local authorization list: {version}."
        case upkeep.ReservationMade(reservation=number, connector=plug, token=token):
            where = plug_words(plug) if plug else "any plug"
            return f"Reservation {number}: holds {where} for {token}."
        case upkeep.ReservationEnded(reservation=number, reason=why):
            return f"Reservation {number} {_RESERVATIONS.get(why, why)}."
        case upkeep.ChargingProfileSet(connector=plug, profile=profile):
            purpose = profile.get("chargingProfilePurpose", "charging profile")
            return f"Took a {purpose} for {plug_words(plug)}."
        case upkeep.ChargingProfilesCleared():
            return "Dropped charging profiles."
        case upkeep.CompositeScheduleTold(connector=plug):
            return f"Told its composite schedule for {plug_words(plug)}."
        case upkeep.SecurityEventTold(type=kind, info=info):
            return f"Security event: {kind}{' (' + info + ')' if info else ''}."
        case upkeep.VendorMessageTold(vendor=vendor, message=message):
            return f"A message of {vendor}{': ' + message if message else ''}."
        case upkeep.OdditiesCounted(repaired=repaired, unreadable=unreadable):
            mended = sum(each.count for each in repaired)
            lost = sum(each.count for each in unreadable)
            return f"Messages that broke their schema: {mended} repaired, {lost} not understood."
        case upkeep.ClockFound(clock_offset_s=ahead):
            way = "right" if not ahead else f"{abs(ahead)} s {'ahead' if ahead > 0 else 'behind'}"
            return f"Its clock is {way}."
        case _:
            return _of_security(event)


_REVOCATIONS = {
    "password": "Its certificates ended with its password.",
    "removal": "Its certificates ended with its removal.",
    "operator": "Its certificates were revoked.",
}


def _of_security(event: Event) -> str | None:  # noqa: PLR0911 - a case for each event
    match event:
        case upkeep.CertificateRequested(subject=subject):
            refused = sentence_of(event)
            return f"Asked for a certificate for {subject}{': refused, ' + refused if refused else ''}."
        case upkeep.CertificateIssued(serial=serial):
            return f"A certificate was signed for it: {serial}."
        case upkeep.CertificateDelivered(accepted=accepted):
            return f"{'Took' if accepted else 'Refused'} its certificate."
        case upkeep.CertificatesRevoked(reason=reason):
            return _REVOCATIONS.get(reason, "Its certificates are revoked.")
        case upkeep.CertificatesTold(certificates=certificates):
            return f"Told the root certificates that it trusts: {len(certificates)}."
        case upkeep.RootCertificateInstalled(subject=subject):
            return f"Trusts a root certificate{': ' + subject if subject else ''}."
        case upkeep.RootCertificateDeleted(serial_number=serial):
            return f"No longer trusts the root certificate {serial}."
        case upkeep.PasswordRotated(outcome=outcome):
            return _PASSWORDS.get(outcome, f"New password: {outcome}.")
        case _:
            return None
