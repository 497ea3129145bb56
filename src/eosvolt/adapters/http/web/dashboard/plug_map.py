"""The dashboard's plug status: a tile for each location, the worst first, and its plugs when it is opened.

A tile shows a cell for each plug, so that a thousand fit on one screen. Which tiles are open, and which
states are wanted, is in the address. A tile is renewed alone when one of its plugs changes, so that none
moves while it is looked at.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.web.dashboard.site import SEVERITY, Site, power, rank
from eosvolt.adapters.http.web.dashboard.view_models import DashboardCounts, DashboardPlugs, DashboardSite
from eosvolt.adapters.http.web.shell.labels import PLUG_STATES
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.projections.connector_status import ConnectorRow

# So many plugs are listed at once; to see more of them the chargers' list has pages.
MOST_LISTED = 300
_ALWAYS_COUNTED = ("Available", "Charging", "Faulted", "Offline")


class PlugStatus:
    """The parts of one page about all plugs, which are asked for once."""

    def __init__(self, request: PageRequest) -> None:
        """The parts of the answer to ``request``."""
        self._request = request
        self._rows: Sequence[ConnectorRow] | None = None

    async def counts(self, request: PageRequest) -> DashboardCounts:
        """How many plugs are in each state, and what they draw."""
        rows = await self._plugs()
        counted = Counter(row.shown for row in rows)
        return DashboardCounts(
            counts=[(s, counted[s]) for s in PLUG_STATES if counted[s] or s in _ALWAYS_COUNTED],
            wanted=_wanted(request),
            plug_count=len(rows),
            power_w=power(rows),
        )

    async def tiles(self, request: PageRequest) -> DashboardPlugs:
        """All tiles with a plug in a wanted state."""
        rows = await self._plugs()
        by_place: dict[str, list[ConnectorRow]] = defaultdict(list)
        for row in rows:
            by_place[row.location].append(row)
        wanted = _wanted(request)
        sites = [
            _site(request, location, plugs)
            for location, plugs in by_place.items()
            if not wanted or any(plug.shown in wanted for plug in plugs)
        ]
        sites.sort(key=lambda site: (-_severity(site.plugs), site.name.casefold(), site.location))
        return DashboardPlugs(sites=_at_most(sites), wanted=wanted, plug_count=len(rows))

    async def _plugs(self) -> Sequence[ConnectorRow]:
        if self._rows is None:
            self._rows = await self._request.queries.connectors(
                self._request.number, as_of=self._request.as_of
            )
        return self._rows


async def one_site(request: PageRequest) -> DashboardSite:
    """The tile that ``X-At`` names. 404 where that location has no plugs any more."""
    plugs = await request.queries.connectors(request.number, location=request.part_key, as_of=request.as_of)
    if not request.part_key or not plugs:
        raise not_found()
    return DashboardSite(site=_site(request, request.part_key, plugs), wanted=_wanted(request))


def _site(request: PageRequest, location: str, plugs: Iterable[ConnectorRow]) -> Site:
    wanted = _wanted(request)
    rows = sorted(plugs, key=lambda row: (rank(row.shown), row.charge_point, row.connector))
    open_ = location in request.query_values("open") or bool(wanted)
    listed = [row for row in rows if not wanted or row.shown in wanted] if open_ else None
    # A closed tile shows states only; what a plug draws changes far more often.
    topic = "charge-point" if open_ else "plug-state"
    chargers = sorted({row.charge_point for row in rows})
    live = " ".join(f"{topic}:{request.number}/{each}" for each in chargers) if request.as_of is None else ""
    places = request.locations
    return Site(location, places.name(location), places.zone(location), rows, listed, live)


def _at_most(sites: Sequence[Site]) -> list[Site]:
    shown, left = [], MOST_LISTED
    for site in sites:
        if site.listed is None:
            shown.append(site)
        else:
            shown.append(site._replace(listed=site.listed[:left]))
            left = max(left - len(site.listed), 0)
    return shown


def _wanted(request: PageRequest) -> list[str]:
    return list(request.query_values("plug"))


def _severity(plugs: Iterable[ConnectorRow]) -> int:
    return sum(SEVERITY.get(plug.shown, 0) for plug in plugs)
