"""Sentences about the events of a charger's maintenance."""

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.application.explained_events import sentence_of
from eosvolt.domain.kernel import Event
from eosvolt.domain.maintenance import events as upkeep

_UPLOADS = {
    "diagnostics": Text("diagnostics"),
    "diagnosticsLog": Text("diagnostics log"),
    "securityLog": Text("security log"),
}
_PASSWORDS = {
    "accepted": Text("The charger took a new password."),
    "rejected": Text("The charger refused a new password; the old one stays."),
    "unanswered": Text("The charger did not say whether it took a new password; both work until it shows."),
    "confirmed": Text("The charger signed in with its new password."),
}
_RESERVATIONS = {
    "cancelled": Text("was cancelled"),
    "used": Text("was used"),
    "replaced": Text("was replaced"),
    "expired": Text("ran out"),
}


def upload_kind(kind: str) -> str:
    """The label of the kind of a requested upload."""
    return _UPLOADS.get(kind, kind)


def connector_label(connector: int) -> str:
    """The label of a plug, or of the charger as a whole (connector 0)."""
    return gettext("plug {number}", number=connector) if connector else gettext("the whole charger")


def upkeep_sentence(event: Event) -> str | None:  # noqa: C901, PLR0911, PLR0912 - a case for each event
    """The sentence of an event; ``None`` for one that is not about a charger's maintenance."""
    match event:
        case upkeep.ConfigurationReported(settings=settings, whole=whole, unknown=unknown):
            if whole:
                reported = gettext("Reported its whole configuration: {number} keys.", number=len(settings))
            else:
                reported = gettext("Reported settings: {number} keys.", number=len(settings))
            if not unknown:
                return reported
            return f"{reported} {gettext('It does not know {keys}.', keys=', '.join(unknown))}"
        case upkeep.SettingChanged(key=key, value=value, reboot_required=reboot):
            if value:
                changed = gettext("{key} was changed to {value}.", key=key, value=value)
            else:
                changed = gettext("{key} was changed.", key=key)
            return f"{changed} {gettext('It takes effect after a reboot.')}" if reboot else changed
        case upkeep.AvailabilityChanged(connector=plug, operative=operative, scheduled=scheduled, reason=why):
            sentence = _AVAILABILITIES[operative, scheduled]
            return _with_reason(str(sentence).format(plug=connector_label(plug)), why)
        case upkeep.FirmwareProgressed(status=status, signed=signed):
            if signed:
                return gettext("Signed firmware: {status}.", status=status)
            return gettext("Firmware: {status}.", status=status)
        case upkeep.UploadOpened(kind=kind):
            return gettext("May upload its {file}.", file=upload_kind(kind))
        case upkeep.UploadProgressed(status=status):
            return gettext("Upload: {status}.", status=status)
        case upkeep.FileReceived(name=name, size=size):
            return gettext("Uploaded {name} ({size} bytes).", name=name, size=size)
        case upkeep.LocalListSent(version=version, full=full, entries=entries):
            if full:
                return gettext(
                    "Took its whole local authorization list: version {version}, {number} entries.",
                    version=version,
                    number=len(entries),
                )
            return gettext(
                "Took the changes of its local authorization list: version {version}, {number} entries.",
                version=version,
                number=len(entries),
            )
        case upkeep.LocalListVersionReported(version=version):
            return gettext(
                "Reported the version of its local authorization list: {version}.", version=version
            )
        case upkeep.ReservationMade(reservation=number, connector=plug, token=token):
            where = connector_label(plug) if plug else gettext("any plug")
            return gettext(
                "Reservation {number}: holds {plug} for {token}.", number=number, plug=where, token=token
            )
        case upkeep.ReservationEnded(reservation=number, reason=why):
            return gettext(
                "Reservation {number} {outcome}.", number=number, outcome=_RESERVATIONS.get(why, why)
            )
        case upkeep.ChargingProfileSet(connector=plug, profile=profile):
            purpose = profile.get("chargingProfilePurpose") or gettext("charging profile")
            return gettext("Took a {profile} for {plug}.", profile=purpose, plug=connector_label(plug))
        case upkeep.ChargingProfilesCleared(connector=plug, purpose=purpose):
            about = [purpose] if purpose else []
            about += [] if plug is None else [connector_label(plug)]
            return _with_reason(gettext("Dropped charging profiles."), ", ".join(about))
        case upkeep.CompositeScheduleReported(connector=plug):
            return gettext("Reported its composite schedule for {plug}.", plug=connector_label(plug))
        case upkeep.SecurityEventReported(type=kind, info=info):
            event_named = f"{kind} ({info})" if info else kind
            return gettext("Security event: {event}.", event=event_named)
        case upkeep.VendorMessageReceived(vendor=vendor, message=message):
            return _with_reason(gettext("A message of {vendor}.", vendor=vendor), message)
        case upkeep.ProtocolViolationsCounted(repaired=repaired, unreadable=unreadable):
            mended = sum(each.count for each in repaired)
            lost = sum(each.count for each in unreadable)
            return gettext(
                "Messages that broke their schema: {repaired} repaired, {lost} not understood.",
                repaired=mended,
                lost=lost,
            )
        case upkeep.ClockFound(clock_offset_s=ahead):
            if not ahead:
                return gettext("Its clock is right.")
            if ahead > 0:
                return gettext("Its clock is {seconds} s ahead.", seconds=ahead)
            return gettext("Its clock is {seconds} s behind.", seconds=-ahead)
        case _:
            return _of_security(event)


