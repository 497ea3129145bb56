"""The power of a zone over time: a chart, and its figures as a table."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from eosvolt.adapters.http.framework.texts import Text, gettext, ngettext
from eosvolt.adapters.http.presentation.zone_series import ZonePoint, resolution, series
from eosvolt.adapters.http.presentation.zones import ZoneState
from eosvolt.adapters.http.web.shell.formats import power
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.zones.view_models import ZonePower

RANGES: Mapping[str, tuple[Text, timedelta]] = {
    "3h": (Text("3 hours"), timedelta(hours=3)),
    "12h": (Text("12 hours"), timedelta(hours=12)),
    "day": (Text("Day"), timedelta(days=1)),
    "week": (Text("Week"), timedelta(days=7)),
    "month": (Text("Month"), timedelta(days=30)),
}
# More chargers are drawn as one.
MOST_DRAWN = 6
MOST_POINTS = 400
MOST_ROWS = 12


async def power_part(request: PageRequest, state: ZoneState, live: str) -> ZonePower:
    """What was drawn and might be used in the stretch of time that the address asks for."""
    shown = request.query("range") or "3h"
    until = request.then
    since = until - RANGES[shown][1]
    by = resolution(since, until, request.now)
    rows = await request.queries.zone_power(request.number, state.row.zone, since, until, by)
    points = _known(series(rows, since, until, by)) if rows else []
    return ZonePower(
        state=state,
        chart=_chart(points, state.row.settings.time_zone) if len(points) > 1 else None,
        figures=_figures(points, state.row.settings.time_zone),
        ranges=[(name, text) for name, (text, _) in RANGES.items()],
        shown=shown,
        live=live,
    )


def _known(points: Sequence[ZonePoint]) -> Sequence[ZonePoint]:
    """The points from the first of which anything is known."""
    first = next((at for at, each in enumerate(points) if each.chargers or each.usable_w is not None), None)
    return [] if first is None else points[first:]


def _chart(points: Sequence[ZonePoint], zone: str) -> dict[str, Any]:
    thinned = list(points[:: max(1, -(-len(points) // MOST_POINTS))])
    if thinned[-1] is not points[-1]:
        thinned.append(points[-1])
    totals: dict[str, int] = {}
    for point in thinned:
        for each in point.chargers:
            totals[each.charger] = totals.get(each.charger, 0) + (each.power_w or 0)
    most = sorted(totals, key=lambda box: (-totals[box], box))
    drawn = sorted(most[:MOST_DRAWN] if len(most) > MOST_DRAWN + 1 else most)
    measured = [{"name": box, "values": [_of_chargers(point, {box}) for point in thinned]} for box in drawn]
    if rest := set(most) - set(drawn):
        name = ngettext("{number} other charger", "{number} other chargers", len(rest))
        measured.append({"name": name, "values": [_of_chargers(point, rest) for point in thinned]})
    return {
        "kind": "zone",
        "zone": zone,
        "unit": "kW",
        "digits": 1,
        "names": {"usable": gettext("Usable"), "allocated": gettext("May draw at most")},
        "at": [int(point.at.timestamp() * 1000) for point in thinned],
        "usable": [_kw(point.usable_w) for point in thinned],
        "allocated": [_kw(point.may_draw_w) for point in thinned],
        "measured": measured,
    }


def _of_chargers(point: ZonePoint, boxes: set[str]) -> float:
    return sum(each.power_w or 0 for each in point.chargers if each.charger in boxes) / 1000


def _kw(power_w: int | None) -> float | None:
    return None if power_w is None else power_w / 1000


def _figures(points: Sequence[ZonePoint], zone: str) -> list[tuple[str, str, str, str]]:
    """Some of the points as texts: the time of day, usable, allowed and measured."""
    step = max(1, -(-len(points) // MOST_ROWS))
    return [
        (
            f"{point.at.astimezone(ZoneInfo(zone)):%d.%m. %H:%M}",
            power(point.usable_w) or "–",
            power(point.may_draw_w) or "–",
            power(point.power_w),
        )
        for point in list(reversed(points))[::step]
    ]
