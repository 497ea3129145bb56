"""Admins of the company: invited, joined, deactivated; and a key that may do little."""

from hashlib import sha256

from eosvolt.application.actor import person
from eosvolt.application.operations import admin_invitations, admins, api_keys
from eosvolt.application.operations.admin_invitations import AdminInvitation, Joining
from eosvolt.application.operations.admins import AdminById
from eosvolt.application.operations.api_keys import ApiKeyIssue
from eosvolt.application.permissions import Action, Grants, Permission, ProductArea
from tests.examples import COMPANY, LOCATION
from tests.unit.operations.charging import a_location
from tests.web_in_memory import Site

OWNER_OF_IT = person("ana", COMPANY)
SECRET = "a-secret-of-an-invitation"
DIGEST = sha256(SECRET.encode()).hexdigest()
VIEW_USERS, EDIT_USERS = (Permission(each, ProductArea.USERS) for each in (Action.VIEW, Action.EDIT))
AT_ONE_LOCATION = Grants(frozenset({VIEW_USERS}), frozenset({LOCATION}))
ADMIN_INVITATION = AdminInvitation(
    account="nina",
    first_name="Nina",
    last_name="Holm",
    email="nina@cpo.example",
    grants=AT_ONE_LOCATION,
    secret_digest=DIGEST,
)
JOINING = Joining(
    account="nina", secret_digest=DIGEST, first_name="Nina", last_name="Holm", password="twelve letters"
)


async def an_invitation(site: Site) -> None:
    await a_location(site)
    await site.operations.run(admin_invitations.invite, OWNER_OF_IT, ADMIN_INVITATION)


async def an_admin(site: Site) -> None:
    await an_invitation(site)
    await site.operations.run(admin_invitations.join, OWNER_OF_IT, JOINING)


async def a_deactivated_admin(site: Site) -> None:
    await an_admin(site)
    await site.operations.run(admins.deactivate, OWNER_OF_IT, AdminById(account="nina"))


async def a_key_of_one_location(site: Site) -> None:
    await a_location(site)
    wanted = ApiKeyIssue(key_id="k2", label="x", digest="ab", grants=AT_ONE_LOCATION)
    await site.operations.run(api_keys.issue, OWNER_OF_IT, wanted)
