"""My account: who one is, another password, and the browsers that are signed in."""

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.browser_names import browser_name
from eosvolt.adapters.http.presentation.passkeys import relying_party
from eosvolt.adapters.http.web.account.passkeys import PasskeyPages
from eosvolt.adapters.http.web.account.password import PasswordCheck, typed
from eosvolt.adapters.http.web.account.second_factor import SecondFactorPages
from eosvolt.adapters.http.web.account.view_models import AccountPage, WebSessionLine
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.own_account import check_password
from eosvolt.domain.kernel import Rejected

ACCOUNT = "/account"


def account_routes(pages: Pages) -> list[Route]:
    """``/account``. Everybody may do all of this with their own account, so it needs no permission."""
    check = PasswordCheck()
    return [
        pages.get(ACCOUNT, account),
        pages.form("/account/password", to_account, PasswordForm(check).change, operation=None),
        *SecondFactorPages(check).routes(pages),
        *PasskeyPages(check).routes(pages),
        pages.post("/account/sessions/end-others", end_others, operation=None),
        pages.post("/account/sessions/{session}/end", end, operation=None),
    ]


async def account(request: PageRequest) -> Response:
    """The page."""
    return await _page(request)


async def to_account(request: PageRequest) -> Response:  # noqa: ARG001 - every page is asked the same
    """Where forms are sent to: whoever comes back by the address finds the page."""
    return redirect(ACCOUNT)


class PasswordForm:
    """Sets another password for whoever knows the present one."""

    def __init__(self, check: PasswordCheck) -> None:
        """``check`` is the one that all forms of the account share."""
        self._check = check

    async def change(self, request: PageRequest) -> Response:
        """Change the password and end all other web sessions."""
        wanted = typed(request, "password")
        wrong: dict[str, str] = {}
        try:
            check_password(wanted)
        except Rejected as refusal:
            wrong["password"] = translated(refusal)
        if not wrong and wanted == typed(request, "present"):
            wrong["password"] = gettext("This is the present password.")
        wrong = wrong or await self._check.problems(request)
        if wrong:
            return await _page(request, wrong)
        own = request.dependencies.own_accounts
        await own.change_password(request.account.account, wanted, _secret(request))
        return redirect(ACCOUNT, gettext("Password changed. All other browsers are signed out."))


async def end(request: PageRequest) -> Response:
    """Sign another browser out."""
    own, session = request.dependencies.own_accounts, request.path_parameter("session")
    if not await own.end_session(request.account.account, session):
        raise not_found(gettext("There is no such web session."))
    return redirect(f"{ACCOUNT}#sessions", gettext("Signed out there."))


async def end_others(request: PageRequest) -> Response:
    """Sign all other browsers out."""
    own = request.dependencies.own_accounts
    await own.end_other_sessions(request.account.account, _secret(request))
    return redirect(f"{ACCOUNT}#sessions", gettext("All other browsers are signed out."))


async def _page(request: PageRequest, problems: dict[str, str] | None = None) -> Response:
    own = request.dependencies.own_accounts
    sessions = await own.sessions(request.account.account, _secret(request))
    lines = [WebSessionLine(each, browser_name(each.agent)) for each in sessions]
    factors = await request.dependencies.second_factors.factors(request.account.account)
    model = AccountPage(
        sessions=lines,
        factors=factors,
        passkeys=await request.dependencies.passkeys.of(request.account.account),
        passkeys_possible=bool(relying_party(request.dependencies.public_url)),
        problems=problems or {},
    )
    return await show(request, model, status=422 if problems else 200)


def _secret(request: PageRequest) -> str:
    return request.gate.cookie.secret(request.raw)
