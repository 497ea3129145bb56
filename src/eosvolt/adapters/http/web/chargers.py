"""The list of chargers, each with its plugs."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.web.visit import Pages, Visit, show
from eosvolt.projections.connector_status import ConnectorRow


def charger_list_routes(pages: Pages) -> list[Route]:
    """``/chargers``."""
    return [pages.get("/chargers", charger_list)]


async def charger_list(visit: Visit) -> Response:
    """The page, or its list alone."""
    return await show(visit, "chargers/page.html", {"list": _list}, page="chargers")


async def _list(visit: Visit) -> Mapping[str, Any]:
    rows = await visit.queries.charge_points(
        visit.number, location=visit.ask("location"), search=visit.ask("search")
    )
    plugs: dict[str, list[ConnectorRow]] = {}
    for plug in await visit.queries.connectors(visit.number, location=visit.ask("location")):
        plugs.setdefault(plug.charge_point, []).append(plug)
    connection = visit.ask("connection")
    shown = [
        row
        for row in rows
        if connection not in ("online", "offline") or row.online == (connection == "online")
    ]
    return {
        "chargers": shown,
        "plugs": {name: sorted(some, key=lambda each: each.connector) for name, some in plugs.items()},
        "states": {name: Counter(each.shown for each in some) for name, some in plugs.items()},
    }
