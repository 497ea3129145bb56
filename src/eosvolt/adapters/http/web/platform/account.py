"""The own account of a member of the platform staff: as people's, without passkeys."""

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.web.account.own_request import OwnPages, OwnRequest
from eosvolt.adapters.http.web.account.security import security_routes
from eosvolt.adapters.http.web.account.view_models import AuthenticatorForm, SecurityCards
from eosvolt.adapters.http.web.platform.staff_pages import StaffPages, StaffRequest, show_staff
from eosvolt.adapters.http.web.platform.view_models import (
    StaffAccountPage,
    StaffAuthenticatorPage,
    StaffRecoveryCodesPage,
)
from eosvolt.adapters.http.web.shell.view_model import ViewModel

ACCOUNT = "/platform/account"


def staff_account_routes(pages: StaffPages) -> list[Route]:
    """``/platform/account``."""
    return security_routes(OwnPages(ACCOUNT, pages, own_request_of_staff))


def own_request_of_staff(request: StaffRequest) -> OwnRequest:
    """A member's request, as one about their own account."""

    async def no_passkeys() -> None:
        return None

    async def render(part: ViewModel, status: int) -> Response:
        return await show_staff(request, _around(request, part), part, status=status)

    return OwnRequest(
        raw=request.raw,
        form=request.form,
        dependencies=request.dependencies,
        now=request.now,
        path=ACCOUNT,
        account=request.member.id,
        email=request.member.email,
        session=request.session,
        issuer="eosvolt platform",
        security=request.dependencies.staff_security,
        factors=request.dependencies.staff_factors,
        passkeys=no_passkeys,
        render=render,
    )


def _around(request: StaffRequest, part: ViewModel) -> ViewModel:
    """The page around a part."""
    if isinstance(part, SecurityCards):
        return StaffAccountPage(now=request.now)
    return StaffAuthenticatorPage() if isinstance(part, AuthenticatorForm) else StaffRecoveryCodesPage()
