"""A forgotten password: asking for a link by mail, and setting another password with it.

The answer does not say whether there is an account with the address, and takes the same time: the mail is
only requested here, and the account looked up when it is sent.
"""

import time

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.texts import current, gettext
from eosvolt.adapters.http.framework.waiting import check_wait
from eosvolt.adapters.http.framework.web_sessions import address_of
from eosvolt.adapters.http.web.shell.forms import form_route, invisible_characters_in, sent_form
from eosvolt.adapters.http.web.shell.pages import redirect
from eosvolt.adapters.http.web.shell.path_parameters import decoded
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.adapters.http.web.shell.signed_out import signed_out_page
from eosvolt.adapters.http.web.sign_in.view_models import ForgottenPage, NoResetPage, ResetPage
from eosvolt.application.account_mails import AccountMail, AccountMailKind
from eosvolt.application.email_addresses import is_email_address
from eosvolt.application.own_account import check_password
from eosvolt.application.throttle import Throttle, network
from eosvolt.domain.kernel import Rejected

_LONGEST = 200


def forgotten_routes(dependencies: Dependencies) -> list[Route]:
    """``/forgotten-password`` and ``/reset-password/{secret}``."""
    request_form, reset_form = _RequestForm(dependencies), _ResetForm(dependencies)
    return [
        form_route("/forgotten-password", request_form.shown, request_form.sent),
        form_route("/reset-password/{secret}", reset_form.shown, reset_form.sent),
    ]


class _RequestForm:
    """Requests the mail with the link."""

    def __init__(self, dependencies: Dependencies) -> None:
        """Allows five requests at once from an address and three for an account, whether it exists or not."""
        self._dependencies = dependencies
        self._from = Throttle(per_second=1 / 60, burst=5, clock=time.monotonic)
        self._for = Throttle(per_second=1 / 600, burst=3, clock=time.monotonic)

    async def shown(self, _: Request) -> Response:
        """The form; without a mail server the way to the installation's administrator."""
        return signed_out_page(ForgottenPage(mailing=self._dependencies.mail))

    async def sent(self, request: Request) -> Response:
        """Request the mail."""
        async with sent_form(request) as form:
            email = str(form.get("email", "")).strip()[:_LONGEST]
            wrong = invisible_characters_in(form)
        mailing = self._dependencies.mail
        if not mailing:
            return signed_out_page(ForgottenPage(mailing=False), 422)
        if not wrong and not is_email_address(email):
            wrong = {"email": gettext("This is not an e-mail address.")}
        if wrong:
            return signed_out_page(ForgottenPage(mailing=True, email=email, problems=wrong), 422)
        check_wait(self._from.take(network(address_of(request))))
        check_wait(self._for.take(email.casefold()))
        mail = AccountMail(AccountMailKind.RESET, email, current().code)
        await self._dependencies.account_mails.put(mail)
        return signed_out_page(ForgottenPage(mailing=True, email=email, requested=True))


class _ResetForm:
    """Sets another password with a link. A link that cannot be used says so at once."""

    def __init__(self, dependencies: Dependencies) -> None:
        """Allows twenty attempts at once from an address, then one every six seconds."""
        self._dependencies = dependencies
        self._tries = Throttle(per_second=1 / 6, burst=20, clock=time.monotonic)

    async def shown(self, request: Request) -> Response:
        """The form."""
        site = network(address_of(request))
        check_wait(self._tries.wait(site))
        try:
            await self._dependencies.own_accounts.check_reset(decoded(request, "secret"))
        except Rejected as refusal:
            self._tries.take(site)
            return _no_reset(refusal)
        return signed_out_page(ResetPage())

    async def sent(self, request: Request) -> Response:
        """Set the password."""
        check_wait(self._tries.take(network(address_of(request))))
        secret = decoded(request, "secret")
        try:
            await self._dependencies.own_accounts.check_reset(secret)
        except Rejected as refusal:
            return _no_reset(refusal)
        async with sent_form(request) as form:
            password = str(form.get("password", ""))
            wrong = invisible_characters_in(form)
        try:
            check_password(password)
        except Rejected as refusal:
            wrong["password"] = translated(refusal)
        if wrong:
            return signed_out_page(ResetPage(problems=wrong), 422)
        try:
            await self._dependencies.own_accounts.reset_password(secret, password)
        except Rejected as refusal:
            return _no_reset(refusal)
        return redirect("/sign-in", gettext("Password changed. Sign in with the new one."))


def _no_reset(refusal: Rejected) -> Response:
    return signed_out_page(NoResetPage(reason=translated(refusal)), 410)
