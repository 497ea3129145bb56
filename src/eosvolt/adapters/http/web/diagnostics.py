"""The diagnostics page: what is and was wrong, and solving it."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.ports import FaultFilter
from eosvolt.adapters.http.problems import not_found
from eosvolt.adapters.http.web.visit import Pages, Visit, gone_to, own_path, show
from eosvolt.domain.faults.commands import SolveFault
from eosvolt.domain.faults.decider import faults

PAGE = 50
_LONGEST_NOTE = 2000


def diagnostics_routes(pages: Pages) -> list[Route]:
    """``/diagnostics``."""
    return [pages.get("/diagnostics", diagnostics), pages.post("/diagnostics/solve", solve)]


async def diagnostics(visit: Visit) -> Response:
    """The page, or its list alone."""
    return await show(visit, "diagnostics/page.html", {"entries": _entries}, page="diagnostics")


async def solve(visit: Visit) -> Response:
    """Note that somebody dealt with an entry."""
    row = await visit.queries.fault(visit.number, visit.filled("fault"))
    if row is None:
        raise not_found("There is no such entry.")
    subject, _, number = row.id.rpartition("#")
    command = SolveFault(
        number=int(number), at=visit.now, by=visit.why.by, note=visit.filled("note")[:_LONGEST_NOTE]
    )
    await visit.dependencies.application.execute(faults, subject, command, visit.why)
    await visit.queries.settled()
    return gone_to(
        own_path(visit.filled("next", "/diagnostics")), f"{row.code} of {row.charge_point} is solved."
    )


async def _entries(visit: Visit) -> Mapping[str, Any]:
    state = visit.ask("state", "unsolved")
    wanted = FaultFilter(
        state="" if state == "all" else state,
        kind=visit.ask("kind"),
        location=visit.ask("location"),
        charge_point=visit.ask("charger"),
        search=visit.ask("search"),
    )
    found = await visit.queries.faults(visit.number, wanted, cursor=visit.ask("cursor") or None, limit=PAGE)
    return {"faults": found.items, "cursor": found.cursor, "state": state}
