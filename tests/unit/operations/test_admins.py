"""Nobody gives more than they have, and what an admin loses is lost at once and wholly."""

import asyncio

import pytest
from msgspec.structs import replace

from eosvolt.adapters.http.presentation.account_mails import written
from eosvolt.application.account_mails import AccountMailKind
from eosvolt.application.actor import Actor, api_key, person
from eosvolt.application.grants import access_of, grants_of, narrowed
from eosvolt.application.operations import admin_invitations, admins, api_keys
from eosvolt.application.operations.admin_invitations import AdminInvitation
from eosvolt.application.operations.admins import AdminById, AdminChange
from eosvolt.application.operations.api_keys import ApiKeyIssue
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.application.permissions import (
    EVERYTHING,
    OWNER,
    Action,
    Forbidden,
    Grants,
    NotThere,
    Permission,
    ProductArea,
    Right,
)
from eosvolt.domain.companies.events import ApiKeyRevoked, OwnershipTransferred
from eosvolt.domain.granted_access import GrantedAccess, PagePermission
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.operators.events import (
    AdminAdded,
    AdminBecameOwner,
    AdminCeasedToBeOwner,
    AdminDeactivated,
    AdminInvitationRevoked,
    AdminJoined,
)
from tests.examples import COMPANY, LOCATION
from tests.unit.operations.people import (
    ADMIN_INVITATION,
    JOINING,
    OWNER_OF_IT,
    an_admin,
    an_invitation,
)
from tests.web_in_memory import Site

USERS = frozenset(Permission(each, ProductArea.USERS) for each in Action)
SESSIONS = Permission(Action.VIEW, ProductArea.SESSIONS)
# Somebody who may do everything with users, and nothing else, at one location.
LIMITED = person("lea", COMPANY, Grants(USERS, frozenset({LOCATION})))


@pytest.fixture
async def site() -> Site:
    return await Site().opened()


def invitation_of(account: str, grants: Grants) -> AdminInvitation:
    return replace(ADMIN_INVITATION, account=account, email=f"{account}@cpo.example", grants=grants)


@pytest.mark.parametrize(
    "wanted",
    [
        Grants(frozenset({SESSIONS}), frozenset({LOCATION})),
        Grants(frozenset({Right.REFUND}), frozenset({LOCATION})),
        Grants(USERS),
        Grants(USERS, frozenset({LOCATION, "airport"})),
        OWNER,
    ],
)
async def test_nobody_gives_a_permission_a_right_or_a_location_that_they_lack(
    site: Site, wanted: Grants
) -> None:
    await an_admin(site)
    position = len(site.store.facts)
    with pytest.raises(Forbidden):
        await site.operations.run(admin_invitations.invite, LIMITED, invitation_of("tom", wanted))
    change = AdminChange(
        account="nina",
        permissions=frozenset(need for need in wanted.needs if isinstance(need, Permission)),
        rights=frozenset(need for need in wanted.needs if isinstance(need, Right)),
        locations=wanted.locations,
    )
    with pytest.raises(Forbidden):
        await site.operations.run(admins.change, LIMITED, change)
    with_keys = replace(LIMITED, grants=Grants(USERS | {Right.API_KEYS}, LIMITED.grants.locations))
    key = ApiKeyIssue(key_id="k7", label="x", digest="ab", grants=wanted)
    with pytest.raises(Forbidden):
        await site.operations.run(api_keys.issue, with_keys, key)
    assert site.since(position) == []


async def test_whoever_works_at_some_locations_finds_nobody_who_works_elsewhere(site: Site) -> None:
    await an_admin(site)
    await site.operations.run(admin_invitations.invite, OWNER_OF_IT, invitation_of("tom", Grants(USERS)))
    for account in ("tom", "ben", "ana"):
        with pytest.raises(NotThere):
            await site.operations.run(admins.deactivate, LIMITED, AdminById(account=account))
    await site.operations.run(admins.deactivate, LIMITED, AdminById(account="nina"))


