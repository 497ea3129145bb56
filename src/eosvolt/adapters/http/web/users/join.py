"""``/join/{admin}/{secret}``: whoever was invited chooses a password, and is signed in."""

import time
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.auth import Gate
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.framework.waiting import check_wait
from eosvolt.adapters.http.framework.web_sessions import address_of
from eosvolt.adapters.http.web.shell.forms import form_route, invisible_characters_in, sent_form
from eosvolt.adapters.http.web.shell.passwords import password_problem
from eosvolt.adapters.http.web.shell.path_parameters import decoded
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.adapters.http.web.shell.signed_out import NO_STORE, signed_out_page
from eosvolt.adapters.http.web.users.view_models import JoinPage, NoInvitationPage
from eosvolt.application.access import AdminPerson
from eosvolt.application.actor import person
from eosvolt.application.operations import admin_invitations
from eosvolt.application.operations.admin_invitations import INVITATION_REVOKED, Joining
from eosvolt.application.operations.admins import LONGEST_NAME
from eosvolt.application.throttle import Throttle, network
from eosvolt.domain.kernel import Rejected

_NAMES = ("firstName", "lastName")


def join_routes(dependencies: Dependencies, gate: Gate) -> list[Route]:
    """The form of an invitation link, and what comes of sending it.

    A link that cannot be used says so before anything else is looked at.
    """
    tries = Throttle(per_second=1 / 6, burst=20, clock=time.monotonic)

    async def shown(request: Request) -> Response:
        site = network(address_of(request))
        check_wait(tries.wait(site))
        try:
            invited = await _invited(dependencies, request)
        except Rejected as refusal:
            tries.take(site)
            return _refused(refusal)
        values = {"firstName": invited.first_name, "lastName": invited.last_name}
        return signed_out_page(await _form(dependencies, invited, values))

    async def sent(request: Request) -> Response:
        check_wait(tries.take(network(address_of(request))))
        try:
            invited = await _invited(dependencies, request)
        except Rejected as refusal:
            return _refused(refusal)
        async with sent_form(request) as form:
            values = {name: str(form.get(name, "")).strip() for name in _NAMES}
            password = str(form.get("password", ""))
            wrong = _problems(values, password) | invisible_characters_in(form)
        if wrong:
            return signed_out_page(await _form(dependencies, invited, values, wrong), 422)
        wanted = Joining(
            account=invited.account,
            secret_digest=_digest(request),
            first_name=values["firstName"],
            last_name=values["lastName"],
            password=password,
        )
        actor = person(invited.account, invited.company)
        try:
            await dependencies.operations.run(admin_invitations.join, actor, wanted, "invitation")
        except Rejected as refusal:
            # Somebody used the link at the same time, or it was revoked.
            return _refused(refusal)
        await dependencies.queries.settled()
        signed_in = await gate.sign_in(request, invited.email, password)
        response = RedirectResponse("/", 303, NO_STORE)
        if signed_in is not None:
            gate.cookie.give(response, signed_in.secret)
        return response

    return [form_route("/join/{admin}/{secret}", shown, sent, operation=admin_invitations.join)]


def _digest(request: Request) -> str:
    return sha256(decoded(request, "secret").encode()).hexdigest()


async def _invited(dependencies: Dependencies, request: Request) -> AdminPerson:
    """Who the link is for. Raises ``Rejected`` where it cannot be used."""
    account = decoded(request, "admin")
    company = await dependencies.invitations.company_of_admin(account, _digest(request))
    people = await dependencies.admins.people(company, account)
    if not people:
        raise Rejected(INVITATION_REVOKED)
    return people[0]


async def _form(
    dependencies: Dependencies,
    invited: AdminPerson,
    values: dict[str, str],
    problems: dict[str, str] | None = None,
) -> JoinPage:
    company = await dependencies.queries.company(invited.company)
    return JoinPage(
        company="" if company is None else company.name,
        email=invited.email,
        values=values,
        problems=problems or {},
    )


def _problems(values: dict[str, str], password: str) -> dict[str, str]:
    wrong = {
        name: gettext("A name has 1 to {longest_name} characters.", longest_name=LONGEST_NAME)
        for name in _NAMES
        if not 0 < len(values[name]) <= LONGEST_NAME
    }
    if problem := password_problem(password):
        wrong["password"] = problem
    return wrong


def _refused(refusal: Rejected) -> Response:
    return signed_out_page(NoInvitationPage(reason=translated(refusal)), 410)
