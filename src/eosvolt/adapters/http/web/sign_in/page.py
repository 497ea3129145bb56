"""Signing in and out, and registering a company from an invitation."""

import time
from hashlib import sha256
from typing import Any
from urllib.parse import unquote, urlencode
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.auth import Gate
from eosvolt.adapters.http.framework.problems import Problem
from eosvolt.adapters.http.framework.second_steps import SecondStep
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.framework.waiting import check_wait
from eosvolt.adapters.http.framework.web_sessions import SignedIn, address_of
from eosvolt.adapters.http.presentation.passkeys import relying_party
from eosvolt.adapters.http.web.shell.addresses import own_path
from eosvolt.adapters.http.web.shell.forms import Answering, form_route, invisible_characters_in, sent_form
from eosvolt.adapters.http.web.shell.pages import NOTICE
from eosvolt.adapters.http.web.shell.passwords import password_problem
from eosvolt.adapters.http.web.shell.path_parameters import decoded
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.adapters.http.web.shell.signed_out import NO_STORE, signed_out_page
from eosvolt.adapters.http.web.sign_in.failures import SignInFailures
from eosvolt.adapters.http.web.sign_in.forgotten import forgotten_routes
from eosvolt.adapters.http.web.sign_in.passkey import PasskeySignIn
from eosvolt.adapters.http.web.sign_in.second_step import SecondStepPlace
from eosvolt.adapters.http.web.sign_in.view_models import NoRegistrationPage, RegisterPage, SignInPage
from eosvolt.application.actor import person
from eosvolt.application.email_addresses import is_email_address
from eosvolt.application.operations import registration
from eosvolt.application.operations.registration import Person, Registration
from eosvolt.application.throttle import Throttle, network
from eosvolt.domain.kernel import Rejected

_LONGEST = 200
_ASKED = ("company", "name", "email")


def sign_in_routes(dependencies: Dependencies, gate: Gate) -> list[Route]:
    """Signing in and out, ``/register/{company}/{secret}``, and what helps with a forgotten password."""
    second_step = SecondStepPlace(lambda: gate, "/sign-in", _onward)

    async def leave(request: Request) -> Response:
        await gate.sign_out(request)
        response = RedirectResponse("/sign-in", 303, NO_STORE)
        gate.cookie.take(response)
        return response

    return [
        form_route("/sign-in", _sign_in_page(dependencies, gate), _enter(dependencies, gate, second_step)),
        Route("/sign-out", leave, methods=["POST"]),
        form_route(
            "/register/{company}/{secret}",
            *_registration(dependencies, gate),
            operation=registration.register,
        ),
        *second_step.routes(),
        *PasskeySignIn(dependencies, gate).routes(),
        *forgotten_routes(dependencies),
    ]


def _sign_in_page(dependencies: Dependencies, gate: Gate) -> Answering:
    async def shown(request: Request) -> Response:
        if await gate.signed_in(request) is not None:
            return RedirectResponse(_onward(request), 303, NO_STORE)
        notice = unquote(request.cookies.get(NOTICE, ""))
        response = signed_out_page(_sign_in_model(dependencies, notice=notice))
        if notice:
            response.delete_cookie(NOTICE)
        # Whoever comes back here begins again, perhaps with another account.
        if await gate.steps.done(request):
            gate.steps.cookie.take(response)
        return response

    return shown


def _sign_in_model(dependencies: Dependencies, **fields: Any) -> SignInPage:  # noqa: ANN401 - the fields of the page
    return SignInPage(passkeys=bool(relying_party(dependencies.public_url)), **fields)


def _onward(request: Request) -> str:
    return own_path(request.query_params.get("next", ""))


