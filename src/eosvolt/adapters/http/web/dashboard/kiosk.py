"""The dashboard for a screen on the wall: big figures, live, no menus."""

from starlette.responses import Response

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.performance import time_performances
from eosvolt.adapters.http.presentation.ranges import range_of
from eosvolt.adapters.http.web.dashboard.plug_map import PlugStatus
from eosvolt.adapters.http.web.dashboard.view_models import BoardFigure, DashboardBoard, KioskPage
from eosvolt.adapters.http.web.shell.formats import count, energy, minor, period_name, rate
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import show


async def kiosk(request: PageRequest) -> Response:
    """The page, or one of its parts."""
    return await show(request, KioskPage(), {"board": _board, "counts": PlugStatus(request).counts})


async def _board(request: PageRequest) -> DashboardBoard:
    """Today's revenue, energy and sessions, and the utilization and uptime of the week."""
    found = await request.queries.summary(
        request.number, "day", request.today, now=request.then, time_zone=request.locations.zone()
    )
    name = period_name("day", found.compared.since, found.compared.until, found.since)
    before = {each.currency: each for each in found.compared.figures}
    figures = [
        BoardFigure(
            gettext("Revenue today"),
            minor(each.gross, each.currency),
            f"{name}: {minor(before[each.currency].gross, each.currency)}" if each.currency in before else "",
        )
        for each in found.figures
    ]
    sold = sum(each.energy_wh for each in found.figures)
    ended = sum(each.sessions for each in found.figures)
    figures.append(
        BoardFigure(
            gettext("Energy today"),
            energy(sold),
            f"{name}: {energy(sum(each.energy_wh for each in before.values()))}",
        )
    )
    figures.append(
        BoardFigure(
            gettext("Sessions today"),
            count(ended),
            f"{name}: {count(sum(each.sessions for each in before.values()))}",
        )
    )
    week = range_of("week", request.today, request.today)
    titles = {
        "utilization": gettext("Utilization this week"),
        "uptime": gettext("Uptime this week"),
    }
    earlier = period_name("days", week.before, week.compared_until, week.since)
    for shown in await time_performances(request.queries, request.number, [*titles], week, now=request.then):
        (series,) = shown.series
        figures.append(
            BoardFigure(titles[shown.metric], rate(series.value), f"{earlier}: {rate(series.compared)}")
        )
    return DashboardBoard(figures=figures)
