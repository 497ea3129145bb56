"""The tokens that a company knows: cards, key fobs and apps, and whether they may charge."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from eosvolt.adapters.http.problems import not_found
from eosvolt.adapters.http.web.asking import one_of
from eosvolt.adapters.http.web.token_terms import FIELDS, STATES, Terms, problems, put, terms_of
from eosvolt.adapters.http.web.visit import Pages, Visit, gone_to, own_path, show
from eosvolt.domain.tokens.decider import Token, tokens
from eosvolt.domain.tokens.events import TokenStatus
from eosvolt.projections.tokens import TokenRow

PAGE = 50
UNDO = "eosvolt-undo-token"


def token_routes(pages: Pages) -> list[Route]:
    """``/tokens``."""
    return [
        pages.form("/tokens", token_list, issue, {"status": one_of(STATES)}, marks=True),
        pages.form("/tokens/{token}/edit", present, edit, marks=True),
        pages.post("/tokens/{token}/status", change_status),
    ]


async def token_list(visit: Visit) -> Response:
    """The page, or its list alone."""
    response = await _page(visit, {}, _undo(visit))
    if visit.request.cookies.get(UNDO):
        response.delete_cookie(UNDO)
    return response


async def issue(visit: Visit) -> Response:
    """Issue a token."""
    terms = _typed(visit)
    wrong = visit.unseen | problems(terms, visit.places.zone())
    if "uid" not in wrong and await visit.queries.token(visit.number, terms.uid) is not None:
        wrong["uid"] = "This token is known already: change it in the list."
    if wrong:
        return await _page(visit, wrong)
    uid = await _said(visit, terms, None)
    return gone_to("/tokens", f"Token {uid} added.")


async def present(visit: Visit) -> Response:
    """The form, as the token is."""
    row = await _row(visit)
    zone = visit.places.zone()
    typed = {
        "label": row.label,
        "group": row.group,
        "status": row.status,
        "expiresAt": _shown(row.expires_at, zone),
        "concurrent": "yes" if row.concurrent else "",
    }
    return await _form(visit, row, typed, {})


async def edit(visit: Visit) -> Response:
    """Say something else about the token."""
    row, zone = await _row(visit), visit.places.zone()
    terms = _typed(visit)._replace(uid=row.uid)
    if terms.expires_at == _shown(row.expires_at, zone):
        # The field has no seconds, and cannot tell which of two equal hours was meant.
        terms = terms._replace(expires_at=None)
    wrong = visit.unseen | problems(terms, zone)
    if wrong:
        return await _form(visit, row, terms._asdict() | {"expiresAt": visit.filled("expiresAt")}, wrong)
    await _said(visit, terms, _known(row))
    return gone_to("/tokens", "Changes saved.")


async def change_status(visit: Visit) -> Response:
    """Block a token, or let it charge again; the page that follows offers to undo it."""
    row, status = await _row(visit), visit.filled("status")
    if status not in STATES:
        raise not_found("There is no such state.")
    await _said(visit, Terms(row.uid, status=status), _known(row))
    wanted = own_path(visit.filled("next"))
    response = RedirectResponse(wanted if wanted.partition("?")[0] == "/tokens" else "/tokens", 303)
    response.set_cookie(UNDO, quote(f"{row.status}/{row.uid}"), max_age=60, httponly=True, samesite="lax")
    return response


def _shown(at: datetime | None, zone: str) -> str:
    """An instant as a field for local dates and times has it."""
    return "" if at is None else f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


def _undo(visit: Visit) -> tuple[str, str] | None:
    """The token that was just changed, and the state that it had before."""
    before, _, uid = unquote(visit.request.cookies.get(UNDO, "")).partition("/")
    return (uid, before) if before in STATES and uid else None


async def _row(visit: Visit) -> TokenRow:
    row = await visit.queries.token(visit.number, visit.place("token"))
    if row is None:
        raise not_found("There is no such token.")
    return row


def _known(row: TokenRow) -> Token:
    return Token(TokenStatus(row.status), row.group, row.expires_at, row.label, row.concurrent)


def _typed(visit: Visit) -> Terms:
    """What was typed; a box that is not ticked says no."""
    typed = terms_of({name: visit.filled(name) for name in FIELDS})
    return typed._replace(status=typed.status or TokenStatus.ACCEPTED)


async def _said(visit: Visit, terms: Terms, known: Token | None) -> str:
    command = put(terms, known, visit.number, visit.now, visit.places.zone())
    await visit.dependencies.application.execute(tokens, f"{visit.number}/{command.uid}", command, visit.why)
    await visit.queries.settled()
    return command.uid


async def _page(visit: Visit, wrong: dict[str, str], undo: tuple[str, str] | None = None) -> Response:
    changed = await visit.queries.token(visit.number, undo[0]) if undo else None
    return await show(
        visit,
        "tokens/page.html",
        {"list": _list},
        status=422 if wrong else 200,
        page="tokens",
        typed={name: visit.filled(name) for name in FIELDS},
        problems=wrong,
        states=STATES,
        undo=undo if changed else None,
        changed=changed,
    )


async def _form(visit: Visit, row: TokenRow, typed: Mapping[str, Any], wrong: dict[str, str]) -> Response:
    return await show(
        visit,
        "tokens/edit.html",
        status=422 if wrong else 200,
        page="tokens",
        row=row,
        typed=typed,
        problems=wrong,
        states=STATES,
    )


async def _list(visit: Visit) -> Mapping[str, Any]:
    found = await visit.queries.tokens(
        visit.number,
        search=visit.ask("search"),
        status=visit.ask("status"),
        at=visit.now,
        cursor=visit.ask("cursor") or None,
        limit=PAGE,
    )
    return {"rows": found.items, "cursor": found.cursor, "states": STATES}