def _enter(dependencies: Dependencies, gate: Gate, second_step: SecondStepPlace) -> Answering:
    failures = SignInFailures(dependencies)

    async def enter(request: Request) -> Response:
        async with sent_form(request) as form:
            email, password = str(form.get("email", ""))[:_LONGEST], str(form.get("password", ""))
            wrong = invisible_characters_in(form)
        if wrong:
            return signed_out_page(_sign_in_model(dependencies, email=email, problems=wrong), 422)
        try:
            signed_in = await gate.sign_in(request, email, password)
        except Problem as refusal:
            page = signed_out_page(
                _sign_in_model(dependencies, email=email, problem=refusal.detail), refusal.status
            )
            page.headers.update(refusal.headers)
            return page
        if signed_in is None:
            await failures.note(email, address_of(request))
            problem = gettext("Wrong e-mail or password.")
            return signed_out_page(_sign_in_model(dependencies, email=email, problem=problem), 422)
        if isinstance(signed_in, SecondStep):
            onward = _onward(request)
            query = f"?{urlencode({'next': onward})}" if onward != "/" else ""
            return second_step.begun(signed_in, query)
        response = RedirectResponse(_onward(request), 303, NO_STORE)
        gate.cookie.give(response, signed_in.secret)
        return response

    return enter


def _registration(dependencies: Dependencies, gate: Gate) -> tuple[Answering, Answering]:
    """The form of a registration link, and what comes of sending it.

    A link that cannot be used says so before anything else is looked at: whoever has none learns nothing
    about accounts.
    """
    tries_from = Throttle(per_second=1 / 6, burst=20, clock=time.monotonic)
    tries_with = Throttle(per_second=1 / 30, burst=10, clock=time.monotonic)

    async def shown(request: Request) -> Response:
        site = network(address_of(request))
        check_wait(tries_from.wait(site))
        try:
            await _company(dependencies, request)
        except Rejected as refusal:
            tries_from.take(site)
            return _no_registration(translated(refusal))
        return signed_out_page(RegisterPage(values=dict.fromkeys(_ASKED, "")))

    async def sent(request: Request) -> Response:
        check_wait(tries_from.take(network(address_of(request))))
        try:
            company = await _company(dependencies, request)
        except Rejected as refusal:
            return _no_registration(translated(refusal))
        check_wait(tries_with.take(_secret_digest(request)))
        async with sent_form(request) as form:
            values = {name: str(form.get(name, "")).strip() for name in _ASKED}
            password = str(form.get("password", ""))
            wrong = _problems(values, password) | invisible_characters_in(form)
        if not wrong:
            try:
                await _registered(dependencies, request, company, values, password)
            except Rejected as refusal:
                # Everything else was checked: what is left is an address that is taken.
                wrong = {"email": translated(refusal)}
        if wrong:
            return signed_out_page(RegisterPage(values=values, problems=wrong), 422)
        signed_in = await gate.sign_in(request, values["email"], password)
        response = RedirectResponse("/", 303, NO_STORE)
        if isinstance(signed_in, SignedIn):
            gate.cookie.give(response, signed_in.secret)
        return response

    return shown, sent


async def _company(dependencies: Dependencies, request: Request) -> int:
    """The company that the link is for. Raises ``Rejected`` where it cannot be used."""
    return await dependencies.invitations.company_of(decoded(request, "company"), _secret_digest(request))


def _secret_digest(request: Request) -> str:
    return sha256(decoded(request, "secret").encode()).hexdigest()


def _no_registration(reason: str) -> Response:
    return signed_out_page(NoRegistrationPage(reason=reason), 410)


async def _registered(
    dependencies: Dependencies, request: Request, company: int, values: dict[str, str], password: str
) -> None:
    """Register the company that the link is for. Raises ``Rejected``."""
    owner = Person(account=str(uuid4()), email=values["email"], name=values["name"], password=password)
    wanted = Registration(name=values["company"], owner=owner, secret_digest=_secret_digest(request))
    actor = person(owner.account, company)
    await dependencies.operations.run(registration.register, actor, wanted, "registration")
    await dependencies.queries.settled()


def _problems(values: dict[str, str], password: str) -> dict[str, str]:
    """All that is wrong with a registration, by field."""
    wrong: dict[str, str] = {}
    for name, missing in (
        ("company", gettext("Please name your company.")),
        ("name", gettext("Please tell your name.")),
    ):
        if not values[name]:
            wrong[name] = missing
        elif len(values[name]) > _LONGEST:
            wrong[name] = gettext("At most {longest} characters.", longest=_LONGEST)
    dotted = "." in values["email"].rpartition("@")[2]
    if not dotted or not is_email_address(values["email"]) or len(values["email"]) > _LONGEST:
        wrong["email"] = gettext("This is not an e-mail address.")
    if problem := password_problem(password):
        wrong["password"] = problem
    return wrong
