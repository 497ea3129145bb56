"""A company that is invited three times: the source of the golden stream ``0017-invitations``."""

from datetime import timedelta

from eosvolt.domain.companies.commands import (
    CompanyCommand,
    InviteCompany,
    RegisterCompany,
    RevokeInvitation,
)
from eosvolt.domain.companies.decider import companies
from tests.examples import COMPANY, after
from tests.scenario import WHY, Scenario


async def invitations_life() -> Scenario:
    """Three links, of which the last one is used."""
    s = Scenario()

    async def do(command: CompanyCommand) -> None:
        await s.application.execute(companies, str(COMPANY), command, WHY)

    async def invite(minute: int, digest: str) -> None:
        at = after(minute)
        await do(
            InviteCompany(company=COMPANY, at=at, secret_digest=digest, expires_at=at + timedelta(days=7))
        )

    await invite(0, "ab" * 32)
    await invite(1, "cd" * 32)
    await do(RevokeInvitation(at=after(2)))
    await invite(3, "ef" * 32)
    await do(RegisterCompany(company=COMPANY, name="Volt", owner="a1", at=after(4), secret_digest="ef" * 32))
    return s
