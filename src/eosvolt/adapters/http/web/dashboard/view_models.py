"""What the templates of the dashboard are given."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, ClassVar, NamedTuple

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.presentation.ranges import Range
from eosvolt.adapters.http.web.dashboard.site import Site
from eosvolt.adapters.http.web.sessions.table import SessionTable
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.performance_questions import Attempts, PlugFilter
from eosvolt.application.questions import Summary
from eosvolt.projections.bookings import BookingRow
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


class PerformanceLine(NamedTuple):
    """The figures of all plugs or of one location, as texts.

    ``change`` is in percent of the stretch before, ``points`` in percentage points, where these say more.
    """

    location: str
    name: str
    value: str
    compared: str
    change: int | None
    points: Fraction | None
    steps: Sequence[str]


class Cause(NamedTuple):
    """Why plugs were down, for how long, and its share of the time that counts."""

    name: str
    passed: timedelta
    share: Fraction
    state: str

    @property
    def width(self) -> float:
        """In percent; however short, it can be seen."""
        return max(float(self.share) * 100, 1.0) if self.passed else 0.0


class PerformanceFigures(NamedTuple):
    """One metric of a range. ``chart`` is what the browser draws (JSON)."""

    metric: str
    metrics: Mapping[str, Text]
    ranges: Mapping[str, Text]
    shown: Range
    span: str
    earlier: str
    later: str
    definition: str
    definitions: Mapping[str, Text]
    wanted: PlugFilter
    question: str
    formula: str
    compared: str
    lines: Sequence[PerformanceLine]
    steps: Sequence[str]
    chart: Mapping[str, Any]
    causes: Sequence[Cause]
    threshold: int | None
    most_compared: int
    recorded_at: datetime | None


class DashboardPerformance(ViewModel, frozen=True, kw_only=True):
    """One metric of a range. ``chart`` is what the browser draws (JSON)."""

    templates: ClassVar = ("dashboard/performance.html",)

    performance: PerformanceFigures


class UsageFigures(NamedTuple):
    """How charging attempts ended, and the sessions that began by weekday and hour."""

    span: str
    attempts: Attempts
    success: Fraction | None
    formula: str
    days: str
    weekdays: Sequence[str]
    cells: Sequence[Sequence[int]]
    most: int


class DashboardUsage(ViewModel, frozen=True, kw_only=True):
    """How charging attempts ended, and the sessions that began by weekday and hour."""

    templates: ClassVar = ("dashboard/usage.html",)

    usage: UsageFigures


class BoardFigure(NamedTuple):
    """A big figure, and what it is compared with."""

    title: str
    value: str
    beside: str


class DashboardBoard(ViewModel, frozen=True, kw_only=True):
    """The big figures of the kiosk."""

    templates: ClassVar = ("dashboard/board.html",)

    figures: Sequence[BoardFigure]


class DashboardCounts(ViewModel, frozen=True, kw_only=True):
    """How many plugs are in each state, and their power in W; ``wanted`` are the states of the filter."""

    templates: ClassVar = ("dashboard/counts.html",)

    counts: Sequence[tuple[str, int]]
    wanted: list[str]
    plug_count: int
    power_w: int | None


class DashboardPlugs(ViewModel, frozen=True, kw_only=True):
    """Tiles of locations with a plug in a wanted state.

    ``tile_count`` is how many there are; ``fewer``: at first only the worst of them are shown.
    """

    templates: ClassVar = ("dashboard/plugs.html",)

    sites: Sequence[Site]
    wanted: list[str]
    plug_count: int
    tile_count: int
    fewer: bool


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


class KioskPage(ViewModel, frozen=True, kw_only=True):
    """The dashboard for a screen on the wall."""

    templates: ClassVar = ("dashboard/kiosk.html",)
    parts: ClassVar = (DashboardBoard, DashboardCounts)


class DashboardBookings(ViewModel, frozen=True, kw_only=True):
    """The bookings that go on or come next; ``names`` are customers' by id."""

    templates: ClassVar = ("dashboard/bookings.html",)

    rows: Sequence[BookingRow]
    names: Mapping[str, str]
    booking_states: Mapping[str, Text]


class DashboardPage(ViewModel, frozen=True, kw_only=True):
    """The dashboard. ``shows_bookings``: its part with bookings is there."""

    templates: ClassVar = ("dashboard/page.html",)
    parts: ClassVar = (
        DashboardSummary,
        DashboardPlugs,
        DashboardCounts,
        DashboardDiagnostics,
        DashboardRecent,
        DashboardSite,
        DashboardPerformance,
        DashboardUsage,
        DashboardBookings,
    )

    shows_bookings: bool
    page: str = "dashboard"
