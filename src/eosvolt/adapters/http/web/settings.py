"""The company's name, and the API keys of the programs that speak for it."""

from uuid import uuid4

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http import api_keys
from eosvolt.adapters.http.problems import not_found
from eosvolt.adapters.http.web.visit import Pages, Visit, gone_to, show
from eosvolt.domain.companies.commands import IssueApiKey, RenameCompany, RevokeApiKey
from eosvolt.domain.companies.decider import companies
from eosvolt.domain.kernel import Rejected
from eosvolt.projections.companies import ApiKeyRow

_LONGEST = 200


def settings_routes(pages: Pages) -> list[Route]:
    """``/settings``."""
    return [
        pages.get("/settings", settings),
        pages.post("/settings/name", rename),
        pages.form("/settings/api-keys", keys, issue),
        pages.form("/settings/api-keys/{key}/revoke", ask, revoke),
    ]


async def settings(visit: Visit) -> Response:
    """The page."""
    return await _page(visit)


async def rename(visit: Visit) -> Response:
    """Change the name shown to users."""
    command = RenameCompany(name=visit.filled("name")[:_LONGEST], at=visit.now)
    try:
        await visit.dependencies.application.execute(companies, str(visit.number), command, visit.why)
    except Rejected as refusal:
        return await _page(visit, problem=str(refusal))
    await visit.queries.settled()
    return gone_to("/settings", "Changes saved.")


async def keys(visit: Visit) -> Response:  # noqa: ARG001 - every page is asked the same
    """Where a key was shown once: whoever comes back by its address finds the list."""
    return gone_to("/settings")


async def issue(visit: Visit) -> Response:
    """Issue an API key; this page is the only place that ever shows it."""
    label = visit.filled("label")[:_LONGEST]
    if not label:
        return await _page(visit, key_problem="Please say what the key is for.")
    key = api_keys.mint()
    command = IssueApiKey(key_id=str(uuid4()), label=label, digest=api_keys.digest_of(key), at=visit.now)
    await visit.dependencies.application.execute(companies, str(visit.number), command, visit.why)
    await visit.queries.settled()
    return await _page(visit, issued=key)


async def ask(visit: Visit) -> Response:
    """Ask whether a program is to lose its access, by the key's name."""
    return await show(visit, "settings/revoke.html", page="settings", row=await _row(visit))


async def revoke(visit: Visit) -> Response:
    """Take a program's access away."""
    row = await _row(visit)
    command = RevokeApiKey(key_id=row.key_id, at=visit.now)
    await visit.dependencies.application.execute(companies, str(visit.number), command, visit.why)
    visit.gate.forget_keys()
    await visit.queries.settled()
    return gone_to("/settings", f"API key “{row.label}” revoked.")


async def _row(visit: Visit) -> ApiKeyRow:
    for row in await visit.queries.api_keys(visit.number):
        if row.key_id == visit.place("key") and row.revoked_at is None:
            return row
    raise not_found("There is no such key.")


async def _page(visit: Visit, *, issued: str = "", problem: str = "", key_problem: str = "") -> Response:
    keys = [row for row in await visit.queries.api_keys(visit.number) if row.revoked_at is None]
    return await show(
        visit,
        "settings/page.html",
        status=422 if problem or key_problem else 200,
        page="settings",
        keys=keys,
        issued=issued,
        name=visit.filled("name") if problem else visit.company.name,
        problems={"name": problem} if problem else {},
        key_problems={"label": key_problem} if key_problem else {},
    )
