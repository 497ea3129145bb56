"""The company's name, and the API keys of the programs that speak for it."""

from uuid import uuid4

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http import api_keys
from eosvolt.adapters.http.api.companies import LONGEST_ORGANIZATION
from eosvolt.adapters.http.problems import not_found
from eosvolt.adapters.http.web.shown_once import brought, shown, to_be_shown
from eosvolt.adapters.http.web.visit import Pages, Visit, gone_to, show
from eosvolt.application.executor import Plan
from eosvolt.domain.companies.commands import (
    ChangeCertificateOrganization,
    IssueApiKey,
    RenameCompany,
    RevokeApiKey,
)
from eosvolt.domain.companies.decider import companies
from eosvolt.domain.kernel import Command, Order, Rejected
from eosvolt.projections.companies import ApiKeyRow

_LONGEST = 200
ISSUED = "/settings/api-keys/issued"


def settings_routes(pages: Pages) -> list[Route]:
    """``/settings``."""
    return [
        pages.get("/settings", settings),
        pages.form("/settings/company", keys, change, marks=True),
        pages.form("/settings/api-keys", keys, issue, marks=True),
        pages.get(ISSUED, issued),
        pages.form("/settings/api-keys/{key}/revoke", ask, revoke),
    ]


async def settings(visit: Visit) -> Response:
    """The page."""
    return await _page(visit)


async def change(visit: Visit) -> Response:
    """Change the name shown to users, and the organization in the chargers' certificates."""
    name, organization = visit.filled("name"), visit.filled("organization")
    wrong = visit.unseen
    if not 0 < len(name) <= _LONGEST:
        wrong["name"] = f"A company has a name of at most {_LONGEST} characters."
    if len(organization) > LONGEST_ORGANIZATION:
        wrong["organization"] = f"At most {LONGEST_ORGANIZATION} characters."
    if not wrong:
        wishes: list[Command] = [
            RenameCompany(name=name, at=visit.now),
            ChangeCertificateOrganization(organization=organization, at=visit.now),
        ]

        async def plan() -> Plan[None]:
            return Plan([Order(companies, str(visit.number), wish) for wish in wishes], None)

        try:
            await visit.dependencies.application.perform(plan, visit.why)
        except Rejected as refusal:
            wrong["name"] = str(refusal)
    if wrong:
        return await _page(visit, problems=wrong)
    await visit.queries.settled()
    return gone_to("/settings", "Changes saved.")


async def keys(visit: Visit) -> Response:  # noqa: ARG001 - every page is asked the same
    """Where forms are sent to: whoever comes back by the address finds the page."""
    return gone_to("/settings")


async def issue(visit: Visit) -> Response:
    """Issue an API key; the page that follows is the only place that ever shows it."""
    label, wrong = visit.filled("label"), visit.unseen
    if not 0 < len(label) <= _LONGEST:
        wrong["label"] = f"Say what the key is for, in at most {_LONGEST} characters."
    if wrong:
        return await _page(visit, key_problems=wrong)
    key = api_keys.mint()
    command = IssueApiKey(key_id=str(uuid4()), label=label, digest=api_keys.digest_of(key), at=visit.now)
    await visit.dependencies.application.execute(companies, str(visit.number), command, visit.why)
    await visit.queries.settled()
    return to_be_shown(visit, ISSUED, key)


async def issued(visit: Visit) -> Response:
    """The page with the key that was just issued, once."""
    key = brought(visit)
    return shown(visit, await _page(visit, issued=key)) if key else gone_to("/settings#api-keys")


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


async def _page(
    visit: Visit,
    *,
    issued: str = "",
    problems: dict[str, str] | None = None,
    key_problems: dict[str, str] | None = None,
) -> Response:
    keys = [row for row in await visit.queries.api_keys(visit.number) if row.revoked_at is None]
    known = {"name": visit.company.name, "organization": visit.company.organization}
    return await show(
        visit,
        "settings/page.html",
        status=422 if problems or key_problems else 200,
        page="settings",
        keys=keys,
        uses=await visit.dependencies.accounts.key_uses(visit.number),
        issued=issued,
        values={name: visit.filled(name) if problems else value for name, value in known.items()},
        label=visit.filled("label") if key_problems else "",
        problems=problems or {},
        key_problems=key_problems or {},
    )
