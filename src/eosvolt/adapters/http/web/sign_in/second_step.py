"""The second step of signing in: a code of the authenticator app or a recovery code."""

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.auth import Gate
from eosvolt.adapters.http.framework.problems import Problem
from eosvolt.adapters.http.framework.second_steps import SecondStep
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.shell.addresses import own_path
from eosvolt.adapters.http.web.shell.forms import form_route, invisible_characters_in, sent_form
from eosvolt.adapters.http.web.shell.pages import redirect
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.adapters.http.web.shell.signed_out import NO_STORE, signed_out_page
from eosvolt.adapters.http.web.sign_in.view_models import SecondStepPage
from eosvolt.application.second_factors import Factors

SECOND_STEP = "/sign-in/second-step"
NO_PROBLEMS: Mapping[str, str] = {}


def second_step_routes(gate: Gate) -> list[Route]:
    """``/sign-in/second-step``."""

    async def shown(request: Request) -> Response:
        factors = await gate.steps.outstanding(request)
        if factors is None:
            return RedirectResponse("/sign-in", 303, NO_STORE)
        return second_step_page(factors)

    async def sent(request: Request) -> Response:
        async with sent_form(request) as form:
            code, wrong = str(form.get("code", ""))[:100], invisible_characters_in(form)
        factors = await gate.steps.outstanding(request)
        if factors is None:
            return _over(gate)
        try:
            signed_in = None if wrong else await gate.second_step(request, code)
        except Problem as refusal:
            page = second_step_page(factors, refusal.status, problem=translated(refusal.detail))
            page.headers.update(refusal.headers)
            return page
        if signed_in is None:
            wrong = wrong or {"code": gettext("This code is not right.")}
            return second_step_page(factors, 422, problems=wrong)
        response = RedirectResponse(own_path(request.query_params.get("next", "")), 303, NO_STORE)
        gate.cookie.give(response, signed_in.secret)
        gate.steps.cookie.take(response)
        return response

    return [form_route(SECOND_STEP, shown, sent)]


def second_step_page(
    factors: Factors, status: int = 200, problem: str = "", problems: Mapping[str, str] = NO_PROBLEMS
) -> Response:
    """The page of the second step, for an account with these factors."""
    model = SecondStepPage(
        codes=factors.app, passkeys=factors.passkeys > 0, problem=problem, problems=problems
    )
    return signed_out_page(model, status)


def to_second_step(gate: Gate, step: SecondStep, onward: str) -> Response:
    """Go on to the second step, and from there to the page ``onward``."""
    query = f"?{urlencode({'next': onward})}" if onward != "/" else ""
    response = RedirectResponse(f"{SECOND_STEP}{query}", 303, NO_STORE)
    gate.steps.cookie.give(response, step.secret)
    return response


def _over(gate: Gate) -> Response:
    response = redirect("/sign-in", gettext("Please sign in again: the second step took too long."))
    gate.steps.cookie.take(response)
    return response
