"""What every account has: another password, a second factor, and the browsers that are signed in."""

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.browser_names import browser_name
from eosvolt.adapters.http.web.account.own_request import OwnPages, OwnRequest, R
from eosvolt.adapters.http.web.account.password import password_problems
from eosvolt.adapters.http.web.account.second_factor import second_factor_routes
from eosvolt.adapters.http.web.account.view_models import SecurityCards, WebSessionLine
from eosvolt.adapters.http.web.shell.pages import redirect
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.own_account import check_password
from eosvolt.domain.kernel import Rejected


def security_routes(pages: OwnPages[R]) -> list[Route]:
    """The page of the account and its forms. Everybody may do all of this with their own account."""
    return [
        pages.get("", account),
        pages.form("/password", to_account, change_password),
        *second_factor_routes(pages),
        pages.post("/sessions/end-others", end_others),
        pages.post("/sessions/{session}/end", end),
    ]


async def account(request: OwnRequest) -> Response:
    """The page."""
    return await _page(request)


async def to_account(request: OwnRequest) -> Response:
    """Where forms are sent to: whoever comes back by the address finds the page."""
    return redirect(request.path)


async def change_password(request: OwnRequest) -> Response:
    """Change the password and end all other web sessions."""
    wanted = request.password("password")
    wrong: dict[str, str] = {}
    try:
        check_password(wanted)
    except Rejected as refusal:
        wrong["password"] = translated(refusal)
    if not wrong and wanted == request.password("present"):
        wrong["password"] = gettext("This is the present password.")
    wrong = wrong or await password_problems(request)
    if wrong:
        return await _page(request, wrong)
    await request.security.change_password(request.account, wanted, request.session)
    return redirect(request.path, gettext("Password changed. All other browsers are signed out."))


async def end(request: OwnRequest) -> Response:
    """Sign another browser out."""
    if not await request.security.end_session(request.account, request.path_parameter("session")):
        raise not_found(gettext("There is no such web session."))
    return redirect(f"{request.path}#sessions", gettext("Signed out there."))


async def end_others(request: OwnRequest) -> Response:
    """Sign all other browsers out."""
    await request.security.end_other_sessions(request.account, request.session)
    return redirect(f"{request.path}#sessions", gettext("All other browsers are signed out."))


async def _page(request: OwnRequest, problems: dict[str, str] | None = None) -> Response:
    sessions = await request.security.sessions(request.account, request.session)
    cards = SecurityCards(
        account_path=request.path,
        email=request.email,
        sessions=[WebSessionLine(each, browser_name(each.agent)) for each in sessions],
        factors=await request.factors.factors(request.account),
        passkeys=await request.passkeys(),
        problems=problems or {},
    )
    return await request.render(cards, 422 if problems else 200)
