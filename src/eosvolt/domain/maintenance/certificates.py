"""A charger's own certificates: requested, signed, delivered, and which of them is still accepted."""

from datetime import datetime, timedelta

import msgspec

from eosvolt.domain.maintenance.events import (
    CertificateDelivered,
    CertificateIssued,
    CertificateRenewalAsked,
    CertificateRequested,
    CertificatesRevoked,
    MaintenanceEvent,
)

# As long as a signed certificate may wait for the charger that asked for it.
DELIVERY_WITHIN = timedelta(minutes=10)
ISSUED_REMEMBERED = 16


class Certificates(msgspec.Struct, frozen=True):
    """What was asked for last, and what was signed, the oldest first; ``delivered`` by fingerprint.

    ``renewal`` is the last time that the charger was asked to request the next one.
    """

    requested: CertificateRequested | None = None
    issued: tuple[CertificateIssued, ...] = ()
    delivered: dict[str, bool] = {}
    renewal: CertificateRenewalAsked | None = None

    def ending(self, now: datetime) -> CertificateIssued | None:
        """The newest certificate, where it is time to ask the charger to request the next one."""
        if not self.issued:
            return None
        newest, asked = self.issued[-1], self.renewal
        due_at = newest.renew_at
        if asked is not None and asked.fingerprint == newest.fingerprint:
            due_at = asked.again_at
        return newest if due_at is not None and due_at <= now else None

    def pending(self, now: datetime) -> CertificateIssued | None:
        """The certificate that is on its way to the charger."""
        if not self.issued:
            return None
        newest = self.issued[-1]
        waits = newest.fingerprint not in self.delivered and now < newest.at + DELIVERY_WITHIN
        return newest if waits else None

    def valid(self, fingerprint: str, now: datetime) -> bool:
        """Whether a certificate that we signed still proves who the charger is.

        One that the charger has taken makes the older ones worthless. One whose delivery nobody heard of may
        be there all the same, and then so may the one before it.
        """
        for issued in reversed(self.issued):
            if issued.fingerprint == fingerprint:
                return now < issued.not_after and self.delivered.get(fingerprint, True)
            if self.delivered.get(issued.fingerprint, False):
                return False
        return False

    @property
    def current(self) -> CertificateIssued | None:
        """The newest certificate that the charger has taken."""
        taken = (each for each in reversed(self.issued) if self.delivered.get(each.fingerprint, False))
        return next(taken, None)


def denied(request: CertificateRequested) -> bool:
    """Whether the charger got no certificate."""
    return bool(request.refused) or request.explanation is not None


def certificates_after(certificates: Certificates, event: MaintenanceEvent) -> Certificates:
    """The charger's certificates after ``event``; most events leave them as they are."""
    match event:
        case CertificateRequested():
            return msgspec.structs.replace(certificates, requested=event)
        case CertificateIssued():
            current = certificates.current
            issued = (*certificates.issued, event)[-ISSUED_REMEMBERED:]
            if current is not None and current not in issued:
                issued = (current, *issued)
            kept = {each.fingerprint for each in issued}
            delivered = {name: taken for name, taken in certificates.delivered.items() if name in kept}
            return msgspec.structs.replace(certificates, issued=issued, delivered=delivered)
        case CertificatesRevoked():
            return Certificates(requested=certificates.requested)
        case CertificateRenewalAsked():
            return msgspec.structs.replace(certificates, renewal=event)
        case CertificateDelivered(fingerprint=fingerprint, accepted=accepted):
            return msgspec.structs.replace(
                certificates, delivered={**certificates.delivered, fingerprint: accepted}
            )
        case _:
            return certificates
