"""The resources that a charger holds: reservations, charging profiles, certificates."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from eosvolt.domain.charge_points.events import TransactionClosed
from eosvolt.domain.explanations import Explanation
from eosvolt.domain.kernel import Fact
from eosvolt.domain.maintenance.events import (
    CertificateDelivered,
    CertificateIssued,
    CertificateRequested,
    CertificatesReported,
    CertificatesRevoked,
    ChargingProfilesCleared,
    ChargingProfileSet,
    CompositeScheduleReported,
    ReservationEnded,
    ReservationMade,
    RootCertificateDeleted,
    RootCertificateInstalled,
)
from eosvolt.domain.maintenance.profiles import profiles_after, transaction_over
from eosvolt.domain.maintenance.values import InstalledCertificate
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row

RESERVATIONS_KEPT, CERTIFICATES_KEPT = 50, 20

change = msgspec.structs.replace


class ReservationState(msgspec.Struct, frozen=True, omit_defaults=True):
    """A plug (0: any) held for a token. ``ended``: cancelled, used, replaced or expired."""

    reservation: int
    connector: int
    token: str
    made_at: datetime
    expires_at: datetime
    by: str
    group: str = ""
    ended: str = ""
    ended_at: datetime | None = None


class AppliedProfile(msgspec.Struct, frozen=True, omit_defaults=True):
    """A charging profile that the charger took, as OCPP writes it."""

    connector: int
    set_at: datetime
    profile: dict[str, Any]


class ReportedSchedule(msgspec.Struct, frozen=True, omit_defaults=True):
    """The composite schedule that the charger reported when it was asked."""

    connector: int
    asked_at: datetime
    schedule: dict[str, Any]
    start: datetime | None = None


class OwnCertificate(msgspec.Struct, frozen=True, omit_defaults=True):
    """A certificate of the charger's own. ``delivered``: it took it; ``None`` while nobody knows.

    From ``revoked_at`` on it is not accepted any more.
    """

    fingerprint: str
    serial: str
    issued_at: datetime
    not_after: datetime
    delivered: bool | None = None
    revoked_at: datetime | None = None


class Root(msgspec.Struct, frozen=True, omit_defaults=True):
    """A root certificate that the charger was given from here."""

    fingerprint: str
    type: str
    installed_at: datetime
    subject: str = ""


class DeviceResourcesRow(Row, frozen=True, kw_only=True):
    """What a charger holds; reservations and certificates have the newest first.

    ``trusted`` are the roots that the charger itself named when it was asked, ``roots`` those that it was
    given. ``refusal``, or ``refused`` where it has no code, is why its last request for a certificate was
    refused.
    """

    charge_point: str
    company: int
    reservations: tuple[ReservationState, ...] = ()
    profiles: tuple[AppliedProfile, ...] = ()
    schedules: tuple[ReportedSchedule, ...] = ()
    certificates: tuple[OwnCertificate, ...] = ()
    requested_at: datetime | None = None
    refused: str = ""
    refusal: Explanation | None = None
    roots: tuple[Root, ...] = ()
    trusted: tuple[InstalledCertificate, ...] = ()
    trusted_told_at: datetime | None = None


def keys(fact: Fact) -> Iterable[str]:
    """The charger."""
    return (fact.key,)


def apply(row: DeviceResourcesRow | None, fact: Fact, key: str) -> DeviceResourcesRow | None:
    """What the charger holds after the fact."""
    if row is None and isinstance(fact.event, TransactionClosed):
        return None
    known = row or DeviceResourcesRow(charge_point=key, company=fact.why.company)
    match fact.event:
        case ReservationMade() | ReservationEnded():
            return change(known, reservations=_reservations(known.reservations, fact))
        case ChargingProfileSet() | ChargingProfilesCleared() | TransactionClosed():
            return _profiled(known, fact)
        case CompositeScheduleReported(at=at, connector=connector, schedule=schedule, start=start):
            others = [each for each in known.schedules if each.connector != connector]
            reported = ReportedSchedule(connector, at, schedule, start)
            return change(known, schedules=tuple(sorted((*others, reported), key=_connector)))
        case CertificateRequested(at=at, refused=refused, explanation=refusal):
            return change(known, requested_at=at, refused=refused, refusal=refusal)
        case CertificateIssued(fingerprint=fingerprint, serial=serial, at=at, not_after=not_after):
            issued = OwnCertificate(fingerprint, serial, at, not_after)
            return change(known, certificates=(issued, *known.certificates)[:CERTIFICATES_KEPT])
        case CertificateDelivered(fingerprint=fingerprint, accepted=accepted):
            return change(
                known,
                certificates=tuple(
                    change(each, delivered=accepted) if each.fingerprint == fingerprint else each
                    for each in known.certificates
                ),
            )
        case CertificatesRevoked(at=at):
            return change(
                known,
                certificates=tuple(
                    change(each, revoked_at=each.revoked_at or at) for each in known.certificates
                ),
            )
        case _:
            return _trusting(known, fact)


def _trusting(row: DeviceResourcesRow, fact: Fact) -> DeviceResourcesRow:
    match fact.event:
        case CertificatesReported(at=at, type=use, certificates=certificates):
            others = tuple(each for each in row.trusted if each.type != use)
            return change(row, trusted=(*others, *certificates), trusted_told_at=at)
        case RootCertificateInstalled(at=at, type=use, fingerprint=fingerprint, subject=subject):
            others_given = [each for each in row.roots if each.fingerprint != fingerprint]
            given = Root(fingerprint, use, at, subject)
            return change(row, roots=(given, *others_given)[:CERTIFICATES_KEPT])
        case RootCertificateDeleted(serial_number=serial):
            gone = serial.casefold()
            return change(
                row, trusted=tuple(each for each in row.trusted if each.serial_number.casefold() != gone)
            )
        case _:
            return row


def _reservations(reservations: tuple[ReservationState, ...], fact: Fact) -> tuple[ReservationState, ...]:
    match fact.event:
        case ReservationMade() as made:
            new = ReservationState(
                reservation=made.reservation,
                connector=made.connector,
                token=made.token,
                made_at=made.at,
                expires_at=made.expires_at,
                by=fact.why.by,
                group=made.group,
            )
            return (new, *reservations)[:RESERVATIONS_KEPT]
        case ReservationEnded(reservation=number, reason=reason, at=at):
            return tuple(
                change(each, ended=reason, ended_at=at)
                if each.reservation == number and not each.ended
                else each
                for each in reservations
            )
        case _:
            return reservations


def _profiled(row: DeviceResourcesRow, fact: Fact) -> DeviceResourcesRow:
    """A profile for one transaction goes when that transaction does."""
    held = tuple(
        ChargingProfileSet(at=each.set_at, connector=each.connector, profile=each.profile)
        for each in row.profiles
    )
    match fact.event:
        case TransactionClosed(session=session, connector=connector, transaction=transaction):
            left = transaction_over(held, connector, transaction or int(session))
        case ChargingProfileSet() | ChargingProfilesCleared() as event:
            left = profiles_after(held, event)
        case _:
            left = held
    return change(row, profiles=tuple(AppliedProfile(each.connector, each.at, each.profile) for each in left))


def _connector(schedule: ReportedSchedule) -> int:
    return schedule.connector


device_resources = ReadModel(
    name="charger_promises",
    version=4,
    row=DeviceResourcesRow,
    reads=tags(
        ReservationMade,
        ReservationEnded,
        ChargingProfileSet,
        ChargingProfilesCleared,
        CompositeScheduleReported,
        TransactionClosed,
        CertificateRequested,
        CertificateIssued,
        CertificateDelivered,
        CertificatesRevoked,
        CertificatesReported,
        RootCertificateInstalled,
        RootCertificateDeleted,
    ),
    keys=keys,
    apply=apply,
    indexes=("company",),
)
