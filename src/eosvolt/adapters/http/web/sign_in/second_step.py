"""The second step of signing in: a code of the authenticator app or a recovery code."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.host_cookie import HostCookie
from eosvolt.adapters.http.framework.problems import Problem
from eosvolt.adapters.http.framework.second_steps import SecondStep, SecondSteps
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.framework.web_sessions import SignedIn
from eosvolt.adapters.http.web.shell.forms import form_route, invisible_characters_in, sent_form
from eosvolt.adapters.http.web.shell.pages import redirect
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.adapters.http.web.shell.signed_out import NO_STORE, signed_out_page
from eosvolt.adapters.http.web.sign_in.view_models import SecondStepPage
from eosvolt.application.second_factors import Factors

NO_PROBLEMS: Mapping[str, str] = {}


class SteppingGate(Protocol):
    """Lets one kind of account in, in two steps where it has a second factor."""

    @property
    def cookie(self) -> HostCookie:
        """The cookie of a web session."""
        ...

    @property
    def steps(self) -> SecondSteps:
        """The second steps."""
        ...

    async def second_step(self, connection: HTTPConnection, code: str) -> SignedIn | None:
        """Open a session for the right code of the outstanding second step; ``None`` for a wrong one."""
        ...


class SecondStepPlace(NamedTuple):
    """The second step of one kind of account, below its page ``sign_in``; ``onward``: where it leads to.

    ``gate`` is asked for when somebody comes: routes are made before there is one.
    """

    gate: Callable[[], SteppingGate]
    sign_in: str
    onward: Callable[[Request], str]

    @property
    def path(self) -> str:
        """The page of the second step."""
        return f"{self.sign_in}/second-step"

    def routes(self) -> list[Route]:
        """The page of the second step."""
        return [form_route(self.path, self.shown, self.sent)]

    async def shown(self, request: Request) -> Response:
        """The page."""
        factors = await self.gate().steps.outstanding(request)
        if factors is None:
            return RedirectResponse(self.sign_in, 303, NO_STORE)
        return second_step_page(factors, self.sign_in)

    async def sent(self, request: Request) -> Response:
        """Let in who has the right code."""
        async with sent_form(request) as form:
            code, wrong = str(form.get("code", ""))[:100], invisible_characters_in(form)
        factors = await self.gate().steps.outstanding(request)
        if factors is None:
            return self._over()
        try:
            signed_in = None if wrong else await self.gate().second_step(request, code)
        except Problem as refusal:
            problem = translated(refusal.detail)
            page = second_step_page(factors, self.sign_in, refusal.status, problem=problem)
            page.headers.update(refusal.headers)
            return page
        if signed_in is None:
            wrong = wrong or {"code": gettext("This code is not right.")}
            return second_step_page(factors, self.sign_in, 422, problems=wrong)
        response = RedirectResponse(self.onward(request), 303, NO_STORE)
        self.gate().cookie.give(response, signed_in.secret)
        self.gate().steps.cookie.take(response)
        return response

    def begun(self, step: SecondStep, query: str = "") -> Response:
        """Go on to the second step."""
        response = RedirectResponse(f"{self.path}{query}", 303, NO_STORE)
        self.gate().steps.cookie.give(response, step.secret)
        return response

    def _over(self) -> Response:
        response = redirect(self.sign_in, gettext("Please sign in again: the second step took too long."))
        self.gate().steps.cookie.take(response)
        return response


def second_step_page(
    factors: Factors,
    sign_in: str,
    status: int = 200,
    problem: str = "",
    problems: Mapping[str, str] = NO_PROBLEMS,
) -> Response:
    """The page of the second step, for an account with these factors; ``sign_in`` is the page before."""
    model = SecondStepPage(
        sign_in=sign_in,
        codes=factors.app,
        passkeys=factors.passkeys > 0,
        problem=problem,
        problems=problems,
    )
    return signed_out_page(model, status)
