"""The dashboard's plug status: a tile for each location, the worst first, and its plugs when it is opened.

As many tiles are shown as fit on one screen, the others when they are asked for. A tile has a cell for each
plug; tiles beyond so many cells, where less is wrong, show figures. Which tiles are open, and which states
are wanted, is in the address. A tile is renewed alone when one of its plugs changes, so that none moves
while it is looked at.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.web.dashboard.site import Site, power, rank, severity
from eosvolt.adapters.http.web.dashboard.view_models import DashboardCounts, DashboardPlugs, DashboardSite
from eosvolt.adapters.http.web.shell.labels import PLUG_STATES
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.projections.connector_status import ConnectorRow, PlugsInState, in_states

# So many plugs are listed at once; to see more of them the chargers' list has pages.
MOST_LISTED = 300
MOST_CELLS = 600
MOST_TILES = 48
_ALWAYS_COUNTED = ("Available", "Charging", "Faulted", "Offline")


class PlugStatus:
    """The parts of one page about all plugs, whose states are asked for once."""

    def __init__(self, request: PageRequest) -> None:
        """The parts of the answer to ``request``."""
        self._request = request
        self._known: Sequence[PlugsInState] | None = None
        self._asking = asyncio.Lock()

    async def counts(self, request: PageRequest) -> DashboardCounts:
        """How many plugs are in each state, and what they draw."""
        states = await self._states()
        counted = _plugs(states)
        return DashboardCounts(
            counts=[(s, counted[s]) for s in PLUG_STATES if counted[s] or s in _ALWAYS_COUNTED],
            wanted=_wanted(request),
            plug_count=counted.total(),
            power_w=power(states),
        )

    async def tiles(self, request: PageRequest) -> DashboardPlugs:
        """The tiles with a plug in a wanted state: those that are open, and the worst ones or all."""
        states, wanted = await self._states(), _wanted(request)
        by_place: dict[str, list[PlugsInState]] = defaultdict(list)
        for each in states:
            by_place[each.location].append(each)
        shown = [
            place
            for place, its in by_place.items()
            if not wanted or any(each.state in wanted for each in its)
        ]
        shown.sort(
            key=lambda place: (
                -severity(_plugs(by_place[place])),
                request.locations.name(place).casefold(),
                place,
            )
        )
        found = len(shown)
        if request.query("tiles") != "all":
            opened = request.query_values("open")
            shown = [place for n, place in enumerate(shown) if n < MOST_TILES or place in opened]
        drawn = _drawn(request, shown, by_place)
        rows: dict[str, list[ConnectorRow]] = defaultdict(list)
        for row in await request.queries.connectors(request.number, locations=drawn, as_of=request.as_of):
            rows[row.location].append(row)
        # A plug may have changed between the two questions: a tile with cells counts those that it shows.
        sites = [
            _site(request, place, in_states(rows[place]) or by_place[place], rows[place]) for place in shown
        ]
        return DashboardPlugs(
            sites=_at_most(sites),
            wanted=wanted,
            plug_count=sum(each.plugs for each in states),
            tile_count=found,
            fewer=found > MOST_TILES,
        )

    async def _states(self) -> Sequence[PlugsInState]:
        async with self._asking:
            if self._known is None:
                self._known = await self._request.queries.plug_states(
                    self._request.number, as_of=self._request.as_of
                )
        return self._known


async def one_site(request: PageRequest) -> DashboardSite:
    """The tile that ``X-At`` names. 404 where that location has no plugs any more."""
    plugs = await request.queries.connectors(request.number, location=request.part_key, as_of=request.as_of)
    if not request.part_key or not plugs:
        raise not_found()
    site = _site(request, request.part_key, in_states(plugs), plugs)
    return DashboardSite(site=site, wanted=_wanted(request))


def _drawn(
    request: PageRequest, places: Sequence[str], by_place: Mapping[str, Sequence[PlugsInState]]
) -> list[str]:
    """The tiles whose plugs are shown: those that are open, and the worst ones."""
    opened, wanted = request.query_values("open"), _wanted(request)
    drawn, cells = [], 0
    for place in places:
        if cells < (MOST_LISTED if wanted else MOST_CELLS) or place in opened:
            drawn.append(place)
            cells += sum(each.plugs for each in by_place[place] if not wanted or each.state in wanted)
    return drawn


def _site(
    request: PageRequest, location: str, states: Sequence[PlugsInState], plugs: Iterable[ConnectorRow]
) -> Site:
    wanted = _wanted(request)
    rows = sorted(plugs, key=lambda row: (rank(row.shown), row.charge_point, row.connector))
    open_ = location in request.query_values("open") or bool(wanted)
    listed = [row for row in rows if not wanted or row.shown in wanted] if open_ else None
    # A closed tile shows states only; what a plug draws changes far more often.
    topic = "charge-point" if open_ else "plug-state"
    chargers = sorted({charger for each in states for charger in each.chargers})
    live = " ".join(f"{topic}:{request.number}/{each}" for each in chargers) if request.as_of is None else ""
    counted, places = _plugs(states), request.locations
    more = sum(counted[each] for each in wanted or counted) - len(listed) if listed is not None else 0
    return Site(location, places.name(location), places.zone(location), counted, rows, listed, more, live)


def _at_most(sites: Sequence[Site]) -> list[Site]:
    shown, left = [], MOST_LISTED
    for site in sites:
        if site.listed is None:
            shown.append(site)
        else:
            listed = site.listed[:left]
            shown.append(site._replace(listed=listed, more=site.more + len(site.listed) - len(listed)))
            left -= len(listed)
    return shown


def _plugs(states: Iterable[PlugsInState]) -> Counter[str]:
    """The number of plugs by state."""
    counted = Counter[str]()
    for each in states:
        counted[each.state] += each.plugs
    return counted


def _wanted(request: PageRequest) -> list[str]:
    return list(request.query_values("plug"))
