"""The sign-in of platform staff, and the companies: listed, invited, invited again, revoked."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.auth import Gate
from eosvolt.adapters.http.framework.problems import Problem
from eosvolt.adapters.http.framework.texts import current, gettext
from eosvolt.adapters.http.presentation.platform import invitation, known, with_a_number
from eosvolt.adapters.http.web.platform.staff_pages import SIGN_IN, StaffPages, StaffRequest, show_staff
from eosvolt.adapters.http.web.platform.view_models import (
    CompaniesPage,
    RevokeInvitationPage,
    StaffSignInPage,
)
from eosvolt.adapters.http.web.shell.forms import form_route, invisible_characters_in, sent_form
from eosvolt.adapters.http.web.shell.pages import redirect
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.adapters.http.web.shell.signed_out import NO_STORE, signed_out_page
from eosvolt.application.operations import platform
from eosvolt.application.operations.operation import AlreadyThere, InvalidValue
from eosvolt.application.operations.platform import InvitationEnd
from eosvolt.application.registration import HIGHEST_COMPANY
from eosvolt.domain.kernel import Rejected

COMPANIES = "/platform"
_LINK = "eosvolt-invitation"
_LINK_SECONDS = 60
_LONGEST = 200


def platform_routes(dependencies: Dependencies, gate: Gate) -> list[Route]:
    """``/platform``."""
    pages = StaffPages(dependencies, gate)

    async def leave(request: Request) -> Response:
        await gate.staff.sign_out(request)
        response = RedirectResponse(SIGN_IN, 303, NO_STORE)
        gate.staff.cookie.take(response)
        return response

    async def sign_in_page(request: Request) -> Response:
        if await gate.staff.member(request) is not None:
            return RedirectResponse(COMPANIES, 303, NO_STORE)
        return signed_out_page(StaffSignInPage())

    async def enter(request: Request) -> Response:
        async with sent_form(request) as form:
            email, password = str(form.get("email", ""))[:_LONGEST], str(form.get("password", ""))
            wrong = invisible_characters_in(form)
        if wrong:
            return signed_out_page(StaffSignInPage(email=email, problems=wrong), 422)
        try:
            signed_in = await gate.staff.sign_in(request, email, password)
        except Problem as refusal:
            page = signed_out_page(
                StaffSignInPage(email=email, problem=translated(refusal.detail)), refusal.status
            )
            page.headers.update(refusal.headers)
            return page
        if signed_in is None:
            return signed_out_page(
                StaffSignInPage(email=email, problem=gettext("Wrong e-mail or password.")), 422
            )
        response = RedirectResponse(COMPANIES, 303, NO_STORE)
        gate.staff.cookie.give(response, signed_in.secret)
        return response

    return [
        form_route(SIGN_IN, sign_in_page, enter),
        Route("/platform/sign-out", leave, methods=["POST"]),
        pages.form(COMPANIES, companies, invite, operation=platform.invite),
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
        await request.run_for(company, platform.invite, wanted)
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
    await request.run_for(there.number, platform.resend, wanted)
    return _invited(request, there.email, wanted.link)


async def ask(request: StaffRequest) -> Response:
    """Ask whether a company's link is to become invalid."""
    there = await known(request.dependencies, request.path_parameter("company"), request.now)
    return await show_staff(request, RevokeInvitationPage(company=there))


async def revoke(request: StaffRequest) -> Response:
    """Make a company's link invalid."""
    there = await known(request.dependencies, request.path_parameter("company"), request.now)
    try:
        await request.run_for(there.number, platform.revoke, InvitationEnd())
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
