"""What follows from what happens to a charger's certificates."""

from datetime import timedelta

from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.commands.commands import RequestCommand
from eosvolt.domain.commands.decider import charger_commands
from eosvolt.domain.faults.commands import RecoverFault, ReportFault
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import (
    CertificateIssued,
    CertificateRenewalAsked,
    CertificateRequested,
    MaintenanceEvent,
)
from tests.examples import ADDED, CHARGE_POINT, COMPANY, MORNING, after
from tests.unit.reactions.follows import follows, said

FINGERPRINT = "ab" * 32
ISSUED = CertificateIssued(
    at=MORNING,
    request="c1",
    serial="1",
    fingerprint=FINGERPRINT,
    not_after=after(90),
    renew_at=after(60),
)


def reported(event: MaintenanceEvent, *given: MaintenanceEvent) -> list[CommandEnvelope]:
    others = {charge_points.stream(CHARGE_POINT): charge_points.fold([ADDED])}
    return follows(
        type(event), maintenance, CHARGE_POINT, given, RecordDeviceEvent(event=event), others=others
    )


def test_a_request_that_is_refused_is_a_fault_and_another_is_none() -> None:
    refused = CertificateRequested(at=MORNING, request="c1", subject="CN=CP-1", refused="It proves nothing.")
    assert said(reported(refused)) == [("CertificateRefused", ReportFault)]
    assert reported(CertificateRequested(at=MORNING, request="c1", subject="CN=CP-1")) == []


def test_a_certificate_that_is_issued_ends_the_fault_of_the_refused_request() -> None:
    assert said(reported(ISSUED)) == [("CertificateRefused", RecoverFault)]


def test_a_charger_is_asked_to_request_the_next_certificate() -> None:
    asked = CertificateRenewalAsked(at=after(61), fingerprint=FINGERPRINT, again_at=after(70))
    ask = RequestCommand(
        command="renewal-abababababababababababab-202611211101",
        company=COMPANY,
        charge_point=CHARGE_POINT,
        action="triggerMessage",
        payload={"requestedMessage": "SignChargePointCertificate", "extended": True},
        by="system:certification",
        at=after(61),
        expires_at=after(61) + timedelta(hours=12),
        waits=True,
    )
    assert reported(asked, ISSUED) == [CommandEnvelope(charger_commands, ask.command, ask)]


def test_a_certificate_that_is_over_without_a_next_one_is_a_fault_since_its_end() -> None:
    envelopes = reported(CertificateRenewalAsked(at=after(91), fingerprint=FINGERPRINT), ISSUED)
    assert said(envelopes) == [("CertificateEnded", ReportFault)]
    assert isinstance(envelopes[0].command, ReportFault)
    assert envelopes[0].command.at == after(90)
