"""My account of people of companies: as every account, and passkeys."""

from collections.abc import Callable, Mapping

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.presentation.passkeys import relying_party
from eosvolt.adapters.http.web.account.own_request import OwnPages, OwnPasskeys, OwnRequest
from eosvolt.adapters.http.web.account.passkeys import ACCOUNT, PasskeyPages
from eosvolt.adapters.http.web.account.security import security_routes
from eosvolt.adapters.http.web.account.view_models import (
    AccountPage,
    AuthenticatorForm,
    AuthenticatorPage,
    RecoveryCodesForm,
    RecoveryCodesPage,
    SecurityCards,
)
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, show
from eosvolt.adapters.http.web.shell.view_model import ViewModel

_AROUND: Mapping[type[ViewModel], Callable[[], ViewModel]] = {
    SecurityCards: AccountPage,
    AuthenticatorForm: AuthenticatorPage,
    RecoveryCodesForm: RecoveryCodesPage,
}


def account_routes(pages: Pages) -> list[Route]:
    """``/account``. Everybody may do all of this with their own account, so it needs no permission."""
    own = OwnPages(ACCOUNT, pages, own_request)
    return [*security_routes(own), *PasskeyPages(own_request).routes(pages)]


def own_request(request: PageRequest) -> OwnRequest:
    """A person's request, as one about their own account."""
    asked = request.dependencies

    async def passkeys() -> OwnPasskeys:
        made = await asked.passkeys.of(request.account.account)
        return OwnPasskeys(made, bool(relying_party(asked.public_url)))

    async def render(part: ViewModel, status: int) -> Response:
        async def given(_: PageRequest) -> ViewModel:
            return part

        (template,) = part.templates
        name = template.removeprefix("account/").removesuffix(".html")
        return await show(request, _AROUND[type(part)](), {name: given}, status=status)

    return OwnRequest(
        raw=request.raw,
        form=request.form,
        dependencies=asked,
        now=request.now,
        path=ACCOUNT,
        account=request.account.account,
        email=request.account.email,
        session=request.gate.cookie.secret(request.raw),
        issuer="eosvolt",
        security=asked.own_accounts,
        factors=asked.second_factors,
        passkeys=passkeys,
        render=render,
    )
