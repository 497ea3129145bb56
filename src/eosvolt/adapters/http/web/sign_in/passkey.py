"""Signing in with a passkey: alone, or as the second step after the password."""

import secrets
import time

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.auth import Gate
from eosvolt.adapters.http.framework.host_cookie import HostCookie
from eosvolt.adapters.http.framework.problems import Problem
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.framework.waiting import check_wait
from eosvolt.adapters.http.framework.web_sessions import address_of
from eosvolt.adapters.http.presentation.passkeys import Ceremonies
from eosvolt.adapters.http.web.shell.addresses import own_path
from eosvolt.adapters.http.web.shell.forms import sent_form
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.adapters.http.web.shell.signed_out import NO_STORE, signed_out_page
from eosvolt.adapters.http.web.sign_in.second_step import second_step_page
from eosvolt.adapters.http.web.sign_in.view_models import SignInPage
from eosvolt.application.throttle import Throttle, network
from eosvolt.domain.kernel import Rejected

CHALLENGE_SECONDS = 300
# No answer of a browser is longer.
_LONGEST = 20_000


class PasskeySignIn:
    """Asks a browser for a passkey and lets its owner in. One per process: it limits attempts."""

    def __init__(self, dependencies: Dependencies, gate: Gate) -> None:
        """Allows 30 requests at once from a network, then one every two seconds."""
        self._dependencies = dependencies
        self._gate = gate
        self._tries = Throttle(per_second=1 / 2, burst=30, clock=time.monotonic)

    def routes(self) -> list[Route]:
        """``/sign-in/passkey`` and ``/sign-in/passkey/options``."""
        return [
            Route("/sign-in/passkey/options", self.options, methods=["POST"]),
            Route("/sign-in/passkey", self.enter, methods=["POST"]),
        ]

    async def options(self, request: Request) -> Response:
        """What the browser is asked, as JSON, and a cookie without which the answer is worthless."""
        ceremonies = self._begun(request)
        browser = secrets.token_urlsafe(32)
        asked = await ceremonies.authentication(await self._gate.steps.account(request), browser)
        response = Response(asked, media_type="application/json", headers=NO_STORE)
        self._cookie.give(response, browser)
        return response

    async def enter(self, request: Request) -> Response:
        """Open a session for the owner of the passkey that answered."""
        ceremonies = self._begun(request)
        async with sent_form(request) as form:
            answer = str(form.get("credential", ""))[:_LONGEST]
        steps = self._gate.steps
        outstanding = await steps.account(request)
        try:
            browser = self._cookie.secret(request)
            account = await ceremonies.authenticated(outstanding, answer, browser)
        except Rejected as refusal:
            return await self._refused(request, translated(refusal))
        if outstanding is not None and not await steps.done(request):
            raise Problem(409, gettext("Please sign in again: the second step took too long."))
        signed_in = await self._gate.enter(request, account)
        response = RedirectResponse(own_path(request.query_params.get("next", "")), 303, NO_STORE)
        self._gate.cookie.give(response, signed_in.secret)
        steps.cookie.take(response)
        self._cookie.take(response)
        return response

    @property
    def _cookie(self) -> HostCookie:
        return HostCookie("eosvolt-passkey", CHALLENGE_SECONDS, self._dependencies.secure)

    def _begun(self, request: Request) -> Ceremonies:
        check_wait(self._tries.take(network(address_of(request))))
        ceremonies = Ceremonies(self._dependencies.passkeys, self._dependencies.public_url)
        if not ceremonies.party:
            raise Problem(409, gettext("Passkeys need https and a name in the public address."))
        return ceremonies

    async def _refused(self, request: Request, problem: str) -> Response:
        factors = await self._gate.steps.outstanding(request)
        if factors is not None:
            return second_step_page(factors, "/sign-in", 422, problem)
        return signed_out_page(SignInPage(problem=problem, passkeys=True), 422)
