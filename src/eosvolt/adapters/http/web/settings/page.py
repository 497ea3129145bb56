"""The company's name and the organization in its chargers' certificates."""

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.web.settings.view_models import SettingsPage
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate, form_version, lost_update, seen_version
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.operations import api_keys, company
from eosvolt.application.operations.company import LONGEST_ORGANIZATION, CompanyChangeInput, CompanyTerms
from eosvolt.application.operations.operation import ChangedMeanwhile
from eosvolt.application.permissions import allows
from eosvolt.domain.kernel import Rejected

_LONGEST = 200
_LABELS = {
    "name": Text("Name shown to users"),
    "organization": Text("Organization in chargers' certificates"),
}


def settings_routes(pages: Pages) -> list[Route]:
    """``/settings``."""
    return [
        pages.get("/settings", settings, needs=company.VIEW),
        pages.form(
            "/settings/company", back, change, marks=True, operation=company.change, needs=company.VIEW
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


async def back(request: PageRequest) -> Response:  # noqa: ARG001 - every page is asked the same
    """Where forms are sent to: whoever comes back by the address finds the page."""
    return redirect("/settings")


def _shown(terms: CompanyTerms) -> dict[str, str]:
    return {"name": terms.name, "organization": terms.organization}


async def _page(
    request: PageRequest,
    *,
    problems: dict[str, str] | None = None,
    lost: LostUpdate | None = None,
) -> Response:
    known = {"name": request.company.name, "organization": request.company.organization}
    return await show(
        request,
        SettingsPage(
            lost=lost,
            version=form_version(request, lost, request.company.version),
            may_keys=allows(request.actor.grants, api_keys.VIEW),
            values=lost.values
            if lost
            else {name: request.form_value(name) for name in known}
            if problems
            else known,
            problems=problems or {},
        ),
        status=422 if problems else 409 if lost else 200,
    )