async def test_an_admin_who_has_more_is_not_changed_and_nobody_raises_themselves(site: Site) -> None:
    await an_admin(site)
    wanted = AdminChange(account="nina", rights=frozenset({Right.REFUND}))
    await site.operations.run(admins.change, OWNER_OF_IT, wanted)
    for operation in (admins.deactivate, admins.reactivate):
        with pytest.raises(Forbidden):
            await site.operations.run(operation, LIMITED, AdminById(account="nina"))
    nina = person("nina", COMPANY, Grants(USERS | {Right.REFUND}, frozenset({LOCATION})))
    with pytest.raises(Forbidden):
        await site.operations.run(
            admins.change, nina, AdminChange(account="nina", permissions=frozenset({SESSIONS}))
        )
    with pytest.raises(Forbidden):
        await site.operations.run(admins.change, nina, AdminChange(account="nina", locations=None))
    with pytest.raises(Rejected, match="yourself"):
        await site.operations.run(admins.deactivate, nina, AdminById(account="nina"))


async def test_what_an_api_key_gives_is_bounded_by_the_key(site: Site) -> None:
    key = api_key("k1", COMPANY, Grants(USERS), "ana")
    with pytest.raises(Forbidden):
        await site.operations.run(admin_invitations.invite, key, invitation_of("tom", OWNER))
    await site.operations.run(admin_invitations.invite, key, invitation_of("tom", Grants(USERS)))
    assert site.accounts.responsible == {"tom": "ana"}


