"""From a charger's request to a certificate that is accepted, and to the next one."""

from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from eosvolt.adapters.certificates.authority import CertificateAuthority, new_authority, new_key
from eosvolt.application.certification import Certification
from eosvolt.application.explained_events import sentence_of
from eosvolt.domain.charge_points.commands import NotePassword
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.reports import CertificateReport
from eosvolt.domain.commands.events import CommandRequested
from eosvolt.domain.faults.events import FaultOpened, FaultRecovered
from eosvolt.domain.kernel import Event
from eosvolt.domain.maintenance.certificates import denied
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import (
    CertificateDelivered,
    CertificateIssued,
    CertificateRenewalAsked,
    CertificateRequested,
    CertificatesRevoked,
)
from tests.examples import CHARGE_BOX_ID, CHARGE_POINT
from tests.scenario import WHY, Scenario

QUARTER = timedelta(days=90)


def request(name: str = CHARGE_BOX_ID) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


class CertificateRequests:
    """A scenario with somebody who signs."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.clock = scenario.clock
        key = new_key("ecdsa")
        signer = CertificateAuthority(key, new_authority(key, self.clock.now()), QUARTER)
        self.certification = Certification(scenario.application, self.clock, signer)

    async def asks(self, text: str) -> bool:
        report = CertificateReport(request=text, received_at=self.clock.now())
        return await self.certification.requested(CHARGE_POINT, report)

    async def takes(self, issued: CertificateIssued, accepted: bool = True) -> None:
        delivered = CertificateDelivered(
            at=self.clock.now(), fingerprint=issued.fingerprint, accepted=accepted
        )
        await self.scenario.application.execute(
            maintenance, CHARGE_POINT, RecordDeviceEvent(event=delivered), WHY
        )

    def events(self, *kinds: type[Event]) -> list[Event]:
        return [fact.event for fact in self.scenario.store.facts if isinstance(fact.event, kinds)]

    def issued(self) -> list[CertificateIssued]:
        return [event for event in self.events(CertificateIssued) if isinstance(event, CertificateIssued)]

    async def due(self, at: datetime) -> list[str]:
        found = await self.scenario.due(at, 100)
        return [each.stream for each in found if each.stream.startswith("certificate:")]


@pytest.fixture
async def requests() -> CertificateRequests:
    requests = CertificateRequests(await Scenario().opened())
    secured = NotePassword(at=requests.clock.now())
    await requests.scenario.application.execute(charge_points, CHARGE_POINT, secured, WHY)
    await requests.scenario.connects(0, secure=True)
    return requests


async def test_a_request_in_good_order_is_signed_and_its_certificate_sent(
    requests: CertificateRequests,
) -> None:
    text = request()
    assert await requests.asks(text)
    requested, issued = requests.events(CertificateRequested, CertificateIssued)
    assert isinstance(requested, CertificateRequested)
    assert isinstance(issued, CertificateIssued)
    assert (requested.subject, denied(requested)) == ("CN=CP-1", False)
    assert requested.request == issued.request
    (sent,) = requests.events(CommandRequested)
    assert isinstance(sent, CommandRequested)
    assert (sent.action, sent.waits) == ("certificateSigned", True)
    first, *_ = x509.load_pem_x509_certificates(sent.payload["certificateChain"].encode())
    assert first.fingerprint(hashes.SHA256()).hex() == issued.fingerprint


async def test_the_same_request_again_is_agreed_to_and_another_has_to_wait(
    requests: CertificateRequests,
) -> None:
    text = request()
    assert await requests.asks(text)
    assert await requests.asks(text)
    assert len(requests.issued()) == 1
    assert not await requests.asks(request())
    assert len(requests.issued()) == 1
    requests.clock.step(timedelta(minutes=11))
    assert await requests.asks(request())
    assert len(requests.issued()) == 2


async def test_a_request_for_another_charger_is_refused_recorded_and_a_fault(
    requests: CertificateRequests,
) -> None:
    assert not await requests.asks(request("CP-2"))
    (requested,) = requests.events(CertificateRequested)
    assert isinstance(requested, CertificateRequested)
    assert sentence_of(requested) == "The request is for 'CP-2', not for 'CP-1'."
    (fault,) = requests.events(FaultOpened)
    assert isinstance(fault, FaultOpened)
    assert fault.code == "CertificateRefused"
    assert await requests.asks(request())
    assert len(requests.events(FaultRecovered)) == 1


async def test_a_charger_that_asks_for_nonsense_again_and_again_is_recorded_once(
    requests: CertificateRequests,
) -> None:
    for _ in range(20):
        assert not await requests.asks("certificate please")
    assert len(requests.events(CertificateRequested)) == 1


async def test_a_charger_that_anybody_can_claim_to_be_gets_no_certificate() -> None:
    requests = CertificateRequests(await Scenario().opened())
    assert not await requests.asks(request())
    (requested,) = requests.events(CertificateRequested)
    assert isinstance(requested, CertificateRequested)
    assert "give it a password first" in sentence_of(requested)
    assert requests.issued() == []


async def test_a_request_over_a_connection_without_tls_is_refused(requests: CertificateRequests) -> None:
    await requests.scenario.disconnects(1)
    await requests.scenario.connects(2, secure=False)
    assert not await requests.asks(request())
    (requested,) = requests.events(CertificateRequested)
    assert isinstance(requested, CertificateRequested)
    assert sentence_of(requested) == "A certificate is signed only over TLS."
    assert requests.issued() == []


async def test_revoked_certificates_open_nothing_and_are_not_asked_to_be_renewed(
    requests: CertificateRequests,
) -> None:
    assert await requests.asks(request())
    (issued,) = requests.issued()
    await requests.takes(issued)
    revoked = CertificatesRevoked(at=requests.clock.now(), reason="operator")
    await requests.scenario.application.execute(
        maintenance, CHARGE_POINT, RecordDeviceEvent(event=revoked), WHY
    )
    upkeep = await requests.scenario.application.state(maintenance, CHARGE_POINT)
    assert not upkeep.certificates.valid(issued.fingerprint, requests.clock.now())
    assert await requests.due(issued.not_after) == []
    assert await requests.asks(request()), "the next one is signed"


async def test_without_an_authority_nothing_is_signed(requests: CertificateRequests) -> None:
    nobody = Certification(requests.scenario.application, requests.clock)
    report = CertificateReport(request=request(), received_at=requests.clock.now())
    assert not await nobody.requested(CHARGE_POINT, report)
    (requested,) = requests.events(CertificateRequested)
    assert isinstance(requested, CertificateRequested)
    assert sentence_of(requested) == "This system signs no certificates."


async def test_a_charger_is_asked_for_the_next_request_a_month_before_the_end_and_daily(
    requests: CertificateRequests,
) -> None:
    began = requests.clock.now()
    await requests.asks(request())
    (issued,) = requests.issued()
    await requests.takes(issued)
    assert issued.renew_at == began + timedelta(days=60)
    assert await requests.due(began + timedelta(days=59)) == []
    requests.clock.set(began + timedelta(days=60))
    assert await requests.due(requests.clock.now()) == [f"certificate:{CHARGE_POINT}"]
    for _ in range(2):
        await requests.certification.renew(CHARGE_POINT)
    (_, trigger) = requests.events(CommandRequested)
    assert isinstance(trigger, CommandRequested)
    assert trigger.payload == {"requestedMessage": "SignChargePointCertificate", "extended": True}
    assert await requests.due(requests.clock.now()) == []
    assert await requests.due(began + timedelta(days=61)) == [f"certificate:{CHARGE_POINT}"]


async def test_a_new_certificate_ends_the_asking(requests: CertificateRequests) -> None:
    began = requests.clock.now()
    await requests.asks(request())
    await requests.takes(requests.issued()[0])
    requests.clock.set(began + timedelta(days=60))
    await requests.certification.renew(CHARGE_POINT)
    await requests.asks(request())
    await requests.takes(requests.issued()[1])
    requests.clock.set(began + timedelta(days=62))
    assert await requests.due(requests.clock.now()) == []
    await requests.certification.renew(CHARGE_POINT)
    assert len(requests.events(CertificateRenewalAsked)) == 1


async def test_a_certificate_that_ended_is_a_fault_and_no_longer_requested(
    requests: CertificateRequests,
) -> None:
    began = requests.clock.now()
    await requests.asks(request())
    requests.clock.set(began + timedelta(days=91))
    await requests.certification.renew(CHARGE_POINT)
    (fault,) = requests.events(FaultOpened)
    assert isinstance(fault, FaultOpened)
    assert fault.code == "CertificateEnded"
    assert await requests.due(began + timedelta(days=900)) == []
