"""One home charger: its owner and code, its price profile, who may charge there, and its sessions."""

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.ports.queries import SessionFilter
from eosvolt.adapters.http.presentation.home_chargers import (
    HomeLine,
    code_to_show,
    company_zone,
    home_lines,
    owner_code,
)
from eosvolt.adapters.http.web.home_chargers.page import CODE_STATES, PAGE
from eosvolt.adapters.http.web.home_chargers.view_models import HomePage, HomeSessions, HomeState
from eosvolt.adapters.http.web.sessions.table import session_table
from eosvolt.adapters.http.web.shell.customer_names import customer_names
from eosvolt.adapters.http.web.shell.one_time_secrets import brought, shown, to_be_shown
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, Part, redirect, show
from eosvolt.adapters.http.web.shell.query_parameters import instant
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.operations import home_chargers
from eosvolt.application.operations.home_chargers import (
    VIEW,
    CodeReissue,
    HomeProfileChoice,
    HomeTokenEnd,
    HomeTokenInput,
)
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.domain.home_chargers.events import HomeToken
from eosvolt.domain.kernel import Rejected

SESSIONS = 10
_LONGEST_UID = 36
KINDS = {"owner": Text("Owner"), "family": Text("Family"), "guest": Text("Guest")}
_COLUMNS = ("number", "status", "startedAt", "duration", "plug", "token", "energy", "total")
_FIELDS = ("token", "kind", "until", "email", "profile")


def home_routes(pages: Pages) -> list[Route]:
    """``/home-chargers/{home}`` and what is done there."""
    here = f"{PAGE}/{{home}}"
    return [
        pages.get(here, home_page, needs=VIEW),
        pages.post(f"{here}/reissue", reissue, home_chargers.reissue),
        pages.post(f"{here}/profile", assign, home_chargers.assign),
        pages.post(f"{here}/tokens", allow, home_chargers.allow),
        pages.post(f"{here}/tokens/{{token}}/withdraw", withdraw, home_chargers.withdraw),
    ]


async def home_line(request: PageRequest) -> HomeLine:
    """The home charger that the path names. 404 where there is none."""
    lines = await home_lines(
        request.queries,
        request.number,
        request.now,
        company_zone(request.company),
        request.path_parameter("home"),
    )
    if not lines:
        raise not_found(gettext("There is no such home charger."))
    return lines[0]


async def home_page(request: PageRequest) -> Response:
    """The page, with the code that was just issued, once; or one of its parts."""
    code = brought(request)
    response = await _page(request, await home_line(request), {}, code)
    return shown(request, response) if code else response


async def reissue(request: PageRequest) -> Response:
    """Issue another code."""
    line, email = await home_line(request), request.form_value("email").strip()
    code = owner_code(email, request.company.preferences.language)
    try:
        await request.run(home_chargers.reissue, CodeReissue(home=line.row.location, owner=code))
    except (InvalidValue, Rejected) as refusal:
        return await _page(request, line, {"email": translated(refusal)})
    path = f"{PAGE}/{line.row.location}"
    if secret := code_to_show(request.dependencies, code):
        return to_be_shown(request, path, secret)
    return redirect(path, gettext("Another code is on its way by mail."))


async def assign(request: PageRequest) -> Response:
    """Price it by another profile."""
    line, profile = await home_line(request), request.form_value("profile")
    try:
        await request.run(home_chargers.assign, HomeProfileChoice(home=line.row.location, profile=profile))
    except (InvalidValue, Rejected) as refusal:
        return await _page(request, line, {"profile": translated(refusal)})
    return redirect(f"{PAGE}/{line.row.location}", gettext("Changes saved."))


async def allow(request: PageRequest) -> Response:
    """Let a token charge there."""
    line = await home_line(request)
    token, kind, until = (request.form_value(name).strip() for name in ("token", "kind", "until"))
    ends = instant(until, company_zone(request.company)) if until else None
    wrong: dict[str, str] = {}
    if not 0 < len(token) <= _LONGEST_UID:
        wrong["token"] = gettext("1 to 36 characters: letters, digits, signs, and blanks between them.")
    if kind not in KINDS:
        wrong["kind"] = gettext("There is no such kind.")
    if until and ends is None:
        wrong["until"] = gettext("This is a time like 2026-11-21T10:00.")
    if wrong:
        return await _page(request, line, wrong)
    wanted = HomeTokenInput(home=line.row.location, token=token, kind=HomeToken(kind), until=ends)
    try:
        await request.run(home_chargers.allow, wanted)
    except Rejected as refusal:
        return await _page(request, line, {"until": translated(refusal)})
    return redirect(f"{PAGE}/{line.row.location}", gettext("Changes saved."))


async def withdraw(request: PageRequest) -> Response:
    """Let a token charge there no more."""
    line = await home_line(request)
    wanted = HomeTokenEnd(home=line.row.location, token=request.path_parameter("token"))
    await request.run(home_chargers.withdraw, wanted)
    return redirect(f"{PAGE}/{line.row.location}", gettext("Changes saved."))


async def _page(request: PageRequest, line: HomeLine, wrong: dict[str, str], code: str = "") -> Response:
    async def state(request: PageRequest) -> HomeState:
        names = await customer_names(request, (line.customer,))
        return HomeState(line=line, states=CODE_STATES, name=names.get(line.customer, ""))

    async def sessions(request: PageRequest) -> HomeSessions:
        found = await request.queries.sessions(
            request.number, SessionFilter(location=line.row.location), limit=SESSIONS
        )
        return HomeSessions(line=line, recent=session_table(request, found.items, columns=_COLUMNS))

    parts: dict[str, Part] = {"state": state}
    if request.may("view", "sessions"):
        parts["recent"] = sessions
    return await show(
        request,
        HomePage(
            line=line,
            code=code,
            profiles=await request.queries.price_profiles(request.number),
            kinds=KINDS,
            typed={name: request.form_value(name) for name in _FIELDS},
            problems=wrong,
        ),
        parts,
        status=422 if wrong else 200,
    )
