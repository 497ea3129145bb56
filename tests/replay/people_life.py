"""Admins and API keys with permissions: the source of the golden stream ``0015-people``."""

from datetime import timedelta

from eosvolt.domain.companies.commands import IssueApiKey, RegisterCompany, TransferOwnership
from eosvolt.domain.companies.decider import companies
from eosvolt.domain.granted_access import GrantedAccess, PagePermission
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
from tests.examples import COMPANY, after
from tests.scenario import WHY, Scenario

ALL = GrantedAccess((PagePermission("users", ("add", "delete", "edit", "view")),), ("apiKeys", "refund"))
SUPPORT = GrantedAccess((PagePermission("sessions", ("edit", "view")),), (), ("harbour",))


async def people_life() -> Scenario:
    """The owner, one who joins, gets the company and gives it back, one who never joins, and a key."""
    s = Scenario()
    company = str(COMPANY)
    register = RegisterCompany(company=COMPANY, name="Volt", owner="a1", at=after(0))
    await s.application.execute(companies, company, register, WHY)

    async def of(account: str, command: OperatorCommand) -> None:
        await s.application.execute(operators, account, command, WHY)

    def invited(digest: str) -> InviteAdmin:
        return InviteAdmin(
            company=COMPANY,
            at=after(1),
            access=SUPPORT,
            secret_digest=digest,
            expires_at=after(1) + timedelta(days=7),
            responsible="a1",
        )

    await of("a1", AddAdmin(company=COMPANY, at=after(0), access=ALL, owner=True))
    await of("a2", AddAdmin(company=COMPANY, at=after(0), access=ALL, before=True))
    await of("a3", invited("ab" * 32))
    again = after(2) + timedelta(days=7)
    await of("a3", RenewAdminInvitation(at=after(2), secret_digest="cd" * 32, expires_at=again))
    await of("a3", JoinAsAdmin(at=after(3), secret_digest="cd" * 32))
    await of("a3", ChangeAdminAccess(at=after(4), access=ALL))
    await of("a3", RenameAdmin(at=after(4)))
    await of("a1", CeaseToBeOwner(at=after(5), access=ALL))
    await of("a3", BecomeOwner(at=after(5)))
    await s.application.execute(companies, company, TransferOwnership(owner="a3", at=after(5)), WHY)
    await of("a2", DeactivateAdmin(at=after(6)))
    await of("a2", ReactivateAdmin(at=after(7)))
    await of("a4", invited("ef" * 32))
    await of("a4", RevokeAdminInvitation(at=after(8)))
    key = IssueApiKey(
        key_id="k1",
        label="Billing",
        digest="01" * 32,
        at=after(9),
        access=SUPPORT,
        expires_at=after(9) + timedelta(days=365),
        responsible="a1",
    )
    await s.application.execute(companies, company, key, WHY)
    return s
