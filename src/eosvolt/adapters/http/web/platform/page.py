"""The companies, as platform staff see them: listed, invited, invited again, revoked."""

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.auth import Gate
from eosvolt.adapters.http.framework.texts import current, gettext
from eosvolt.adapters.http.presentation.platform import invitation, known, with_a_number
from eosvolt.adapters.http.web.platform.account import staff_account_routes
from eosvolt.adapters.http.web.platform.fees import fee_routes
from eosvolt.adapters.http.web.platform.sign_in import COMPANIES, StaffSignIn
from eosvolt.adapters.http.web.platform.staff_pages import StaffPages, StaffRequest, show_staff
from eosvolt.adapters.http.web.platform.view_models import CompaniesPage, RevokeInvitationPage
from eosvolt.adapters.http.web.platform.withdrawals import withdrawal_review_routes
from eosvolt.adapters.http.web.shell.pages import redirect
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.operations import platform
from eosvolt.application.operations.operation import AlreadyThere, InvalidValue
from eosvolt.application.operations.platform import InvitationEnd
from eosvolt.application.registration import HIGHEST_COMPANY
from eosvolt.domain.kernel import Rejected

_LINK = "eosvolt-invitation"
_LINK_SECONDS = 60


def platform_routes(dependencies: Dependencies, gate: Gate) -> list[Route]:
    """``/platform``."""
    pages = StaffPages(dependencies, gate)
    return [
        *StaffSignIn(gate).routes(),
        *staff_account_routes(pages),
        pages.form(COMPANIES, companies, invite, operation=platform.invite, marks=True),
        *withdrawal_review_routes(pages),
        *fee_routes(pages),
        pages.form("/platform/{company}/resend", to_companies, resend, operation=platform.resend),
        pages.form("/platform/{company}/revoke", ask, revoke, operation=platform.revoke),
    ]


async def companies(request: StaffRequest) -> Response:
    """The companies, by number."""
    link = request.raw.cookies.get(_LINK, "")
    response = await _page(request, link=link)
    if link:
        response.delete_cookie(_LINK, path=COMPANIES, httponly=True, samesite="strict")
    return response


async def to_companies(request: StaffRequest) -> Response:  # noqa: ARG001 - every page is asked the same
    """Where a form is sent to: whoever comes back by the address finds the list."""
    return redirect(COMPANIES)


async def invite(request: StaffRequest) -> Response:
    """Invite a company."""
    email, number = request.form_value("email"), request.form_value("number")
    wrong = request.invisible_characters
    if number and not (number.isascii() and number.isdigit() and len(number) <= 10):
        wrong["number"] = gettext("A company number is a whole number.")
    elif number and not 0 < int(number) <= HIGHEST_COMPANY:
        wrong["number"] = gettext("At most {highest}, and at least 1.", highest=HIGHEST_COMPANY)
    link = ""

    async def sent(company: int) -> None:
        nonlocal link
        wanted = invitation(request.dependencies, company, email, current().code, request.now)
        await request.run_at(company, platform.invite, wanted)
        link = wanted.link

    if not wrong:
        try:
            await with_a_number(request.dependencies, int(number) if number else None, sent)
        except InvalidValue as refusal:
            wrong[refusal.field] = translated(refusal)
        except AlreadyThere as refusal:
            wrong["number"] = translated(refusal)
    if wrong:
        return await _page(request, problems=wrong, values={"email": email, "number": number})
    return _invited(request, email, link)


async def resend(request: StaffRequest) -> Response:
    """Send another link; the one before becomes invalid."""
    there = await known(request.dependencies, request.path_parameter("company"), request.now)
    wanted = invitation(request.dependencies, there.number, there.email, current().code, request.now)
    await request.run_at(there.number, platform.resend, wanted)
    return _invited(request, there.email, wanted.link)


async def ask(request: StaffRequest) -> Response:
    """Ask whether a company's link is to become invalid."""
    there = await known(request.dependencies, request.path_parameter("company"), request.now)
    return await show_staff(request, RevokeInvitationPage(company=there))


async def revoke(request: StaffRequest) -> Response:
    """Make a company's link invalid."""
    there = await known(request.dependencies, request.path_parameter("company"), request.now)
    try:
        await request.run_at(there.number, platform.revoke, InvitationEnd())
    except Rejected as refusal:
        return redirect(COMPANIES, translated(refusal))
    return redirect(COMPANIES, gettext("Invitation of company {number} revoked.", number=there.number))


def _invited(request: StaffRequest, email: str, link: str) -> Response:
    """Go on to the list; where no mail is sent, with the link in a cookie that only this page gets."""
    if request.dependencies.mail:
        return redirect(COMPANIES, gettext("The invitation is on its way to {email}.", email=email))
    response = redirect(COMPANIES)
    response.set_cookie(
        _LINK,
        link,
        max_age=_LINK_SECONDS,
        path=COMPANIES,
        secure=request.dependencies.secure,
        httponly=True,
        samesite="strict",
    )
    return response


async def _page(
    request: StaffRequest,
    *,
    link: str = "",
    problems: dict[str, str] | None = None,
    values: dict[str, str] | None = None,
) -> Response:
    model = CompaniesPage(
        companies=await request.dependencies.platform.companies(request.now),
        now=request.now,
        mailing=request.dependencies.mail,
        link=link,
        values=values or {"email": "", "number": ""},
        problems=problems or {},
    )
    return await show_staff(request, model, status=422 if problems else 200)
