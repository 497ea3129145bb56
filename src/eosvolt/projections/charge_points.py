"""Every charger with what it reported of itself, for the pages of chargers."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from eosvolt.domain.charge_points.events import (
    ChargePointAdded,
    ChargePointBooted,
    ChargePointChanged,
    ChargePointConnected,
    ChargePointDisconnected,
    ChargePointRemoved,
    Conformance,
    ConnectionPolicyChanged,
    ConnectorSpec,
    PasswordChanged,
)
from eosvolt.domain.kernel import Fact
from eosvolt.domain.maintenance.events import (
    CertificateDelivered,
    CertificateIssued,
    CertificatesRevoked,
    PasswordRotated,
)
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row

# What is told of its upkeep is in another stream under the same key.
OWN_STREAM = "charge-point"


class ChargePointRow(Row, frozen=True, kw_only=True):
    """A charger. ``since`` is when it connected or disconnected last; ``None`` before the first contact.

    ``authenticated``: it proved who it is; ``gateway`` accepted its last connection. ``held``: it is told to
    wait at its boot; ``pending``: it was, the last time. ``certificate`` is the fingerprint of the one it has
    taken from us and ``offered_certificate`` of one on its way. ``version`` is that of its own stream.
    """

    charge_point: str
    company: int
    charge_box_id: str
    location: str
    connectors: tuple[ConnectorSpec, ...]
    added_at: datetime
    has_password: bool = False
    disabled: bool = False
    removed: bool = False
    online: bool = False
    since: datetime | None = None
    protocol: str = ""
    secure: bool = False
    authenticated: bool = False
    address: str = ""
    gateway: str = ""
    conformance: Conformance = Conformance.TOLERANT
    assume_protocol: bool = False
    security_profile: int = 0
    held: bool = False
    pending: bool = False
    password_rotated_at: datetime | None = None
    certificate: str = ""
    certificate_ends_at: datetime | None = None
    offered_certificate: str = ""
    offered_ends_at: datetime | None = None
    vendor: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""
    booted_at: datetime | None = None
    version: int = 0


def keys(fact: Fact) -> Iterable[str]:
    """The charger itself."""
    return (fact.key,)


def apply(row: ChargePointRow | None, fact: Fact, key: str) -> ChargePointRow | None:
    """The charger after the fact."""
    changed = _changed(row, fact, key)
    if changed is None or fact.stream.partition(":")[0] != OWN_STREAM:
        return changed
    return msgspec.structs.replace(changed, version=fact.version)


def _changed(row: ChargePointRow | None, fact: Fact, key: str) -> ChargePointRow | None:
    match fact.event, row:
        case ChargePointAdded() as added, _:
            return ChargePointRow(
                charge_point=key,
                company=added.company,
                charge_box_id=added.charge_box_id,
                location=added.location,
                connectors=added.connectors,
                added_at=added.at,
                has_password=added.has_password,
            )
        case _, None:
            return None
        case ChargePointChanged() as changed, known:
            return msgspec.structs.replace(
                known,
                location=changed.location,
                connectors=changed.connectors,
                has_password=changed.has_password,
                disabled=changed.disabled,
            )
        case ConnectionPolicyChanged() as policy, known:
            return msgspec.structs.replace(
                known,
                conformance=policy.conformance,
                assume_protocol=policy.assume_protocol,
                security_profile=policy.security_profile,
                held=policy.held,
            )
        case PasswordRotated(outcome="accepted" | "confirmed", at=at), known:
            return msgspec.structs.replace(known, password_rotated_at=at)
        case PasswordChanged(), known:
            # What the operator knows is not the password that nobody has seen.
            return msgspec.structs.replace(known, password_rotated_at=None)
        case CertificatesRevoked(), known:
            return msgspec.structs.replace(
                known, certificate="", certificate_ends_at=None, offered_certificate="", offered_ends_at=None
            )
        case CertificateIssued() as issued, known:
            return msgspec.structs.replace(
                known, offered_certificate=issued.fingerprint, offered_ends_at=issued.not_after
            )
        case CertificateDelivered() as delivered, known if delivered.fingerprint == known.offered_certificate:
            return _delivered(known, accepted=delivered.accepted)
        case ChargePointRemoved(), known:
            return msgspec.structs.replace(known, removed=True, online=False)
        case ChargePointConnected() as connected, known:
            return msgspec.structs.replace(
                known,
                online=True,
                since=connected.at,
                protocol=connected.protocol,
                secure=connected.secure,
                authenticated=connected.authenticated,
                address=connected.address,
                gateway=connected.gateway,
            )
        case ChargePointDisconnected(at=at), known:
            return msgspec.structs.replace(known, online=False, since=at)
        case ChargePointBooted() as boot, known:
            return msgspec.structs.replace(
                known,
                vendor=boot.vendor,
                model=boot.model,
                serial=boot.serial,
                firmware=boot.firmware,
                booted_at=boot.at,
                pending=boot.pending,
            )
        case _, known:
            return known


def _delivered(known: ChargePointRow, *, accepted: bool) -> ChargePointRow:
    if not accepted:
        return msgspec.structs.replace(known, offered_certificate="", offered_ends_at=None)
    return msgspec.structs.replace(
        known,
        certificate=known.offered_certificate,
        certificate_ends_at=known.offered_ends_at,
        offered_certificate="",
        offered_ends_at=None,
    )


charge_points = ReadModel(
    name="charge_points",
    version=5,
    row=ChargePointRow,
    reads=tags(
        ChargePointAdded,
        ChargePointChanged,
        ChargePointRemoved,
        ChargePointConnected,
        ChargePointDisconnected,
        ChargePointBooted,
        ConnectionPolicyChanged,
        PasswordRotated,
        PasswordChanged,
        CertificateIssued,
        CertificateDelivered,
        CertificatesRevoked,
    ),
    keys=keys,
    apply=apply,
    indexes=("company, charge_box_id", "company, location", "charge_box_id"),
)