_REVOCATIONS = {
    "password": Text("Its certificates ended with its password."),
    "removal": Text("Its certificates ended with its removal."),
    "operator": Text("Its certificates were revoked."),
}
# By whether the plug goes into service, and whether only after a running session.
_AVAILABILITIES = {
    (True, False): Text("Put {plug} into service."),
    (True, True): Text("Put {plug} into service once its session is over."),
    (False, False): Text("Put {plug} out of service."),
    (False, True): Text("Put {plug} out of service once its session is over."),
}


def _with_reason(sentence: str, reason: str) -> str:
    if not reason:
        return sentence
    return gettext("{what}: {reason}.", what=sentence.removesuffix("."), reason=reason)


def _of_security(event: Event) -> str | None:  # noqa: C901, PLR0911 - a case for each event
    match event:
        case upkeep.CertificateRequested(subject=subject):
            refused = sentence_of(event, gettext)
            if not refused:
                return gettext("Asked for a certificate for {subject}.", subject=subject)
            return gettext(
                "Asked for a certificate for {subject}: refused, {reason}.", subject=subject, reason=refused
            )
        case upkeep.CertificateIssued(serial=serial):
            return gettext("A certificate was signed for it: {serial}.", serial=serial)
        case upkeep.CertificateDelivered(accepted=accepted):
            return gettext("Took its certificate.") if accepted else gettext("Refused its certificate.")
        case upkeep.CertificateRenewalAsked():
            return gettext("Asked to renew its certificate.")
        case upkeep.CertificatesRevoked(reason=reason):
            return str(_REVOCATIONS.get(reason, Text("Its certificates are revoked.")))
        case upkeep.CertificatesReported(certificates=certificates):
            return gettext(
                "Reported the root certificates that it trusts: {number}.", number=len(certificates)
            )
        case upkeep.RootCertificateInstalled(subject=subject):
            return _with_reason(gettext("Trusts a root certificate."), subject)
        case upkeep.RootCertificateDeleted(serial_number=serial):
            return gettext("No longer trusts the root certificate {serial}.", serial=serial)
        case upkeep.PasswordRotated(outcome=outcome):
            if outcome in _PASSWORDS:
                return str(_PASSWORDS[outcome])
            return gettext("New password: {outcome}.", outcome=outcome)
        case _:
            return None
