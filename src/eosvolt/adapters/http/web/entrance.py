"""Signing in and out, and registering a company from an invitation."""

from hashlib import sha256

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from eosvolt.adapters.http.auth import Gate
from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.problems import Problem
from eosvolt.adapters.http.web.forms import Answering, form_route, sent_form
from eosvolt.adapters.http.web.rendering import render
from eosvolt.adapters.http.web.visit import decoded, own_path
from eosvolt.application.registration import Owner, register_company
from eosvolt.domain.companies.commands import RegisterCompany
from eosvolt.domain.kernel import Rejected

_NO_STORE = {"cache-control": "no-store"}
_LONGEST = 200
_ASKED = ("company", "name", "email")


def entrance_routes(dependencies: Dependencies, gate: Gate) -> list[Route]:
    """``/sign-in``, ``/sign-out`` and ``/register/{company}/{secret}``."""

    async def leave(request: Request) -> Response:
        await gate.sign_out(request)
        response = RedirectResponse("/sign-in", 303, _NO_STORE)
        gate.take_cookie(response)
        return response

    return [
        form_route("/sign-in", _sign_in_page(gate), _enter(gate)),
        Route("/sign-out", leave, methods=["POST"]),
        form_route("/register/{company:int}/{secret}", _register_page, _register(dependencies, gate)),
    ]


def _sign_in_page(gate: Gate) -> Answering:
    async def shown(request: Request) -> Response:
        if await gate.signed_in(request) is not None:
            return RedirectResponse(_onward(request), 303, _NO_STORE)
        return _page("entrance/sign_in.html", email="", problem="")

    return shown


def _onward(request: Request) -> str:
    return own_path(request.query_params.get("next", ""))


def _enter(gate: Gate) -> Answering:
    async def enter(request: Request) -> Response:
        async with sent_form(request) as form:
            email, password = str(form.get("email", ""))[:_LONGEST], str(form.get("password", ""))
        try:
            signed_in = await gate.sign_in(request, email, password)
        except Problem as refusal:
            page = _page("entrance/sign_in.html", refusal.status, email=email, problem=refusal.detail)
            page.headers.update(refusal.headers)
            return page
        if signed_in is None:
            problem = "This e-mail and password do not belong together."
            return _page("entrance/sign_in.html", 422, email=email, problem=problem)
        response = RedirectResponse(_onward(request), 303, _NO_STORE)
        gate.give_cookie(response, signed_in.secret)
        return response

    return enter


async def _register_page(_: Request) -> Response:
    return _page("entrance/register.html", values=dict.fromkeys(_ASKED, ""), problem="")


def _register(dependencies: Dependencies, gate: Gate) -> Answering:
    async def register(request: Request) -> Response:
        async with sent_form(request) as form:
            values = {name: str(form.get(name, "")).strip()[:_LONGEST] for name in _ASKED}
            password = str(form.get("password", ""))
        if problem := _missing(values) or _wrong_email(values["email"]):
            return _page("entrance/register.html", 422, values=values, problem=problem)
        try:
            await _registered(dependencies, request, values, password)
        except Rejected as refusal:
            return _page("entrance/register.html", 422, values=values, problem=str(refusal))
        signed_in = await gate.sign_in(request, values["email"], password)
        response = RedirectResponse("/", 303, _NO_STORE)
        if signed_in is not None:
            gate.give_cookie(response, signed_in.secret)
        return response

    return register


async def _registered(
    dependencies: Dependencies, request: Request, values: dict[str, str], password: str
) -> None:
    """Register the company that the link is for. Raises ``Rejected``."""
    wish = RegisterCompany(
        company=int(request.path_params["company"]),
        name=values["company"],
        owner="",
        at=dependencies.clock.now(),
        secret_digest=sha256(decoded(request, "secret").encode()).hexdigest(),
    )
    owner = Owner(values["email"], values["name"], password)
    await register_company(dependencies.application, dependencies.accounts, wish, owner)
    await dependencies.queries.settled()


def _missing(values: dict[str, str]) -> str:
    if not values["company"]:
        return "Please name your company."
    return "" if values["name"] else "Please tell your name."


def _wrong_email(email: str) -> str:
    name, at, host = email.rpartition("@")
    return "" if name and at and "." in host and " " not in email else "This is not an e-mail address."


def _page(template: str, status: int = 200, **values: object) -> Response:
    return HTMLResponse(render(template, values), status, _NO_STORE)
