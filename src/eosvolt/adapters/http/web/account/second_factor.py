"""The second factor of one's own account: an authenticator app and recovery codes."""

import pyotp
import segno
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.account.own_request import OwnPages, OwnRequest, R
from eosvolt.adapters.http.web.account.password import count_attempt, password_problems
from eosvolt.adapters.http.web.account.view_models import AuthenticatorForm, RecoveryCodesForm
from eosvolt.adapters.http.web.shell.one_time_secrets import brought, shown, to_be_shown
from eosvolt.adapters.http.web.shell.pages import redirect
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.domain.kernel import Rejected

AUTHENTICATOR = "/authenticator"
RECOVERY_CODES = "/recovery-codes"
SHOWN_CODES = "/recovery-codes/new"


def second_factor_routes(pages: OwnPages[R]) -> list[Route]:
    """``/authenticator`` and ``/recovery-codes`` of the account."""
    return [
        pages.form(AUTHENTICATOR, authenticator, begin),
        pages.post(f"{AUTHENTICATOR}/confirm", confirm),
        pages.post(f"{AUTHENTICATOR}/remove", remove),
        pages.get(SHOWN_CODES, codes_shown),
        pages.form(RECOVERY_CODES, codes, new_codes),
    ]


async def authenticator(request: OwnRequest) -> Response:
    """The page: to set the app up, to confirm it, or to remove it."""
    return await _authenticator_page(request)


async def begin(request: OwnRequest) -> Response:
    """Make the shared secret and show it."""
    wrong = await password_problems(request)
    if not wrong:
        try:
            await request.factors.begin_app(request.account)
        except Rejected as refusal:
            wrong["present"] = translated(refusal)
    return await _authenticator_page(request, wrong) if wrong else redirect(f"{request.path}{AUTHENTICATOR}")


async def confirm(request: OwnRequest) -> Response:
    """Let the app count, once a code of it was typed."""
    count_attempt(request)
    try:
        codes = await request.factors.confirm_app(request.account, request.form_value("code"), request.now)
    except Rejected as refusal:
        return await _authenticator_page(request, {"code": translated(refusal)})
    if codes:
        return to_be_shown(request, f"{request.path}{SHOWN_CODES}", " ".join(codes))
    return redirect(request.path, gettext("The authenticator app is set up."))


async def remove(request: OwnRequest) -> Response:
    """Remove the app."""
    if wrong := await password_problems(request):
        return await _authenticator_page(request, wrong)
    await request.factors.remove_app(request.account)
    return redirect(request.path, gettext("The authenticator app is removed."))


async def codes(request: OwnRequest) -> Response:
    """How many recovery codes are left, and the form for new ones."""
    return await _codes_page(request)


async def new_codes(request: OwnRequest) -> Response:
    """Make new recovery codes and show them once."""
    wrong = await password_problems(request)
    if wrong:
        return await _codes_page(request, wrong)
    codes = await request.factors.new_codes(request.account)
    return to_be_shown(request, f"{request.path}{SHOWN_CODES}", " ".join(codes))


async def codes_shown(request: OwnRequest) -> Response:
    """The recovery codes that were just made, once."""
    codes = brought(request).split()
    if not codes:
        return redirect(f"{request.path}{RECOVERY_CODES}")
    return shown(request, await _codes_page(request, codes=codes))


async def _authenticator_page(request: OwnRequest, problems: dict[str, str] | None = None) -> Response:
    present = await request.factors.factors(request.account)
    secret = None if present.app else await request.factors.begun_app(request.account)
    code = ""
    if secret is not None:
        uri = pyotp.TOTP(secret).provisioning_uri(name=request.email, issuer_name=request.issuer)
        code = segno.make(uri, micro=False).svg_inline(scale=4, light="#fff", dark="#000")
    form = AuthenticatorForm(
        account_path=request.path,
        active=present.app,
        secret=secret or "",
        qr_code=code,
        problems=problems or {},
    )
    return await request.render(form, 422 if problems else 200)


async def _codes_page(
    request: OwnRequest, problems: dict[str, str] | None = None, codes: list[str] | None = None
) -> Response:
    present = await request.factors.factors(request.account)
    form = RecoveryCodesForm(
        account_path=request.path,
        possible=present.any,
        left=present.recovery_codes,
        codes=codes or (),
        problems=problems or {},
    )
    return await request.render(form, 422 if problems else 200)
