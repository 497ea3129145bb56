"""Certificates for chargers: signs valid requests and queues the delivery (OCPP 1.6 security whitepaper)."""

from datetime import timedelta
from hashlib import sha256

from eosvolt.application.executor import Application, Plan
from eosvolt.application.explanation_sentences import recognised
from eosvolt.application.ports import Authority, Clock, Signed, SigningRequest
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.reports import CertificateReport
from eosvolt.domain.charge_points.state import known
from eosvolt.domain.commands.commands import RequestCommand
from eosvolt.domain.commands.decider import charger_commands
from eosvolt.domain.companies.decider import Company, companies
from eosvolt.domain.kernel import CommandEnvelope, Provenance, Rejected
from eosvolt.domain.maintenance.certificates import DELIVERY_WITHIN
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import (
    CertificateIssued,
    CertificateRenewalAsked,
    CertificateRequested,
)
from eosvolt.domain.reactions.certificates import CERTIFICATION

CERTIFICATE_PROFILE = 3
# The name of the deadlines of certificates.
CERTIFICATE = "certificate"
# A certificate is renewed in the last third of its validity, or in its last month.
RENEWED_BEFORE = timedelta(days=30)
ASKED_EVERY = timedelta(days=1)


class Certification:
    """Answers chargers' requests for certificates."""

    def __init__(self, application: Application, clock: Clock, authority: Authority | None = None) -> None:
        """Without an ``authority`` nothing is ever signed."""
        self._application = application
        self._clock = clock
        self._authority = authority

    async def requested(self, charge_point: str, report: CertificateReport, frame: str = "") -> bool:
        """Sign a charger's request and queue the delivery. Returns ``False`` if the request is refused.

        A repeated request whose certificate is being delivered is accepted without another certificate.
        """
        number, _, charge_box_id = charge_point.partition("/")
        why = Provenance(int(number), f"charger:{charge_box_id}", "SignCertificate", frame)
        try:
            await self._check_proven(charge_point)
            request = self._examined(charge_box_id, report)
        except Rejected as refusal:
            digest = sha256(report.request.encode()).hexdigest()
            await self._refused(charge_point, SigningRequest(digest, "", ""), str(refusal), why)
            return False
        company = await self._application.state(companies, number)
        organization = company.organizations[0] if isinstance(company, Company) else number
        # Sign once, also if the plan is repeated: each signature makes another certificate.
        signed = self._signed(report, charge_box_id, organization)
        problem = await self._application.perform(lambda: self._plan(charge_point, request, signed, why), why)
        if problem:
            await self._refused(charge_point, request, problem, why)
        return not problem

    async def renew(self, charge_point: str) -> None:
        """Ask the charger to request its next certificate if the present one expires soon."""
        number, _, charge_box_id = charge_point.partition("/")
        why = Provenance(int(number), CERTIFICATION, f"certificate:{charge_box_id}")
        now = self._clock.now()

        async def plan() -> Plan[None]:
            state = known(await self._application.state(charge_points, charge_point))
            upkeep = await self._application.state(maintenance, charge_point)
            ending = upkeep.certificates.ending(now)
            if state is None or ending is None:
                return Plan((), None)
            again_at = now + ASKED_EVERY if now < ending.not_after else None
            asked = CertificateRenewalAsked(at=now, fingerprint=ending.fingerprint, again_at=again_at)
            return Plan([CommandEnvelope(maintenance, charge_point, RecordDeviceEvent(event=asked))], None)

        await self._application.perform(plan, why)

    async def _plan(
        self, charge_point: str, request: SigningRequest, signed: Signed, why: Provenance
    ) -> Plan[str]:
        """The plan that records request, certificate and delivery, or the refusal."""
        now = self._clock.now()
        upkeep = await self._application.state(maintenance, charge_point)
        pending = upkeep.certificates.pending(now)
        if pending is not None:
            same = pending.request == request.digest
            return Plan((), "" if same else "Another certificate is still on its way to the charger.")
        asked = CertificateRequested(at=now, request=request.digest, subject=request.subject)
        issued = CertificateIssued(
            at=now,
            request=request.digest,
            serial=signed.serial,
            fingerprint=signed.fingerprint,
            not_after=signed.not_after,
            renew_at=signed.not_after - min(RENEWED_BEFORE, (signed.not_after - now) / 3),
        )
        deliver = RequestCommand(
            command=f"certificate-{signed.fingerprint[:32]}",
            company=why.company,
            charge_point=charge_point,
            action="certificateSigned",
            payload={"certificateChain": signed.chain},
            by=CERTIFICATION,
            at=now,
            expires_at=now + DELIVERY_WITHIN,
            waits=True,
        )
        envelopes = [
            CommandEnvelope(maintenance, charge_point, RecordDeviceEvent(event=asked)),
            CommandEnvelope(maintenance, charge_point, RecordDeviceEvent(event=issued)),
            CommandEnvelope(charger_commands, deliver.command, deliver),
        ]
        return Plan(envelopes, "")

    async def _check_proven(self, charge_point: str) -> None:
        """Raise ``Rejected`` for a charger that did not authenticate securely.

        Anybody could claim to be it, and without TLS anybody on the way could replace the key of the request.
        """
        state = known(await self._application.state(charge_points, charge_point))
        if state is None or not (state.has_password or state.security_profile == CERTIFICATE_PROFILE):
            raise Rejected("A charger that proves nothing gets no certificate: give it a password first.")
        if not state.secure:
            raise Rejected("A certificate is signed only over TLS.")

    def _examined(self, charge_box_id: str, report: CertificateReport) -> SigningRequest:
        if self._authority is None:
            raise Rejected("This system signs no certificates.")
        request = self._authority.examined(report.request)
        if request.common_name != charge_box_id:
            raise Rejected(f"The request is for {request.common_name!r}, not for {charge_box_id!r}.")
        return request

    def _signed(self, report: CertificateReport, charge_box_id: str, organization: str) -> Signed:
        if self._authority is None:
            raise Rejected("This system signs no certificates.")
        return self._authority.signed(
            report.request, common_name=charge_box_id, organization=organization, at=self._clock.now()
        )

    async def _refused(
        self, charge_point: str, request: SigningRequest, reason: str, why: Provenance
    ) -> None:
        """Record a refusal, once for a repeated request."""
        text, explanation = recognised(reason)
        asked = CertificateRequested(
            at=self._clock.now(),
            request=request.digest,
            subject=request.subject,
            refused=text,
            explanation=explanation,
        )
        upkeep = await self._application.state(maintenance, charge_point)
        last = upkeep.certificates.requested
        same = last is not None and (last.refused, last.explanation) == (text, explanation)
        if last is not None and same and asked.at < last.at + DELIVERY_WITHIN:
            return

        await self._application.execute(maintenance, charge_point, RecordDeviceEvent(event=asked), why)
