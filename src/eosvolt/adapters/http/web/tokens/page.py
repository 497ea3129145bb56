"""The tokens that a company knows: cards, key fobs and apps, and whether they may charge."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.web.shell.addresses import own_path
from eosvolt.adapters.http.web.shell.customer_names import customer_names
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate, form_version, lost_update, seen_version
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.query_parameters import one_of
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.adapters.http.web.tokens.terms import (
    FIELDS,
    STATES,
    TermTexts,
    change_of,
    issue_of,
    problems,
    terms_of,
)
from eosvolt.adapters.http.web.tokens.view_models import TokenFormPage, TokenRows, TokensPage
from eosvolt.application.operations import tokens
from eosvolt.application.operations.operation import AlreadyThere, ChangedMeanwhile
from eosvolt.application.operations.tokens import TokenChangeInput, TokenTerms
from eosvolt.domain.tokens.events import TokenStatus
from eosvolt.projections.tokens import TokenRow

PAGE = 50
UNDO = "eosvolt-undo-token"
LABELS = {
    "label": Text("Label"),
    "group": Text("Group"),
    "status": Text("Status"),
    "expiresAt": Text("Expires"),
    "concurrent": Text("May charge at several plugs at once"),
}


def token_routes(pages: Pages) -> list[Route]:
    """``/tokens``."""
    return [
        pages.form(
            "/tokens",
            token_list,
            issue,
            {"status": one_of(STATES)},
            tokens.VIEW,
            marks=True,
            operation=tokens.issue,
            readable=True,
            past=True,
        ),
        pages.form(
            "/tokens/{token}/edit", present, edit, needs=tokens.VIEW, marks=True, operation=tokens.change
        ),
        pages.post("/tokens/{token}/status", change_status, operation=tokens.change),
    ]


async def token_list(request: PageRequest) -> Response:
    """The page, or its list alone."""
    response = await _page(request, {}, _undo(request))
    if request.raw.cookies.get(UNDO):
        response.delete_cookie(UNDO)
    return response


async def issue(request: PageRequest) -> Response:
    """Issue a token."""
    terms, zone = _typed(request), request.locations.zone()
    if wrong := request.invisible_characters | problems(terms, zone):
        return await _page(request, wrong)
    try:
        uid = await request.run(tokens.issue, issue_of(terms, zone))
    except AlreadyThere as refusal:
        return await _page(request, {"uid": translated(refusal)})
    return redirect("/tokens", gettext("Token {uid} added.", uid=uid))


async def present(request: PageRequest) -> Response:
    """The form, as the token is."""
    row = await _row(request)
    return await _form(request, row, _values(row, request.locations.zone()), {})


async def edit(request: PageRequest) -> Response:
    """Say something else about the token."""
    row, zone = await _row(request), request.locations.zone()
    terms = _typed(request)._replace(uid=row.uid)
    if terms.expires_at == _shown(row.expires_at, zone):
        # The field has no seconds and no offset for the hour that occurs twice.
        terms = terms._replace(expires_at=None)
    typed = {name: request.form_value(name) for name in FIELDS} | {"status": terms.status or ""}
    if wrong := request.invisible_characters | problems(terms, zone):
        return await _form(request, row, typed, wrong)
    try:
        await request.run(tokens.change, change_of(terms, zone, seen_version(request)))
    except ChangedMeanwhile as refusal:
        lost = lost_update(request, refusal, lambda stored: _values(stored, zone), typed, LABELS)
        return await _form(request, row, lost.values, {}, lost)
    return redirect("/tokens", gettext("Changes saved."))


async def change_status(request: PageRequest) -> Response:
    """Block a token, or let it charge again; the page that follows offers to undo it."""
    row, status = await _row(request), request.form_value("status")
    if status not in STATES:
        raise not_found(gettext("There is no such state."))
    await request.run(tokens.change, TokenChangeInput(uid=row.uid, status=TokenStatus(status)))
    wanted = own_path(request.form_value("next"))
    response = RedirectResponse(wanted if wanted.partition("?")[0] == "/tokens" else "/tokens", 303)
    response.set_cookie(UNDO, quote(f"{row.status}/{row.uid}"), max_age=60, httponly=True, samesite="lax")
    return response


def _shown(at: datetime | None, zone: str) -> str:
    """An instant as a field for local dates and times has it."""
    return "" if at is None else f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


def _undo(request: PageRequest) -> tuple[str, str] | None:
    """The token that was just changed, and the state that it had before."""
    before, _, uid = unquote(request.raw.cookies.get(UNDO, "")).partition("/")
    return (uid, before) if before in STATES and uid else None


async def _row(request: PageRequest) -> TokenRow:
    row = await request.queries.token(request.number, request.path_parameter("token"))
    if row is None:
        raise not_found(gettext("There is no such token."))
    return row


def _values(stored: TokenRow | TokenTerms, zone: str) -> dict[str, str]:
    """A token's values, as the form shows them."""
    return {
        "label": stored.label,
        "group": stored.group,
        "status": str(stored.status),
        "expiresAt": _shown(stored.expires_at, zone),
        "concurrent": "yes" if stored.concurrent else "",
    }


def _typed(request: PageRequest) -> TermTexts:
    """What was typed; a box that is not ticked is no."""
    typed = terms_of({name: request.form_value(name) for name in FIELDS})
    return typed._replace(status=typed.status or TokenStatus.ACCEPTED)


async def _page(request: PageRequest, wrong: dict[str, str], undo: tuple[str, str] | None = None) -> Response:
    changed = await request.queries.token(request.number, undo[0]) if undo else None
    return await show(
        request,
        TokensPage(
            typed={name: request.form_value(name) for name in FIELDS},
            problems=wrong,
            states=STATES,
            undo=undo if changed else None,
            changed=changed,
        ),
        {"list": _list},
        status=422 if wrong else 200,
    )


async def _form(
    request: PageRequest,
    row: TokenRow,
    typed: Mapping[str, Any],
    wrong: dict[str, str],
    lost: LostUpdate | None = None,
) -> Response:
    return await show(
        request,
        TokenFormPage(
            lost=lost,
            version=form_version(request, lost, row.version),
            row=row,
            typed=typed,
            problems=wrong,
            states=STATES,
        ),
        status=422 if wrong else 409 if lost else 200,
    )


async def _list(request: PageRequest) -> TokenRows:
    found = await request.queries.tokens(
        request.number,
        search=request.query("search"),
        status=request.query("status"),
        at=request.then,
        cursor=request.query("cursor") or None,
        limit=PAGE,
    )
    people = await customer_names(request, (row.customer for row in found.items))
    return TokenRows(rows=found.items, people=people, cursor=found.cursor, states=STATES)
