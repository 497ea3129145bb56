"""The second factor of one's own account: an authenticator app and recovery codes."""

import pyotp
import segno
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.account.password import PasswordCheck
from eosvolt.adapters.http.web.account.view_models import AuthenticatorPage, RecoveryCodesPage
from eosvolt.adapters.http.web.shell.one_time_secrets import brought, shown, to_be_shown
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.domain.kernel import Rejected

ACCOUNT = "/account"
AUTHENTICATOR = "/account/authenticator"
RECOVERY_CODES = "/account/recovery-codes"
SHOWN_CODES = "/account/recovery-codes/new"
ISSUER = "eosvolt"


class SecondFactorPages:
    """Each change asks for the password."""

    def __init__(self, password: PasswordCheck) -> None:
        """``password`` is the check that all forms of the account share."""
        self._password = password

    def routes(self, pages: Pages) -> list[Route]:
        """``/account/authenticator`` and ``/account/recovery-codes``."""
        return [
            pages.form(AUTHENTICATOR, self.authenticator, self.begin, operation=None),
            pages.post(f"{AUTHENTICATOR}/confirm", self.confirm, operation=None),
            pages.post(f"{AUTHENTICATOR}/remove", self.remove, operation=None),
            pages.get(SHOWN_CODES, self.codes_shown),
            pages.form(RECOVERY_CODES, self.codes, self.new_codes, operation=None),
        ]

    async def authenticator(self, request: PageRequest) -> Response:
        """The page: to set the app up, to confirm it, or to remove it."""
        return await _authenticator_page(request)

    async def begin(self, request: PageRequest) -> Response:
        """Make the shared secret and show it."""
        wrong = await self._password.problems(request)
        if not wrong:
            try:
                await request.dependencies.second_factors.begin_app(request.account.account)
            except Rejected as refusal:
                wrong["present"] = translated(refusal)
        return await _authenticator_page(request, wrong) if wrong else redirect(AUTHENTICATOR)

    async def confirm(self, request: PageRequest) -> Response:
        """Let the app count, once a code of it was typed."""
        self._password.patient(request)
        factors = request.dependencies.second_factors
        try:
            codes = await factors.confirm_app(
                request.account.account, request.form_value("code"), request.now
            )
        except Rejected as refusal:
            return await _authenticator_page(request, {"code": translated(refusal)})
        if codes:
            return to_be_shown(request, SHOWN_CODES, " ".join(codes))
        return redirect(ACCOUNT, gettext("The authenticator app is set up."))

    async def remove(self, request: PageRequest) -> Response:
        """Remove the app."""
        if wrong := await self._password.problems(request):
            return await _authenticator_page(request, wrong)
        await request.dependencies.second_factors.remove_app(request.account.account)
        return redirect(ACCOUNT, gettext("The authenticator app is removed."))

    async def codes(self, request: PageRequest) -> Response:
        """How many recovery codes are left, and the form for new ones."""
        return await _codes_page(request)

    async def new_codes(self, request: PageRequest) -> Response:
        """Make new recovery codes and show them once."""
        wrong = await self._password.problems(request)
        if wrong:
            return await _codes_page(request, wrong)
        codes = await request.dependencies.second_factors.new_codes(request.account.account)
        return to_be_shown(request, SHOWN_CODES, " ".join(codes))

    async def codes_shown(self, request: PageRequest) -> Response:
        """The recovery codes that were just made, once."""
        codes = brought(request).split()
        if not codes:
            return redirect(RECOVERY_CODES)
        return shown(request, await _codes_page(request, codes=codes))


async def _authenticator_page(request: PageRequest, problems: dict[str, str] | None = None) -> Response:
    factors, me = request.dependencies.second_factors, request.account
    present = await factors.factors(me.account)
    secret = None if present.app else await factors.begun_app(me.account)
    code = ""
    if secret is not None:
        uri = pyotp.TOTP(secret).provisioning_uri(name=me.email, issuer_name=ISSUER)
        code = segno.make(uri, micro=False).svg_inline(scale=4, light="#fff", dark="#000")
    model = AuthenticatorPage(active=present.app, secret=secret or "", qr_code=code, problems=problems or {})
    return await show(request, model, status=422 if problems else 200)


async def _codes_page(
    request: PageRequest, problems: dict[str, str] | None = None, codes: list[str] | None = None
) -> Response:
    present = await request.dependencies.second_factors.factors(request.account.account)
    model = RecoveryCodesPage(
        possible=present.any, left=present.recovery_codes, codes=codes or (), problems=problems or {}
    )
    return await show(request, model, status=422 if problems else 200)
