"""Authenticates chargers by password and certificate, and adopts unknown chargers."""

from collections import Counter
from collections.abc import Awaitable, Callable
from enum import IntEnum
from typing import NamedTuple

from eosvolt.application.charger_changes import add_charger
from eosvolt.application.charging import Admission
from eosvolt.application.executor import Application, Plan
from eosvolt.application.ports import (
    Clock,
    ConnectionAttempt,
    Credentials,
    PasswordVerdict,
    UnknownChargerRecord,
)
from eosvolt.domain.charge_points.commands import AddChargePoint
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import ConnectorSpec
from eosvolt.domain.charge_points.state import Unknown, known
from eosvolt.domain.companies.decider import Company, companies
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.locations.decider import Location, locations
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import CertificateDelivered, MaintenanceEvent, PasswordRotated
from eosvolt.domain.reactions.security import identity_conflict

ADOPTION = "system:adoption"
# No company commissions more chargers in a day.
MOST_ADOPTIONS = 500
LONGEST_ADOPTED = 48
SHORTEST_ADOPTED_PASSWORD = 8


class Strength(IntEnum):
    """How a charger authenticated; a larger value is stronger."""

    NOTHING = 0
    PASSWORD = 1
    CERTIFICATE = 2


class ClientCertificate(NamedTuple):
    """The client certificate of a TLS connection, issued by an authority that the listener trusts.

    ``fingerprint`` is its SHA-256 in hex. ``common_name`` and ``organization`` are those of its subject,
    ``issuer`` is the common name of its issuer.
    """

    common_name: str
    organization: str
    issuer: str
    fingerprint: str


async def _at_once() -> None:
    """Return at once."""


class ChargerAuthentication:
    """Checks credentials of chargers. ``charge_point`` is always ``company/charge box id``."""

    def __init__(
        self,
        application: Application,
        credentials: Credentials,
        unknown_chargers: UnknownChargerRecord,
        clock: Clock,
        authority: str = "",
        settled: Callable[[], Awaitable[None]] = _at_once,
    ) -> None:
        """``authority`` is the common name of the authority that signs our chargers' certificates.

        ``settled`` waits until the read models contain what was committed.
        """
        self._application = application
        self._credentials = credentials
        self._unknown_chargers = unknown_chargers
        self._clock = clock
        self._authority = authority
        self._settled = settled
        self._adoptions: Counter[tuple[int, str]] = Counter()

    async def password_right(self, admission: Admission, given: bytes) -> bool:
        """Whether the password is right. A proposed password whose answer was lost becomes the password."""
        verdict = await self._credentials.judged(admission.charge_point, given)
        if verdict is PasswordVerdict.CONFIRMED:
            rotated = PasswordRotated(at=self._clock.now(), outcome="confirmed")
            await self._note(admission, rotated)
        return verdict is not PasswordVerdict.WRONG

    async def certificate_right(self, admission: Admission, certificate: ClientCertificate) -> bool:
        """Whether a client certificate is this charger's (OCPP 1.6 security whitepaper §2.5).

        Its common name has to be the charge box id. A certificate of our authority has to be the charger's
        newest. A certificate of another authority has to name the company as its organization.
        """
        if certificate.common_name != admission.charge_box_id:
            return False
        now = self._clock.now()
        if not self._authority or certificate.issuer != self._authority:
            company = await self._application.state(companies, str(admission.company))
            return isinstance(company, Company) and certificate.organization in company.organizations
        upkeep = await self._application.state(maintenance, admission.charge_point)
        if not upkeep.certificates.valid(certificate.fingerprint, now):
            return False
        if certificate.fingerprint not in upkeep.certificates.delivered:
            # The charger's answer was lost, but it uses the certificate.
            await self._note(
                admission, CertificateDelivered(at=now, fingerprint=certificate.fingerprint, accepted=True)
            )
        return True

    async def unknown_charger(self, attempt: ConnectionAttempt, password: bytes | None) -> bool:
        """Handle the attempt of an unknown charger. Returns True where its company adopts it.

        An adopted charger keeps the ``password`` that it sent. Attempts at companies that do not exist are
        not recorded.
        """
        company = await self._application.state(companies, str(attempt.company))
        if not isinstance(company, Company):
            return False
        location = company.adopts_into(attempt.at)
        if location and await self._adoptable(attempt, location, password):
            await self._adopt(attempt, location, password)
            return True
        self._unknown_chargers.attempted(attempt)
        return False

    async def contested(self, charge_point: str) -> None:
        """Record that the charger connects more often than one device does."""
        now = self._clock.now()

        async def plan() -> Plan[None]:
            state = known(await self._application.state(charge_points, charge_point))
            return Plan(() if state is None else (identity_conflict(state, now),), None)

        company, _, charge_box_id = charge_point.partition("/")
        await self._application.perform(
            plan, Provenance(int(company), f"charger:{charge_box_id}", "connection")
        )

    async def _adoptable(self, attempt: ConnectionAttempt, location: str, password: bytes | None) -> bool:
        """Whether the charger can be adopted: it was not removed, and it could authenticate."""
        name = attempt.charge_box_id
        if len(name) > LONGEST_ADOPTED or ":" in name or name != name.strip():
            return False
        if not _kept(password) and attempt.secure:
            return False
        if self._adoptions[attempt.company, location] >= MOST_ADOPTIONS:
            return False
        place = await self._application.state(locations, location)
        if not isinstance(place, Location) or place.removed or place.company != attempt.company:
            return False
        state = await self._application.state(charge_points, f"{attempt.company}/{name}")
        return isinstance(state, Unknown)

    async def _adopt(self, attempt: ConnectionAttempt, location: str, password: bytes | None) -> None:
        add = AddChargePoint(
            company=attempt.company,
            charge_box_id=attempt.charge_box_id,
            location=location,
            # Further connectors are added when the charger reports them.
            connectors=(ConnectorSpec(1),),
            at=attempt.at,
            has_password=_kept(password),
        )
        why = Provenance(attempt.company, ADOPTION, "unknown charger")
        kept = password if _kept(password) else None
        await add_charger(self._application, self._credentials, add, kept, why)
        # The read models have to contain the charger before it is shown as connected.
        await self._settled()
        self._adoptions[attempt.company, location] += 1

    async def _note(self, admission: Admission, event: MaintenanceEvent) -> None:
        why = Provenance(admission.company, f"charger:{admission.charge_box_id}", "connection")
        await self._application.execute(
            maintenance, admission.charge_point, RecordDeviceEvent(event=event), why
        )


def _kept(password: bytes | None) -> bool:
    return password is not None and len(password) >= SHORTEST_ADOPTED_PASSWORD
