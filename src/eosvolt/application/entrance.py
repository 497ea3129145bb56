"""Who may come in: passwords, certificates, and chargers that nobody knows yet."""

from collections import Counter
from collections.abc import Awaitable, Callable
from enum import IntEnum
from typing import NamedTuple

from eosvolt.application.charger_changes import add_charger
from eosvolt.application.charging import Admission
from eosvolt.application.executor import Application, Plan
from eosvolt.application.ports import Clock, Credentials, Knock, PasswordVerdict, Strangers
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
# More chargers than a company commissions in a day are not chargers.
MOST_ADOPTIONS = 500
LONGEST_ADOPTED = 48
SHORTEST_ADOPTED_PASSWORD = 8


class Strength(IntEnum):
    """How well a charger proved who it is."""

    NOTHING = 0
    PASSWORD = 1
    CERTIFICATE = 2


class Peer(NamedTuple):
    """The client certificate of a TLS connection, which was issued by somebody whom the listener trusts.

    ``fingerprint`` is its SHA-256 in hex; the others are common names, and the organization.
    """

    common_name: str
    organization: str
    issuer: str
    fingerprint: str


async def _at_once() -> None:
    """Wait for nothing."""


class Entrance:
    """Judges who stands at the door. ``charge_point`` is always ``company/charge box id``."""

    def __init__(
        self,
        application: Application,
        credentials: Credentials,
        strangers: Strangers,
        clock: Clock,
        authority: str = "",
        settled: Callable[[], Awaitable[None]] = _at_once,
    ) -> None:
        """``authority`` is the common name of the one that signs our own chargers' certificates.

        ``settled`` waits until the read models show what was stored.
        """
        self._application = application
        self._credentials = credentials
        self._strangers = strangers
        self._clock = clock
        self._authority = authority
        self._settled = settled
        self._adoptions: Counter[tuple[int, str]] = Counter()

    async def password_right(self, admission: Admission, given: bytes) -> bool:
        """Whether this is the charger's password; a new one whose answer got lost is its password now."""
        verdict = await self._credentials.judged(admission.charge_point, given)
        if verdict is PasswordVerdict.CONFIRMED:
            rotated = PasswordRotated(at=self._clock.now(), outcome="confirmed")
            await self._note(admission, rotated)
        return verdict is not PasswordVerdict.WRONG

    async def certificate_right(self, admission: Admission, peer: Peer) -> bool:
        """Whether a certificate proves that it is this charger, and not another company's of the same name.

        One of ours has to be the charger's newest. One of another authority names the company as its
        organization, by what its operator said or by its number.
        """
        if peer.common_name != admission.charge_box_id:
            return False
        now = self._clock.now()
        if not self._authority or peer.issuer != self._authority:
            company = await self._application.state(companies, str(admission.company))
            return isinstance(company, Company) and peer.organization in company.organizations
        upkeep = await self._application.state(maintenance, admission.charge_point)
        if not upkeep.certificates.valid(peer.fingerprint, now):
            return False
        if peer.fingerprint not in upkeep.certificates.delivered:
            # Its answer got lost, but here it is.
            await self._note(
                admission, CertificateDelivered(at=now, fingerprint=peer.fingerprint, accepted=True)
            )
        return True

    async def stranger(self, knock: Knock, password: bytes | None) -> bool:
        """A charger that nobody knows. True where it is known from now on, because its company adopts.

        It keeps the ``password`` that it came with. Of companies that do not exist nothing is kept.
        """
        company = await self._application.state(companies, str(knock.company))
        if not isinstance(company, Company):
            return False
        location = company.adopts_into(knock.at)
        if location and await self._adoptable(knock, location, password):
            await self._adopt(knock, location, password)
            return True
        self._strangers.knocked(knock)
        return False

    async def contested(self, charge_point: str) -> None:
        """It connects more often than one charger does."""
        now = self._clock.now()

        async def plan() -> Plan[None]:
            state = known(await self._application.state(charge_points, charge_point))
            return Plan(() if state is None else (identity_conflict(state, now),), None)

        company, _, charge_box_id = charge_point.partition("/")
        await self._application.perform(
            plan, Provenance(int(company), f"charger:{charge_box_id}", "connection")
        )

    async def _adoptable(self, knock: Knock, location: str, password: bytes | None) -> bool:
        """Whether it can be made known: one that an operator removed is not, nor one that could not enter."""
        name = knock.charge_box_id
        if len(name) > LONGEST_ADOPTED or ":" in name or name != name.strip():
            return False
        if not _kept(password) and knock.secure:
            return False
        if self._adoptions[knock.company, location] >= MOST_ADOPTIONS:
            return False
        place = await self._application.state(locations, location)
        if not isinstance(place, Location) or place.removed or place.company != knock.company:
            return False
        state = await self._application.state(charge_points, f"{knock.company}/{name}")
        return isinstance(state, Unknown)

    async def _adopt(self, knock: Knock, location: str, password: bytes | None) -> None:
        add = AddChargePoint(
            company=knock.company,
            charge_box_id=knock.charge_box_id,
            location=location,
            # The others are found as it reports them.
            connectors=(ConnectorSpec(1),),
            at=knock.at,
            has_password=_kept(password),
        )
        why = Provenance(knock.company, ADOPTION, "unknown charger")
        kept = password if _kept(password) else None
        await add_charger(self._application, self._credentials, add, kept, why)
        # Whoever sees it connected may ask something of it at once.
        await self._settled()
        self._adoptions[knock.company, location] += 1

    async def _note(self, admission: Admission, event: MaintenanceEvent) -> None:
        why = Provenance(admission.company, f"charger:{admission.charge_box_id}", "connection")
        await self._application.execute(
            maintenance, admission.charge_point, RecordDeviceEvent(event=event), why
        )


def _kept(password: bytes | None) -> bool:
    return password is not None and len(password) >= SHORTEST_ADOPTED_PASSWORD
