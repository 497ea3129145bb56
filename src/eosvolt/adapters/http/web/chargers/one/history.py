"""What happened to a charger, and when it was connected: the newest first."""

from collections.abc import Sequence
from datetime import datetime

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.web.chargers.form import charger_row
from eosvolt.adapters.http.web.chargers.one.page import show_charger
from eosvolt.adapters.http.web.chargers.one.view_models import (
    ChargerConnectionsPage,
    ChargerHistoryPage,
    ConnectionSpan,
)
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages
from eosvolt.adapters.http.web.shell.query_parameters import number
from eosvolt.adapters.http.web.shell.timeline import timeline
from eosvolt.application.operations.chargers import VIEW
from eosvolt.domain.charge_points.events import (
    ChargePointBooted,
    ChargePointConnected,
    ChargePointDisconnected,
)
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tags

FACTS_PER_PAGE = 100
_OF_CONNECTIONS = tuple(tags(ChargePointConnected, ChargePointDisconnected, ChargePointBooted))


# A position in the history: 63 bits.
PLACE = number(0, 2**63 - 1)


def charger_history_routes(pages: Pages) -> list[Route]:
    """``/chargers/{charger}/history`` and ``connections``."""
    return [
        pages.get("/chargers/{charger}/history", history, {"before": PLACE}, needs=VIEW),
        pages.get("/chargers/{charger}/connections", connections, {"before": PLACE}, needs=VIEW),
    ]


async def history(request: PageRequest) -> Response:
    """Every event of the charger and its upkeep, some on each page."""
    row = await charger_row(request)
    facts = await request.queries.charger_facts(
        request.number, row.charge_box_id, before=_before(request), limit=FACTS_PER_PAGE
    )
    zone = request.locations.zone(row.location)
    return await show_charger(
        request,
        row,
        "history",
        ChargerHistoryPage(
            entries=timeline(facts, zone),
            following=facts[-1].position if len(facts) == FACTS_PER_PAGE else None,
        ),
    )


async def connections(request: PageRequest) -> Response:
    """When it was connected, from where and how, and why that ended."""
    row = await charger_row(request)
    before = _before(request)
    facts = await request.queries.charger_facts(
        request.number, row.charge_box_id, before=before, tags=_OF_CONNECTIONS, limit=FACTS_PER_PAGE
    )
    return await show_charger(
        request,
        row,
        "connections",
        ChargerConnectionsPage(
            connections=connections_of(facts, newest=before is None),
            newest=before is None,
            following=facts[-1].position if len(facts) == FACTS_PER_PAGE else None,
        ),
    )


def connections_of(facts: Sequence[Fact], *, newest: bool = True) -> list[ConnectionSpan]:
    """The connections that facts (the newest first) are about, the newest first.

    ``newest``: nothing happened after the first of them. Without that the end of the first may be unknown.
    """
    found: list[ConnectionSpan] = []
    until: datetime | None = None
    reason, boots, ended = "", 0, not newest
    for fact in facts:
        match fact.event:
            case ChargePointDisconnected(at=at, reason=why):
                until, reason, boots, ended = at, why, 0, True
            case ChargePointBooted(again=False):
                boots += 1
            case ChargePointConnected(at=at) as connected:
                replaced = bool(found) and not reason
                found.append(ConnectionSpan(connected, until if ended else None, reason, replaced, boots))
                # What came before and did not end was replaced by this one.
                until, reason, boots, ended = at, "", 0, True
            case _:
                continue
    return found


def _before(request: PageRequest) -> int | None:
    return int(request.query("before")) if request.query("before") else None
