"""The API keys of the programs that speak for the company: issue and revoke."""

from datetime import date, datetime
from uuid import uuid4

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework import api_keys
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.api_keys.view_models import ApiKeysPage, KeyLine, RevokeKeyPage
from eosvolt.adapters.http.web.shell.access_form import access_fields, in_short, pages_of, sent_access
from eosvolt.adapters.http.web.shell.one_time_secrets import brought, shown, to_be_shown
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.grants import grants_of
from eosvolt.application.operations import api_keys as operations
from eosvolt.application.operations.api_keys import ApiKeyIssue, ApiKeyRevocation
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.application.permissions import OWNER
from eosvolt.domain.calendar import local_day
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
    expires_at = None
    if typed := request.form_value("expires"):
        expires_at = _end_of_day(typed, request.locations.zone())
        if expires_at is None or expires_at <= request.now:
            wrong["expires"] = gettext("A key ends in the future.")
    key = api_keys.mint()
    if not wrong:
        wanted = ApiKeyIssue(
            key_id=str(uuid4()),
            label=label,
            digest=api_keys.digest_of(key),
            grants=sent_access(request) if request.form_value("where") else None,
            expires_at=expires_at,
        )
        try:
            await request.run(operations.issue, wanted)
        except InvalidValue as refusal:
            wrong[refusal.field] = translated(refusal)
    if wrong:
        return await _page(request, problems=wrong)
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


def _end_of_day(text: str, zone: str) -> datetime | None:
    """The end of a local date; ``None`` if the text is none."""
    try:
        return local_day(date.fromisoformat(text), zone)[1]
    except (ValueError, OverflowError):
        return None


async def _page(
    request: PageRequest, *, issued: str = "", problems: dict[str, str] | None = None
) -> Response:
    rows = await request.queries.api_keys(request.number)
    grants = sent_access(request) if problems else request.actor.grants
    return await show(
        request,
        ApiKeysPage(
            lines=[_line(request, row) for row in rows if row.revoked_at is None],
            uses=await request.dependencies.accounts.key_uses(request.number),
            issued=issued,
            label=request.form_value("label") if problems else "",
            expires=request.form_value("expires") if problems else "",
            access=access_fields(request, grants),
            problems=problems or {},
        ),
        status=422 if problems else 200,
    )


def _line(request: PageRequest, row: ApiKeyRow) -> KeyLine:
    grants = OWNER if row.access is None else grants_of(row.access)
    return KeyLine(
        row,
        in_short(grants),
        pages_of(grants),
        None
        if grants.locations is None
        else sorted(request.locations.name(each) for each in grants.locations),
        expired=row.expires_at is not None and row.expires_at <= request.now,
    )
