"""What follows from what happens to a charger's certificates: a request for the next, a fault or its end."""

from datetime import datetime, timedelta

from eosvolt.domain.commands.commands import RequestCommand
from eosvolt.domain.commands.decider import charger_commands
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.maintenance.certificates import denied
from eosvolt.domain.maintenance.events import (
    CertificateIssued,
    CertificateRenewalAsked,
    CertificateRequested,
)
from eosvolt.domain.maintenance.upkeep import Upkeep
from eosvolt.domain.reactions.charger_faults import charger_of
from eosvolt.domain.reactions.faults import over
from eosvolt.domain.reactions.reaction import ReactionContext
from eosvolt.domain.reactions.security import (
    CERTIFICATE_REFUSED,
    certificate_ended,
    certificate_refused,
)

CERTIFICATION = "system:certification"
ASKING_LASTS = timedelta(hours=12)


def requested(event: CertificateRequested, context: ReactionContext) -> list[CommandEnvelope]:
    """A request that is refused is a fault."""
    charger = charger_of(context)
    if charger is None or not denied(event):
        return []
    return [certificate_refused(charger, event.at, event.explanation or event.refused)]


def issued(event: CertificateIssued, context: ReactionContext) -> list[CommandEnvelope]:
    """The charger can have one after all."""
    charger = charger_of(context)
    return [] if charger is None else [over(charger, 0, CERTIFICATE_REFUSED, event.at)]


def renewal_asked(event: CertificateRenewalAsked, context: ReactionContext) -> list[CommandEnvelope]:
    """The charger is asked to request the next one; a certificate that is over already is a fault."""
    if event.again_at is not None:
        trigger = _trigger(context.key, event.fingerprint, event.at)
        return [CommandEnvelope(charger_commands, trigger.command, trigger)]
    charger, upkeep = charger_of(context), context.before
    ending = upkeep.certificates.ending(event.at) if isinstance(upkeep, Upkeep) else None
    return [] if charger is None or ending is None else [certificate_ended(charger, ending.not_after)]


def _trigger(charge_point: str, fingerprint: str, at: datetime) -> RequestCommand:
    return RequestCommand(
        command=f"renewal-{fingerprint[:24]}-{at:%Y%m%d%H%M}",
        company=int(charge_point.partition("/")[0]),
        charge_point=charge_point,
        action="triggerMessage",
        payload={"requestedMessage": "SignChargePointCertificate", "extended": True},
        by=CERTIFICATION,
        at=at,
        expires_at=at + ASKING_LASTS,
        waits=True,
    )
