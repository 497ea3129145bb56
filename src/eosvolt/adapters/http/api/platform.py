"""``/platform``: the companies of the installation, for platform staff alone."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.framework.api_types import ApiInput, Items, View
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.presentation.platform import invitation, known, with_a_number
from eosvolt.application.operations import platform
from eosvolt.application.operations.platform import LONGEST_EMAIL, InvitationEnd
from eosvolt.application.registration import HIGHEST_COMPANY
from eosvolt.application.staff import PlatformCompany, PlatformState

Email = Annotated[str, Meta(max_length=LONGEST_EMAIL, examples=["olga@cpo.example"])]
MailLanguage = Annotated[
    str, Meta(pattern="^(en|de)$", description="The language of the mail: `en` or `de`.")
]


class PlatformCompanyView(View, frozen=True, kw_only=True):
    """A company. ``since`` is when its state began; ``invitedEmail`` is where the invitation went.

    ``lastActiveAt``: when one of its people or programs was here, or a charger connected, last.
    """

    number: int
    state: PlatformState
    since: datetime
    chargers: int
    name: str = ""
    invited_email: str = ""
    expires_at: datetime | None = None
    last_active_at: datetime | None = None


class InvitationView(View, frozen=True, kw_only=True):
    """A company that was invited. ``link`` is shown once, where the installation sends no mails."""

    number: int
    expires_at: datetime
    link: str | None = None


class CompanyInvitationInput(ApiInput, frozen=True, kw_only=True):
    """Whom to invite. Without ``number`` the company gets the next one."""

    email: Email
    number: Annotated[int, Meta(ge=1, le=HIGHEST_COMPANY)] | None = None
    language: MailLanguage = "en"


class InvitationResend(ApiInput, frozen=True, kw_only=True):
    """Another address for the invitation; without it the one before."""

    email: Email | None = None
    language: MailLanguage = "en"


@endpoint("GET", "/platform/companies", needs=platform.VIEW)
async def list_companies(call: ApiCall, query: PageQuery) -> Answer[Items[PlatformCompanyView]]:
    """All companies of the installation, by number. For platform staff alone, like everything here."""
    views = [_view(each) for each in await call.dependencies.platform.companies(call.now)]
    return paged(call, views, lambda each: str(each.number), query)


@endpoint("GET", "/platform/companies/{company}", needs=platform.VIEW)
async def get_platform_company(call: ApiCall, company: str) -> PlatformCompanyView:
    """One company of the installation."""
    return _view(await known(call.dependencies, company, call.now))


@endpoint("POST", "/platform/companies", status=201, secrets=("link",), operation=platform.invite)
async def invite_company(call: ApiCall, body: CompanyInvitationInput) -> InvitationView:
    """Invite a company: a link that works once and for seven days, sent by mail.

    A number is given once per installation.
    """
    sent = InvitationView(number=0, expires_at=call.now)

    async def invite(number: int) -> None:
        nonlocal sent
        wanted = invitation(call.dependencies, number, body.email, body.language, call.now)
        await call.run_at(number, platform.invite, wanted)
        link = None if call.dependencies.mail else wanted.link
        sent = InvitationView(number=number, expires_at=wanted.expires_at, link=link)

    await with_a_number(call.dependencies, body.number, invite)
    return sent


@endpoint("POST", "/platform/companies/{company}/resend", secrets=("link",), operation=platform.resend)
async def resend_invitation(call: ApiCall, company: str, body: InvitationResend) -> InvitationView:
    """Send another link to a company that has not registered; the one before becomes invalid."""
    there = await known(call.dependencies, company, call.now)
    email = there.email if body.email is None else body.email
    wanted = invitation(call.dependencies, there.number, email, body.language, call.now)
    await call.run_at(there.number, platform.resend, wanted)
    link = None if call.dependencies.mail else wanted.link
    return InvitationView(number=there.number, expires_at=wanted.expires_at, link=link)


@endpoint("POST", "/platform/companies/{company}/revoke", status=204, operation=platform.revoke)
async def revoke_invitation(call: ApiCall, company: str) -> None:
    """Make the link of a company that has not registered invalid."""
    there = await known(call.dependencies, company, call.now)
    await call.run_at(there.number, platform.revoke, InvitationEnd())


def _view(company: PlatformCompany) -> PlatformCompanyView:
    registered = company.state == "registered"
    return PlatformCompanyView(
        number=company.number,
        state=company.state,
        since=company.since,
        chargers=company.chargers,
        name=company.name,
        invited_email=company.email,
        expires_at=None if registered else company.expires_at,
        last_active_at=company.active_at,
    )


ENDPOINTS = (list_companies, get_platform_company, invite_company, resend_invitation, revoke_invitation)
