"""What follows for a charger's security: profiles it agreed to, passwords it took, doubts about who it is."""

from datetime import datetime, timedelta
from typing import Any

from eosvolt.domain.charge_points.commands import NotePassword, RaiseSecurity
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import ChargePointRemoved, PasswordChanged
from eosvolt.domain.charge_points.state import Registered
from eosvolt.domain.commands.events import CommandRequested
from eosvolt.domain.explanations import Explanation, Why, because
from eosvolt.domain.faults.events import FaultKind, Severity
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import CertificatesRevoked, PasswordRotated
from eosvolt.domain.reactions.faults import found
from eosvolt.domain.reactions.reaction import ReactionContext

IDENTITY_CONFLICT = "IdentityConflict"
CERTIFICATE_REFUSED = "CertificateRefused"
CERTIFICATE_ENDED = "CertificateEnded"
# Two devices that fight for one name do so without a pause.
CONFLICT_OVER_AFTER = timedelta(hours=1)
PROFILE_SETTING = "securityprofile"
PROFILES = ("1", "2", "3")


def after_security_answer(
    request: CommandRequested, *, accepted: bool, response: dict[str, Any], at: datetime
) -> list[CommandEnvelope]:
    """What an answer means for how the charger proves who it is: only ever more, never less."""
    charge_point = request.charge_point
    if not accepted:
        return []
    # One that has to restart first comes without its password until then.
    if request.action == "rotatePassword" and response.get("status") == "Accepted":
        return [CommandEnvelope(charge_points, charge_point, NotePassword(at=at))]
    key, value = str(request.payload.get("key", "")).casefold(), str(request.payload.get("value", "")).strip()
    if request.action == "changeConfiguration" and key == PROFILE_SETTING and value in PROFILES:
        return [CommandEnvelope(charge_points, charge_point, RaiseSecurity(at=at, profile=int(value)))]
    return []


def password_confirmed(event: PasswordRotated, context: ReactionContext) -> list[CommandEnvelope]:
    """A charger that came with its new password has one, although its answer got lost."""
    if event.outcome != "confirmed":
        return []
    return [CommandEnvelope(charge_points, context.key, NotePassword(at=event.at))]


def password_set(event: PasswordChanged, context: ReactionContext) -> list[CommandEnvelope]:
    """No certificate that was signed before is accepted any more: its key may be compromised."""
    return [_revoked(context.key, event.at, "password")]


def removed(event: ChargePointRemoved, context: ReactionContext) -> list[CommandEnvelope]:
    """A charger that is forgotten proves nothing any more."""
    return [_revoked(context.key, event.at, "removal")]


def _revoked(charge_point: str, at: datetime, reason: str) -> CommandEnvelope:
    """Nothing follows where the charger has no certificate."""
    return CommandEnvelope(
        maintenance, charge_point, RecordDeviceEvent(event=CertificatesRevoked(at=at, reason=reason))
    )


def identity_conflict(known: Registered, at: datetime) -> CommandEnvelope:
    """More connections within a minute than one charger makes."""
    return found(
        known,
        0,
        FaultKind.COMMUNICATION,
        IDENTITY_CONFLICT,
        at,
        because(Why.IDENTITY_SHARED),
        auto_recover_at=at + CONFLICT_OVER_AFTER,
    )


def certificate_refused(known: Registered, at: datetime, reason: Explanation | str) -> CommandEnvelope:
    """The charger asked for a certificate that it cannot have."""
    return found(
        known,
        0,
        FaultKind.COMMUNICATION,
        CERTIFICATE_REFUSED,
        at,
        because(Why.CERTIFICATE_REQUEST_REFUSED, reason=reason),
        severity=Severity.WARNING,
    )


def certificate_ended(known: Registered, at: datetime) -> CommandEnvelope:
    """The charger's certificate is over, and it requested no other although it was asked to."""
    return found(
        known,
        0,
        FaultKind.COMMUNICATION,
        CERTIFICATE_ENDED,
        at,
        because(Why.CERTIFICATE_ENDED),
    )
