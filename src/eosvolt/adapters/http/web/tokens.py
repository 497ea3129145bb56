"""The tokens that a company knows: cards, key fobs and apps, and whether they may charge."""

import re
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.problems import not_found
from eosvolt.adapters.http.web.asking import instant
from eosvolt.adapters.http.web.visit import Pages, Visit, gone_to, show
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.tokens.commands import PutToken
from eosvolt.domain.tokens.decider import tokens
from eosvolt.domain.tokens.events import TokenStatus
from eosvolt.domain.tokens.uid import folded

PAGE = 50
STATES = {"accepted": "Accepted", "blocked": "Blocked", "expired": "Expired"}

_UID = re.compile(r"[!-~](?:[ -~]{0,34}[!-~])?")
_GROUP = re.compile(rf"(?:{_UID.pattern})?")
_LONGEST_LABEL = 200


def token_routes(pages: Pages) -> list[Route]:
    """``/tokens``."""
    return [pages.form("/tokens", token_list, issue), pages.post("/tokens/{token}/status", change_status)]


async def token_list(visit: Visit) -> Response:
    """The page, or its list alone."""
    return await _page(visit, {})


async def issue(visit: Visit) -> Response:
    """Issue a token."""
    wrong = await _issued(visit)
    if wrong:
        return await _page(visit, wrong)
    return gone_to("/tokens", f"Token {folded(visit.filled('uid'))} is known.")


async def _page(visit: Visit, wrong: dict[str, str]) -> Response:
    typed = {name: visit.filled(name) for name in ("uid", "label", "group", "expiresAt")}
    return await show(
        visit,
        "tokens/page.html",
        {"list": _list},
        status=422 if wrong else 200,
        page="tokens",
        typed=typed,
        problems=wrong,
    )


async def change_status(visit: Visit) -> Response:
    """Block a token, or let it charge again."""
    row = await visit.queries.token(visit.number, visit.place("token"))
    status = visit.filled("status")
    if row is None or status not in STATES:
        raise not_found("There is no such token.")
    command = PutToken(
        company=visit.number,
        uid=row.uid,
        at=visit.now,
        status=TokenStatus(status),
        group=row.group,
        expires_at=row.expires_at,
        label=row.label,
        concurrent=row.concurrent,
    )
    await visit.dependencies.application.execute(tokens, f"{visit.number}/{row.uid}", command, visit.why)
    await visit.queries.settled()
    return gone_to("/tokens", f"Token {row.uid} is {STATES[status].lower()} now.")


async def _list(visit: Visit) -> Mapping[str, Any]:
    found = await visit.queries.tokens(
        visit.number, search=visit.ask("search"), cursor=visit.ask("cursor") or None, limit=PAGE
    )
    return {"rows": found.items, "cursor": found.cursor, "states": STATES}


async def _issued(visit: Visit) -> dict[str, str]:
    """Issue the token that was typed; what is wrong by field, nothing where it is issued."""
    uid, group, expires = (
        folded(visit.filled("uid")),
        folded(visit.filled("group")),
        visit.filled("expiresAt"),
    )
    expires_at = instant(expires, visit.places.zone())
    wrong = {}
    if not _UID.fullmatch(uid):
        wrong["uid"] = "1 to 36 characters: letters, digits, signs, and blanks between them."
    if not _GROUP.fullmatch(group):
        wrong["group"] = "At most 36 characters: letters, digits, signs, and blanks between them."
    if expires and expires_at is None:
        wrong["expiresAt"] = "Please choose a date and time, or nothing."
    if not wrong and await visit.queries.token(visit.number, uid) is not None:
        wrong["uid"] = "This token is known already: change it in the list."
    if wrong:
        return wrong
    command = PutToken(
        company=visit.number,
        uid=uid,
        at=visit.now,
        status=TokenStatus.ACCEPTED,
        group=group,
        expires_at=expires_at,
        label=visit.filled("label")[:_LONGEST_LABEL],
        concurrent=bool(visit.filled("concurrent")),
    )
    try:
        await visit.dependencies.application.execute(tokens, f"{visit.number}/{uid}", command, visit.why)
    except Rejected as refusal:
        return {"uid": str(refusal)}
    await visit.queries.settled()
    return {}
