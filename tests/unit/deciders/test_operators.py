"""How an admin comes and goes, and what the owner cannot lose."""

from datetime import datetime, timedelta

import pytest

from eosvolt.domain.granted_access import NO_ACCESS, GrantedAccess, PagePermission
from eosvolt.domain.kernel import Event, Rejected
from eosvolt.domain.operators.commands import (
    AddAdmin,
    BecomeOwner,
    CeaseToBeOwner,
    ChangeAdminAccess,
    DeactivateAdmin,
    InviteAdmin,
    JoinAsAdmin,
    OperatorCommand,
    ReactivateAdmin,
    RenameAdmin,
    RenewAdminInvitation,
    RevokeAdminInvitation,
)
from eosvolt.domain.operators.decider import operators
from eosvolt.domain.operators.events import (
    AdminAccessChanged,
    AdminAdded,
    AdminBecameOwner,
    AdminCeasedToBeOwner,
    AdminDeactivated,
    AdminInvitationRenewed,
    AdminInvitationRevoked,
    AdminInvited,
    AdminJoined,
    AdminReactivated,
    AdminRenamed,
)
from tests.examples import COMPANY, MORNING, after
from tests.rule import Rule

WEEK = MORNING + timedelta(days=7)
LINK, OTHER_LINK = "ab" * 32, "cd" * 32
SUPPORT = GrantedAccess((PagePermission("sessions", ("edit", "view")),), (), ("harbour",))
MORE = GrantedAccess((PagePermission("sessions", ("edit", "view")),), ("refund",))
INVITED = AdminInvited(
    company=COMPANY, at=MORNING, access=SUPPORT, secret_digest=LINK, expires_at=WEEK, responsible="ana"
)
RENEWED = AdminInvitationRenewed(at=after(1), secret_digest=OTHER_LINK, expires_at=WEEK)
REVOKED = AdminInvitationRevoked(at=after(1))
JOINED = AdminJoined(at=after(2))
OWNER = AdminAdded(company=COMPANY, at=MORNING, access=MORE, owner=True)
DEACTIVATED = AdminDeactivated(at=after(3))


def test_an_invitation_says_what_it_gives_and_who_answers_for_it() -> None:
    invite = InviteAdmin(
        company=COMPANY,
        at=MORNING,
        access=SUPPORT,
        secret_digest=LINK,
        expires_at=WEEK,
        responsible="ana",
    )
    Rule(operators).when(invite).then(INVITED)


def test_who_has_the_link_joins() -> None:
    Rule(operators).given(INVITED).when(JoinAsAdmin(at=after(2), secret_digest=LINK)).then(JOINED)


def test_another_link_takes_the_place_of_the_one_before() -> None:
    renew = RenewAdminInvitation(at=after(1), secret_digest=OTHER_LINK, expires_at=WEEK)
    Rule(operators).given(INVITED).when(renew).then(RENEWED)
    Rule(operators).given(INVITED, RENEWED).when(JoinAsAdmin(at=after(2), secret_digest=OTHER_LINK)).then(
        JOINED
    )


@pytest.mark.parametrize(
    ("before", "link", "at", "why"),
    [
        ((), LINK, after(2), "not valid"),
        ((INVITED,), "00", after(2), "not valid"),
        ((INVITED,), LINK, WEEK, "has expired"),
        ((INVITED, RENEWED), LINK, after(2), "was revoked"),
        ((INVITED, REVOKED), LINK, after(2), "was revoked"),
        ((INVITED, RENEWED, REVOKED), LINK, after(2), "was revoked"),
        ((INVITED, JOINED), OTHER_LINK, after(3), "not valid"),
        ((INVITED, REVOKED), "00", after(2), "not valid"),
    ],
)
def test_a_link_that_cannot_be_used_says_why(
    before: tuple[Event, ...], link: str, at: datetime, why: str
) -> None:
    with pytest.raises(Rejected, match=why):
        Rule(operators).given(*before).when(JoinAsAdmin(at=at, secret_digest=link))


def test_an_invitation_is_revoked_once_and_not_after_it_was_used() -> None:
    Rule(operators).given(INVITED).when(RevokeAdminInvitation(at=after(1))).then(REVOKED)
    Rule(operators).given(INVITED, JOINED).when(RevokeAdminInvitation(at=after(3))).then()


def test_whoever_registers_the_company_is_added_as_its_owner() -> None:
    Rule(operators).when(AddAdmin(company=COMPANY, at=MORNING, access=MORE, owner=True)).then(OWNER)


@pytest.mark.parametrize("before", [(INVITED,), (INVITED, JOINED)])
def test_what_an_admin_may_do_is_changed_also_while_invited(before: tuple[Event, ...]) -> None:
    change = ChangeAdminAccess(at=after(3), access=MORE)
    Rule(operators).given(*before).when(change).then(AdminAccessChanged(at=after(3), access=MORE))
    Rule(operators).given(*before).when(ChangeAdminAccess(at=after(3), access=SUPPORT)).then()


def test_a_name_is_recorded_as_changed_but_not_what_it_is() -> None:
    Rule(operators).given(INVITED).when(RenameAdmin(at=after(3))).then(AdminRenamed(at=after(3)))
    Rule(operators).given(INVITED, JOINED).when(RenameAdmin(at=after(3))).then(AdminRenamed(at=after(3)))


def test_deactivated_and_active_again_with_the_same_access() -> None:
    Rule(operators).given(INVITED, JOINED).when(DeactivateAdmin(at=after(3))).then(DEACTIVATED)
    again = Rule(operators).given(INVITED, JOINED, DEACTIVATED).when(ReactivateAdmin(at=after(4)))
    again.then(AdminReactivated(at=after(4)))


@pytest.mark.parametrize("command", [DeactivateAdmin(at=after(3)), ReactivateAdmin(at=after(3))])
def test_who_has_not_joined_is_neither_deactivated_nor_active_again(command: OperatorCommand) -> None:
    Rule(operators).given(INVITED).when(command).then()


@pytest.mark.parametrize(
    "command", [DeactivateAdmin(at=after(3)), ChangeAdminAccess(at=after(3), access=NO_ACCESS)]
)
def test_the_owner_is_neither_deactivated_nor_loses_a_permission(command: OperatorCommand) -> None:
    with pytest.raises(Rejected, match="transfer the ownership first"):
        Rule(operators).given(OWNER).when(command)


def test_the_ownership_goes_from_one_to_another_who_is_active() -> None:
    became = AdminBecameOwner(at=after(4))
    Rule(operators).given(INVITED, JOINED).when(BecomeOwner(at=after(4))).then(became)
    ceased = AdminCeasedToBeOwner(at=after(4), access=MORE)
    Rule(operators).given(OWNER).when(CeaseToBeOwner(at=after(4), access=MORE)).then(ceased)
    Rule(operators).given(OWNER, ceased).when(DeactivateAdmin(at=after(5))).then(
        AdminDeactivated(at=after(5))
    )
    for before in ((), (INVITED,), (INVITED, REVOKED), (INVITED, JOINED, DEACTIVATED)):
        with pytest.raises(Rejected, match="active admin"):
            Rule(operators).given(*before).when(BecomeOwner(at=after(4)))
