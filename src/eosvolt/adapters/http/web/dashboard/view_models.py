"""What the templates of the dashboard are given."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, NamedTuple

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.web.dashboard.site import Site
from eosvolt.adapters.http.web.sessions.table import SessionTable
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.questions import Summary
from eosvolt.projections.charge_points import ChargePointRow
from eosvolt.projections.faults import FaultRow


class Card(NamedTuple):
    """One figure of the summary and the same of the period before.

    ``change`` is in percent, ``None`` from zero. ``compared`` names the stretch that ``before`` is of.
    """

    metric: str
    title: str
    value: str
    before: str
    compared: str
    change: int | None
    series: tuple[int, ...]
    formula: str


class DashboardSummary(ViewModel, frozen=True, kw_only=True):
    """How business goes. ``chart`` is what the browser draws (JSON).

    ``cut``: the instant up to which a running period is compared with the one before.
    """

    templates: ClassVar = ("dashboard/summary.html",)

    period: str
    periods: Mapping[str, Text]
    summary: Summary
    title: str
    earlier: str
    later: str | None
    cards: Sequence[Card]
    cut: datetime | None
    metric: str
    currency: str
    question: str
    chart: Mapping[str, Any]


class DashboardCounts(ViewModel, frozen=True, kw_only=True):
    """How many plugs are in each state, and their power in W; ``wanted`` are the states of the filter."""

    templates: ClassVar = ("dashboard/counts.html",)

    counts: Sequence[tuple[str, int]]
    wanted: list[str]
    plug_count: int
    power_w: int | None


class DashboardPlugs(ViewModel, frozen=True, kw_only=True):
    """The tiles of all locations with a plug in a wanted state."""

    templates: ClassVar = ("dashboard/plugs.html",)

    sites: Sequence[Site]
    wanted: list[str]
    plug_count: int


class DashboardSite(ViewModel, frozen=True, kw_only=True):
    """The tile of one location."""

    templates: ClassVar = ("dashboard/site.html",)

    site: Site
    wanted: list[str]


class DashboardDiagnostics(ViewModel, frozen=True, kw_only=True):
    """The faults that need attention, and some that recovered."""

    templates: ClassVar = ("dashboard/diagnostics.html",)

    faults: Sequence[FaultRow]


class DashboardRecent(ViewModel, frozen=True, kw_only=True):
    """The newest sessions; ``chargers`` are asked for only where there are none."""

    templates: ClassVar = ("dashboard/recent.html",)

    recent: SessionTable
    chargers: Sequence[ChargePointRow]


class DashboardPage(ViewModel, frozen=True, kw_only=True):
    """The dashboard."""

    templates: ClassVar = ("dashboard/page.html",)
    parts: ClassVar = (
        DashboardSummary,
        DashboardPlugs,
        DashboardCounts,
        DashboardDiagnostics,
        DashboardRecent,
        DashboardSite,
    )

    page: str = "dashboard"
