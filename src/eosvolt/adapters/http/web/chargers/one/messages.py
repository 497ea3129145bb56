"""The OCPP messages between a charger and the system, the newest first."""

import json
from collections.abc import Sequence

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.web.chargers.form import charger_row
from eosvolt.adapters.http.web.chargers.one.page import show_charger
from eosvolt.adapters.http.web.chargers.one.view_models import ChargerMessagesPage, FrameLine
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages
from eosvolt.adapters.http.web.shell.query_parameters import instant, moment, one_of
from eosvolt.application.operations.chargers import VIEW
from eosvolt.application.questions import FrameFilter, LoggedFrame

FRAMES_PER_PAGE = 100
FILTERS = ("direction", "action", "outcome", "text", "since", "until")
# The first letters of an outcome, and what it means.
OUTCOMES = {
    "answered": Text("answered"),
    "repaired": Text("repaired and answered"),
    "repeated": Text("came again"),
    "unparsed": Text("kept, not understood"),
    "error": Text("answered with an error"),
    "ignored": Text("no message at all"),
    "late": Text("came too late"),
    "sent": Text("sent"),
    "undelivered": Text("not delivered"),
}


def charger_message_routes(pages: Pages) -> list[Route]:
    """``/chargers/{charger}/messages``."""
    query_checks = {
        "direction": one_of(("in", "out")),
        "outcome": one_of(OUTCOMES),
        "since": moment,
        "until": moment,
    }
    return [pages.get("/chargers/{charger}/messages", messages, query_checks, needs=VIEW)]


async def messages(request: PageRequest) -> Response:
    """The frames that are wanted. It stands still, so that one can read."""
    row = await charger_row(request)
    zone = request.locations.zone(row.location)
    wanted = FrameFilter(
        direction=request.query("direction"),
        action=request.query("action"),
        outcome=request.query("outcome"),
        text=request.query("text"),
        since=instant(request.query("since"), zone),
        until=instant(request.query("until"), zone),
    )
    page = await request.queries.frames(
        request.number,
        row.charge_box_id,
        wanted,
        cursor=request.query("cursor") or None,
        limit=FRAMES_PER_PAGE,
    )
    asked = {name: request.query(name) for name in FILTERS if request.query(name)}
    return await show_charger(
        request,
        row,
        "messages",
        ChargerMessagesPage(
            messages=paired(page.items),
            cursor=page.cursor,
            outcomes=OUTCOMES,
            filtered=bool(asked),
            download=download_query(asked, wanted),
        ),
    )


def download_query(asked: dict[str, str], wanted: FrameFilter) -> dict[str, str]:
    """The same filter as the API is asked for it: instants with their offset."""
    exact = {
        name: at.isoformat()
        for name, at in (("since", wanted.since), ("until", wanted.until))
        if at is not None
    }
    return {name: text for name, text in asked.items() if name not in ("since", "until")} | exact


def paired(found: Sequence[LoggedFrame]) -> list[FrameLine]:
    """The frames, each with the number of what it answers or what answers it.

    A call and its answer go opposite ways on one connection under one message id.
    """
    by_way: dict[tuple[str, str, str], int] = {}
    for each in found:
        frame = each.frame
        if frame.message_id:
            by_way[(frame.connection, frame.direction, frame.message_id)] = each.id
    return [
        FrameLine(
            number=each.id,
            frame=each.frame,
            other=by_way.get(
                (
                    each.frame.connection,
                    "in" if each.frame.direction == "out" else "out",
                    each.frame.message_id,
                )
            ),
            pretty=_pretty(each.frame.text),
        )
        for each in found
    ]


def _pretty(text: str) -> str:
    """A frame on several lines; what is no JSON as it came."""
    try:
        return json.dumps(json.loads(text), indent=1, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
