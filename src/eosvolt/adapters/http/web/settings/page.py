"""The company's name, and the API keys of the programs that speak for it."""

from uuid import uuid4

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework import api_keys
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.web.settings.view_models import RevokeKeyPage, SettingsPage
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate, form_version, lost_update, seen_version
from eosvolt.adapters.http.web.shell.one_time_secrets import brought, shown, to_be_shown
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.operations import api_keys as operations
from eosvolt.application.operations import company
from eosvolt.application.operations.api_keys import ApiKeyIssue, ApiKeyRevocation
from eosvolt.application.operations.company import LONGEST_ORGANIZATION, CompanyChangeInput, CompanyTerms
from eosvolt.application.operations.operation import ChangedMeanwhile
from eosvolt.application.permissions import allows
from eosvolt.domain.kernel import Rejected
from eosvolt.projections.companies import ApiKeyRow

_LONGEST = 200
_LABELS = {
    "name": Text("Name shown to users"),
    "organization": Text("Organization in chargers' certificates"),
}
ISSUED = "/settings/api-keys/issued"


def settings_routes(pages: Pages) -> list[Route]:
    """``/settings``."""
    return [
        pages.get("/settings", settings, needs=company.VIEW),
        pages.form(
            "/settings/company", keys, change, marks=True, operation=company.change, needs=company.VIEW
        ),
        pages.form(
            "/settings/api-keys", keys, issue, marks=True, operation=operations.issue, needs=operations.VIEW
        ),
        pages.get(ISSUED, issued, needs=operations.VIEW),
        pages.form(
            "/settings/api-keys/{key}/revoke", ask, revoke, needs=operations.VIEW, operation=operations.revoke
        ),
    ]


async def settings(request: PageRequest) -> Response:
    """The page."""
    return await _page(request)


async def change(request: PageRequest) -> Response:
    """Change the name shown to users, and the organization in the chargers' certificates."""
    name, organization = request.form_value("name"), request.form_value("organization")
    wrong = request.invisible_characters
    if not 0 < len(name) <= _LONGEST:
        wrong["name"] = gettext("A company has a name of at most {longest} characters.", longest=_LONGEST)
    if len(organization) > LONGEST_ORGANIZATION:
        wrong["organization"] = gettext(
            "At most {longest_organization} characters.", longest_organization=LONGEST_ORGANIZATION
        )
    if not wrong:
        wanted = CompanyChangeInput(name=name, organization=organization, seen=seen_version(request))
        try:
            await request.run(company.change, wanted)
        except Rejected as refusal:
            wrong["name"] = translated(refusal)
        except ChangedMeanwhile as refusal:
            typed = {"name": name, "organization": organization}
            return await _page(request, lost=lost_update(request, refusal, _shown, typed, _LABELS))
    if wrong:
        return await _page(request, problems=wrong)
    return redirect("/settings", gettext("Changes saved."))


async def keys(request: PageRequest) -> Response:  # noqa: ARG001 - every page is asked the same
    """Where forms are sent to: whoever comes back by the address finds the page."""
    return redirect("/settings")


async def issue(request: PageRequest) -> Response:
    """Issue an API key; the page that follows is the only place that ever shows it."""
    label, wrong = request.form_value("label"), request.invisible_characters
    if not 0 < len(label) <= _LONGEST:
        wrong["label"] = gettext(
            "Say what the key is for, in at most {longest} characters.", longest=_LONGEST
        )
    if wrong:
        return await _page(request, key_problems=wrong)
    key = api_keys.mint()
    wanted = ApiKeyIssue(key_id=str(uuid4()), label=label, digest=api_keys.digest_of(key))
    await request.run(operations.issue, wanted)
    return to_be_shown(request, ISSUED, key)


async def issued(request: PageRequest) -> Response:
    """The page with the key that was just issued, once."""
    key = brought(request)
    return shown(request, await _page(request, issued=key)) if key else redirect("/settings#api-keys")


async def ask(request: PageRequest) -> Response:
    """Ask whether a program is to lose its access, by the key's name."""
    return await show(request, RevokeKeyPage(row=await _row(request)))


async def revoke(request: PageRequest) -> Response:
    """Take a program's access away."""
    row = await _row(request)
    await request.run(operations.revoke, ApiKeyRevocation(key_id=row.key_id))
    request.gate.forget_keys()
    return redirect("/settings", gettext("API key “{label}” revoked.", label=row.label))


def _shown(terms: CompanyTerms) -> dict[str, str]:
    return {"name": terms.name, "organization": terms.organization}


async def _row(request: PageRequest) -> ApiKeyRow:
    for row in await request.queries.api_keys(request.number):
        if row.key_id == request.path_parameter("key") and row.revoked_at is None:
            return row
    raise not_found(gettext("There is no such key."))


async def _page(
    request: PageRequest,
    *,
    issued: str = "",
    problems: dict[str, str] | None = None,
    key_problems: dict[str, str] | None = None,
    lost: LostUpdate | None = None,
) -> Response:
    rows = (
        await request.queries.api_keys(request.number)
        if allows(request.actor.grants, operations.VIEW)
        else ()
    )
    keys = [row for row in rows if row.revoked_at is None]
    known = {"name": request.company.name, "organization": request.company.organization}
    return await show(
        request,
        SettingsPage(
            lost=lost,
            version=form_version(request, lost, request.company.version),
            keys=keys,
            uses=await request.dependencies.accounts.key_uses(request.number),
            issued=issued,
            values=lost.values
            if lost
            else {name: request.form_value(name) for name in known}
            if problems
            else known,
            label=request.form_value("label") if key_problems else "",
            problems=problems or {},
            key_problems=key_problems or {},
        ),
        status=422 if problems or key_problems else 409 if lost else 200,
    )
