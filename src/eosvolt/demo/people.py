"""The colleagues of the demo's owner: invited and joined with different permissions, and at work.

They sign in with the owner's password. One has not joined yet. Two API keys may do little.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from eosvolt.adapters.simulator.demo_park import DEMO
from eosvolt.application.actor import Actor, person
from eosvolt.application.operations import admin_invitations, api_keys, exclusions, saved_views, tokens
from eosvolt.application.operations.admin_invitations import AdminInvitation, Joining
from eosvolt.application.operations.api_keys import ApiKeyIssue
from eosvolt.application.operations.exclusions import ExclusionInput
from eosvolt.application.operations.operation import Operations
from eosvolt.application.operations.saved_views import ViewToSave
from eosvolt.application.operations.tokens import TokenChangeInput
from eosvolt.application.permissions import Action, Grants, Need, Permission, ProductArea, Right
from eosvolt.application.ready_sets import READY_SETS
from eosvolt.composition.office import Office
from eosvolt.demo.contents import location_id
from eosvolt.domain.exclusions.events import ExclusionKind
from eosvolt.domain.tokens.events import TokenStatus

_WHY = "demo colleagues"
# Sees to faults and settings of chargers, and sees no prices of sessions.
_TECHNICIAN: frozenset[Need] = frozenset(
    {
        *(
            Permission(action, area)
            for area in (ProductArea.CHARGE_POINTS, ProductArea.DIAGNOSTICS)
            for action in (Action.VIEW, Action.EDIT)
        ),
        Permission(Action.VIEW, ProductArea.DASHBOARD),
        Permission(Action.ADD, ProductArea.DIAGNOSTICS),
        Right.OPERATE_CHARGERS,
    }
)
_AUDITOR: frozenset[Need] = frozenset(
    Permission(action, area)
    for area in (ProductArea.DASHBOARD, ProductArea.SESSIONS, ProductArea.FINANCE, ProductArea.SETTINGS)
    for action in (Action.VIEW, Action.EXPORT)
)


class Colleague(NamedTuple):
    """Somebody of the company, and what for; ``places`` are names of locations, none for all."""

    first_name: str
    last_name: str
    role: str
    needs: frozenset[Need]
    places: tuple[str, ...] = ()
    joined: bool = True

    @property
    def email(self) -> str:
        """The login, at the owner's domain."""
        return f"{self.first_name}@{DEMO.owner.partition('@')[2]}".lower()

    @property
    def account(self) -> str:
        """The id of the account, the same in every demo."""
        return str(uuid5(NAMESPACE_URL, f"mailto:{self.email}"))

    @property
    def grants(self) -> Grants:
        """What they may do, and where."""
        at = frozenset(location_id(DEMO.company, place) for place in self.places)
        return Grants(self.needs, at or None)

    @property
    def actor(self) -> Actor:
        """The colleague at work."""
        return person(self.account, DEMO.company, self.grants)

    @property
    def about(self) -> str:
        """The role and where it applies, for whoever chooses a login."""
        return f"{self.role}, only {', '.join(self.places)}" if self.places else self.role


JANA = Colleague("Jana", "Richter", "operations", READY_SETS["operations"])
PETRA = Colleague("Petra", "Kern", "bookkeeper", READY_SETS["bookkeeper"])
TIM = Colleague("Tim", "Sauer", "support", READY_SETS["support"], ("Leipzig Augustusplatz",))
MAREK = Colleague("Marek", "Horák", "technician", _TECHNICIAN, ("Praha Smíchov", "Wien Naschmarkt Garage"))
RUTH = Colleague("Ruth", "Adler", "auditor", _AUDITOR, joined=False)
COLLEAGUES = (JANA, PETRA, TIM, MAREK, RUTH)


async def employ(office: Office, owner: Actor, now: datetime, password: str) -> None:
    """Invite the colleagues; those who join do so with ``password``, and do some work."""
    for each in COLLEAGUES:
        await _invite(office, owner, each, password)
    await _issue_keys(office.operations, owner, now, password)
    await _work(office.operations, now)


async def colleagues_of(office: Office) -> list[Colleague]:
    """Those who can sign in; none in a demo of before there were colleagues."""
    there = {each.account for each in await office.accounts.admins.people(DEMO.company) if not each.invited}
    return [each for each in COLLEAGUES if each.account in there]


async def _invite(office: Office, owner: Actor, colleague: Colleague, password: str) -> None:
    operations = office.operations
    secret = sha256(f"{colleague.account} {password}".encode()).hexdigest()
    invitation = AdminInvitation(
        account=colleague.account,
        first_name=colleague.first_name,
        last_name=colleague.last_name,
        email=colleague.email,
        grants=colleague.grants,
        secret_digest=sha256(secret.encode()).hexdigest(),
        link=f"{office.settings.base_url}/join/{colleague.account}/{secret}",
    )
    await operations.run(admin_invitations.invite, owner, invitation, _WHY)
    if colleague.joined:
        joining = Joining(
            account=colleague.account,
            secret_digest=invitation.secret_digest,
            first_name=colleague.first_name,
            last_name=colleague.last_name,
            password=password,
        )
        newcomer = person(colleague.account, DEMO.company)
        await operations.run(admin_invitations.join, newcomer, joining, _WHY)


async def _issue_keys(operations: Operations, owner: Actor, now: datetime, password: str) -> None:
    """Two keys that programs of the company would have. They are shown to nobody."""
    wanted = (
        ("Anzeige Augustusplatz", ProductArea.DASHBOARD, TIM.grants.locations, now + timedelta(days=365)),
        ("Abrechnung Paketpost", ProductArea.SESSIONS, None, None),
    )
    for label, area, places, expires_at in wanted:
        key = ApiKeyIssue(
            key_id=sha256(label.encode()).hexdigest()[:12],
            label=label,
            digest=sha256(f"{label} {password}".encode()).hexdigest(),
            grants=Grants(frozenset({Permission(Action.VIEW, area)}), places),
            expires_at=expires_at,
        )
        await operations.run(api_keys.issue, owner, key, _WHY)


async def _work(operations: Operations, now: datetime) -> None:
    """What they did lately: a card blocked and given out again, a power cut explained, a view kept."""
    card = DEMO.drivers[0].uid
    for status in (TokenStatus.BLOCKED, TokenStatus.ACCEPTED):
        change = TokenChangeInput(uid=card, status=status)
        await operations.run(tokens.change, JANA.actor, change, _WHY)
    hour = now.replace(minute=0, second=0, microsecond=0)
    outage = ExclusionInput(
        exclusion="demo-maintenance",
        kind=ExclusionKind.MAINTENANCE,
        since=hour - timedelta(days=7, hours=3),
        until=hour - timedelta(days=7, hours=1),
        reason="Yearly inspection of the switchgear",
        location=location_id(DEMO.company, MAREK.places[0]),
    )
    await operations.run(exclusions.record, MAREK.actor, outage, _WHY)
    view = ViewToSave(view="demo-completed", name="Abgeschlossen", query="status=completed")
    await operations.run(saved_views.save, PETRA.actor, view, _WHY)
