"""One charger: its connection, its plugs, what it did and what it can be asked to do."""

from collections.abc import Mapping
from typing import Any, cast

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.api.tellings import AnyTelling
from eosvolt.adapters.http.ports import FaultFilter, SessionFilter
from eosvolt.adapters.http.web.charger_form import charger_row
from eosvolt.adapters.http.web.session_rows import session_lines
from eosvolt.adapters.http.web.timeline import timeline
from eosvolt.adapters.http.web.visit import Pages, Visit, gone_to, segment, show
from eosvolt.adapters.http.web.words import COMMANDS
from eosvolt.domain.kernel import Rejected

SESSIONS, COMMANDS_SHOWN, FAULTS = 10, 8, 5
FACTS_PER_PAGE = 100
# The fields of each operation's form, as the API names them, and how their text becomes a value.
_FIELDS = {
    "remoteStart": ("token", "plug"),
    "reset": ("kind",),
    "unlock": ("plug",),
    "changeAvailability": ("operative", "plug"),
    "triggerMessage": ("requestedMessage", "plug"),
    "getConfiguration": ("key",),
    "changeConfiguration": ("key", "value"),
    "clearCache": (),
}


def charger_routes(pages: Pages) -> list[Route]:
    """``/chargers/{charger}`` and what belongs to it."""
    return [
        pages.get("/chargers/{charger}", charger_page),
        pages.post("/chargers/{charger}/do", do),
        pages.get("/chargers/{charger}/history", history),
    ]


async def charger_page(visit: Visit) -> Response:
    """The page, or one of its parts."""
    parts = {"state": _state, "commands": _commands, "life": _life}
    return await show(visit, "chargers/one/page.html", parts, page="chargers")


async def do(visit: Visit) -> Response:
    """Ask the charger to do something. What comes of it shows on its page."""
    row = await charger_row(visit)
    page = f"/chargers/{segment(row.charge_box_id)}"
    action = visit.filled("action")
    if action not in _FIELDS:
        return gone_to(page, "There is no such operation.")
    try:
        payload = _payload(visit, action)
        await visit.dependencies.commanding.request(
            visit.number, row.charge_point, action, payload, visit.why.by
        )
    except (Rejected, msgspec.ValidationError) as refusal:
        return gone_to(f"{page}#operations", f"{COMMANDS[action]}: {refusal}")
    await visit.queries.settled()
    return gone_to(f"{page}#commands")


async def history(visit: Visit) -> Response:
    """Every event of the charger, oldest first, some on each page."""
    row = await charger_row(visit)
    text = visit.ask("after")
    after = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    facts = await visit.queries.facts(
        visit.number, after=after, stream=f"charge-point:{row.charge_point}", limit=FACTS_PER_PAGE
    )
    zone = visit.places.zone(row.location)
    return await show(
        visit,
        "chargers/one/history.html",
        page="chargers",
        row=row,
        zone=zone,
        entries=timeline(facts, zone),
        following=facts[-1].position if len(facts) == FACTS_PER_PAGE else None,
    )


async def _state(visit: Visit) -> Mapping[str, Any]:
    row = await charger_row(visit)
    plugs = await visit.queries.connectors(visit.number, charge_box_id=row.charge_box_id)
    return {
        "row": row,
        "plugs": sorted(plugs, key=lambda plug: plug.connector),
        "links": visit.dependencies.charger_links(visit.number),
        "zone": visit.places.zone(row.location),
    }


async def _commands(visit: Visit) -> Mapping[str, Any]:
    row = await charger_row(visit)
    return {
        "row": row,
        "commands": await visit.queries.commands(visit.number, row.charge_box_id, COMMANDS_SHOWN),
    }


async def _life(visit: Visit) -> Mapping[str, Any]:
    row = await charger_row(visit)
    recent = await visit.queries.sessions(
        visit.number, SessionFilter(charge_point=row.charge_box_id), limit=SESSIONS
    )
    faults = await visit.queries.faults(
        visit.number, FaultFilter(state="unsolved", charge_point=row.charge_box_id), limit=FAULTS
    )
    return {"row": row, "recent": session_lines(visit, recent.items), "faults": faults.items}


def _payload(visit: Visit, action: str) -> dict[str, Any]:
    """The operation as the API would be asked for it, checked by the API's types; ``ValidationError``."""
    wish: dict[str, Any] = {"type": action}
    for name in _FIELDS[action]:
        text = visit.filled(name)
        match name:
            case "plug" if text:
                wish[name] = int(text) if text.isascii() and text.isdigit() else text
            case "operative":
                wish[name] = text == "yes"
            case "key" if action == "getConfiguration":
                wish[name] = [key.strip() for key in text.split(",") if key.strip()]
            case "value":
                wish[name] = text
            case _ if text:
                wish[name] = text
    telling = msgspec.convert(wish, cast("type[AnyTelling]", AnyTelling))
    payload = cast("dict[str, Any]", msgspec.to_builtins(telling))
    del payload["type"]
    return payload