@pytest.mark.parametrize(
    ("grants", "field"),
    [
        (Grants(frozenset({Permission(Action.EDIT, ProductArea.SESSIONS)})), "permissions"),
        (Grants(USERS, frozenset()), "locations"),
        (Grants(USERS, frozenset({"nowhere"})), "locations"),
    ],
)
async def test_grants_that_make_no_sense_are_refused(site: Site, grants: Grants, field: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        await site.operations.run(admin_invitations.invite, OWNER_OF_IT, invitation_of("tom", grants))
    assert refusal.value.field == field


async def test_a_link_that_is_used_twice_at_once_is_used_once(site: Site) -> None:
    await an_invitation(site)
    position = len(site.store.facts)
    other = replace(JOINING, password="another twelve")
    done = await asyncio.gather(
        *(
            site.operations.run(admin_invitations.join, person("nina", COMPANY), each)
            for each in (JOINING, other, JOINING)
        ),
        return_exceptions=True,
    )
    assert [each for each in done if each is None] == [None]
    assert all("used already" in str(each) for each in done if each is not None)
    assert [type(fact.event) for fact in site.since(position)] == [AdminJoined]


async def test_deactivation_ends_keys_and_invitations_in_the_same_commit(site: Site) -> None:
    await an_admin(site)
    nina = person("nina", COMPANY, Grants(USERS | {Right.API_KEYS}, frozenset({LOCATION})))
    mine = Grants(frozenset({Right.API_KEYS, *USERS}), frozenset({LOCATION}))
    for key_id, actor in (("k2", nina), ("k3", api_key("k2", COMPANY, mine, "nina"))):
        await site.operations.run(
            api_keys.issue, actor, ApiKeyIssue(key_id=key_id, label="x", digest=key_id, grants=mine)
        )
    wanted = invitation_of("tom", Grants(frozenset({*USERS}), frozenset({LOCATION})))
    await site.operations.run(admin_invitations.invite, nina, wanted)
    position = len(site.store.facts)
    await site.operations.run(admins.deactivate, OWNER_OF_IT, AdminById(account="nina"))
    ended = site.since(position)
    assert [type(fact.event) for fact in ended] == [
        AdminDeactivated,
        ApiKeyRevoked,
        ApiKeyRevoked,
        AdminInvitationRevoked,
    ]
    assert {fact.key for fact in ended if isinstance(fact.event, ApiKeyRevoked)} == {str(COMPANY)}
    assert site.accounts.deactivations == {"nina"}


async def test_an_account_of_before_admins_had_events_is_recorded_with_its_first_change(
    site: Site,
) -> None:
    position = len(site.store.facts)
    await site.operations.run(admins.deactivate, OWNER_OF_IT, AdminById(account="ben"))
    added, deactivated = site.since(position)
    assert isinstance(added.event, AdminAdded)
    assert added.event.before
    assert grants_of(added.event.access) == OWNER
    assert isinstance(deactivated.event, AdminDeactivated)


async def test_the_ownership_goes_to_another_and_the_owner_before_can_be_changed(site: Site) -> None:
    await an_admin(site)
    ben = person("ben", COMPANY)
    with pytest.raises(Rejected, match="transfer the ownership"):
        await site.operations.run(admins.deactivate, ben, AdminById(account="ana"))
    with pytest.raises(Rejected, match="transfer the ownership"):
        await site.operations.run(admins.change, ben, AdminChange(account="ana", rights=frozenset()))
    with pytest.raises(Forbidden, match="Only the owner"):
        await site.operations.run(
            admins.transfer_ownership, person("ben", COMPANY), AdminById(account="nina")
        )
    position = len(site.store.facts)
    await site.operations.run(admins.transfer_ownership, OWNER_OF_IT, AdminById(account="nina"))
    assert [type(fact.event) for fact in site.since(position)] == [
        AdminBecameOwner,
        AdminAdded,
        AdminCeasedToBeOwner,
        OwnershipTransferred,
    ]
    with pytest.raises(Forbidden, match="Only the owner"):
        await site.operations.run(admins.transfer_ownership, OWNER_OF_IT, AdminById(account="nina"))


def test_grants_are_the_same_after_they_went_into_an_event_and_back() -> None:
    for grants in (OWNER, Grants(USERS, frozenset({LOCATION})), Grants(frozenset())):
        assert grants_of(access_of(grants)) == grants
    unknown = GrantedAccess((PagePermission("sessions", ("fly", "view")),), ("levitate",))
    assert grants_of(unknown) == Grants(frozenset({SESSIONS}))
    assert grants_of(None) == Grants(frozenset())


def test_what_both_give_is_never_more_than_either_gives() -> None:
    here, there = frozenset({LOCATION}), frozenset({"airport"})
    assert narrowed(OWNER, Grants(USERS, here)) == Grants(USERS, here)
    assert narrowed(Grants(USERS, here), OWNER) == Grants(USERS, here)
    assert narrowed(Grants(EVERYTHING, here), Grants(USERS, there)) == Grants(USERS, frozenset())


def test_actors_answer_for_what_they_make() -> None:
    assert person("ana", COMPANY).responsible == "ana"
    assert api_key("k1", COMPANY, responsible="ana").responsible == "ana"
    assert Actor(OWNER_OF_IT.kind, "x", COMPANY).responsible == ""


@pytest.mark.parametrize(
    ("path", "offered"),
    [
        ("/tokens", "/tokens/import"),
        ("/users", "/users/new"),
    ],
)
async def test_a_page_offers_what_the_user_may_do_and_nothing_else(
    site: Site, path: str, offered: str
) -> None:
    assert offered in (await site.page(path)).text
    site.gate.grants = Grants(
        frozenset(need for need in EVERYTHING if isinstance(need, Permission) and need.action is Action.VIEW)
    )
    answer = await site.page(path)
    assert answer.status_code == 200
    assert offered not in answer.text
    assert "/users" in answer.text
    site.gate.grants = Grants(site.gate.grants.needs - USERS)
    assert 'href="/users"' not in (await site.page(path)).text


async def test_an_invitation_goes_out_by_mail_with_its_link(site: Site) -> None:
    await site.operations.run(
        admin_invitations.invite,
        OWNER_OF_IT,
        replace(ADMIN_INVITATION, grants=Grants(USERS), link="https://x"),
    )
    (mail,) = site.account_mails.waiting
    assert (mail.kind, mail.address) == (AccountMailKind.ADMIN_INVITATION, "nina@cpo.example")
    said = written("https://cpo.example", mail)
    assert (said.subject, "https://x" in said.text) == ("Invitation to Harbour", True)
