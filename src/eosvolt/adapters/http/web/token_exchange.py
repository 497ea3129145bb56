"""Tokens out to a CSV file and in from one."""

import asyncio
from collections.abc import AsyncIterator
from typing import NamedTuple

from starlette.datastructures import UploadFile
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from eosvolt.adapters.http.web.asking import one_of
from eosvolt.adapters.http.web.token_file import MOST_BYTES, MOST_LINES, Line, Wrong, header, lines, read
from eosvolt.adapters.http.web.token_terms import FIELDS, STATES, put
from eosvolt.adapters.http.web.visit import Pages, Visit, gone_to, show
from eosvolt.application.executor import Plan
from eosvolt.domain.kernel import Order
from eosvolt.domain.tokens.decider import Token, tokens
from eosvolt.domain.tokens.uid import folded

SHOWN = 200
_AT_ONCE = 500


class Outcome(NamedTuple):
    """How many tokens of a file were new, changed, and as the file says already."""

    added: int
    changed: int
    same: int


def token_exchange_routes(pages: Pages) -> list[Route]:
    """``/tokens/export.csv`` and ``/tokens/import``."""
    return [
        pages.get("/tokens/export.csv", export, {"status": one_of(STATES)}),
        pages.form("/tokens/import", blank, import_file, files=1),
    ]


async def export(visit: Visit) -> Response:
    """The tokens of the filter as a file."""
    name = f"tokens-{visit.number}-{visit.today:%Y-%m-%d}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_exported(visit), media_type="text/csv; charset=utf-8", headers=headers)


async def blank(visit: Visit) -> Response:
    """The form."""
    return await _page(visit, [])


async def import_file(visit: Visit) -> Response:
    """Put all tokens of a file, or say what is wrong with it and change nothing."""
    sent = visit.form.get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        return await _page(visit, [Wrong(0, "", "Choose a file.")])
    content = await sent.read(MOST_BYTES + 1)
    found, wrong = await asyncio.to_thread(read, content, visit.places.zone())
    if not wrong and not found:
        wrong = [Wrong(1, "", "There is no token in the file.")]
    if wrong:
        return await _page(visit, wrong)
    done = await _put(visit, found)
    await visit.queries.settled()
    return gone_to("/tokens", f"{done.added} added, {done.changed} changed, {done.same} as they were.")


async def _put(visit: Visit, found: list[Line]) -> Outcome:
    application, zone = visit.dependencies.application, visit.places.zone()

    async def plan() -> Plan[Outcome]:
        orders, added, changed = [], 0, 0
        for index, line in enumerate(found):
            if index % _AT_ONCE == 0:
                await asyncio.sleep(0)  # others have their turn
            known = await application.state(tokens, _key(visit, line))
            before = known if isinstance(known, Token) else None
            command = put(line.terms, before, visit.number, visit.now, zone)
            order = Order(tokens, f"{visit.number}/{command.uid}", command)
            if before is None:
                added += 1
            elif tokens.decide(command, before):
                changed += 1
            orders.append(order)
        return Plan(orders, Outcome(added, changed, len(orders) - added - changed))

    for start in range(0, len(found), _AT_ONCE):
        await application.recall(tokens, [_key(visit, line) for line in found[start : start + _AT_ONCE]])
    return await application.perform(plan, visit.why)


def _key(visit: Visit, line: Line) -> str:
    return f"{visit.number}/{folded(line.terms.uid)}"


async def _exported(visit: Visit) -> AsyncIterator[str]:
    yield header()
    cursor: str | None = None
    while True:
        page = await visit.queries.tokens(
            visit.number,
            search=visit.ask("search"),
            status=visit.ask("status"),
            at=visit.now,
            cursor=cursor,
            limit=_AT_ONCE,
        )
        yield lines(page.items, visit.places.zone())
        cursor = page.cursor
        if cursor is None:
            return


async def _page(visit: Visit, wrong: list[Wrong]) -> Response:
    return await show(
        visit,
        "tokens/import.html",
        status=422 if wrong else 200,
        page="tokens",
        wrong=wrong[:SHOWN],
        more=max(0, len(wrong) - SHOWN),
        lines=MOST_LINES,
        kilobytes=MOST_BYTES // 1024,
        columns=FIELDS,
    )
