"""The API keys of the programs that speak for the company: issue and revoke."""

from uuid import uuid4

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework import api_keys
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.api_keys.view_models import ApiKeysPage, RevokeKeyPage
from eosvolt.adapters.http.web.shell.one_time_secrets import brought, shown, to_be_shown
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.application.operations import api_keys as operations
from eosvolt.application.operations.api_keys import ApiKeyIssue, ApiKeyRevocation
from eosvolt.projections.companies import ApiKeyRow

_LONGEST = 200
PAGE = "/settings/api-keys"
ISSUED = f"{PAGE}/issued"


def api_key_routes(pages: Pages) -> list[Route]:
    """``/settings/api-keys``."""
    return [
        pages.form(PAGE, keys, issue, marks=True, operation=operations.issue, needs=operations.VIEW),
        pages.get(ISSUED, issued, needs=operations.VIEW),
        pages.form(f"{PAGE}/{{key}}/revoke", ask, revoke, needs=operations.VIEW, operation=operations.revoke),
    ]


async def keys(request: PageRequest) -> Response:
    """The page."""
    return await _page(request)


async def issue(request: PageRequest) -> Response:
    """Issue an API key; the page that follows is the only place that ever shows it."""
    label, wrong = request.form_value("label"), request.invisible_characters
    if not 0 < len(label) <= _LONGEST:
        wrong["label"] = gettext(
            "Say what the key is for, in at most {longest} characters.", longest=_LONGEST
        )
    if wrong:
        return await _page(request, problems=wrong)
    key = api_keys.mint()
    wanted = ApiKeyIssue(key_id=str(uuid4()), label=label, digest=api_keys.digest_of(key))
    await request.run(operations.issue, wanted)
    return to_be_shown(request, ISSUED, key)


async def issued(request: PageRequest) -> Response:
    """The page with the key that was just issued, once."""
    key = brought(request)
    return shown(request, await _page(request, issued=key)) if key else redirect(PAGE)


async def ask(request: PageRequest) -> Response:
    """Ask whether a program is to lose its access, by the key's name."""
    return await show(request, RevokeKeyPage(row=await _row(request)))


async def revoke(request: PageRequest) -> Response:
    """Take a program's access away."""
    row = await _row(request)
    await request.run(operations.revoke, ApiKeyRevocation(key_id=row.key_id))
    request.gate.forget_keys()
    return redirect(PAGE, gettext("API key “{label}” revoked.", label=row.label))


async def _row(request: PageRequest) -> ApiKeyRow:
    for row in await request.queries.api_keys(request.number):
        if row.key_id == request.path_parameter("key") and row.revoked_at is None:
            return row
    raise not_found(gettext("There is no such key."))


async def _page(
    request: PageRequest, *, issued: str = "", problems: dict[str, str] | None = None
) -> Response:
    rows = await request.queries.api_keys(request.number)
    return await show(
        request,
        ApiKeysPage(
            keys=[row for row in rows if row.revoked_at is None],
            uses=await request.dependencies.accounts.key_uses(request.number),
            issued=issued,
            label=request.form_value("label") if problems else "",
            problems=problems or {},
        ),
        status=422 if problems else 200,
    )
