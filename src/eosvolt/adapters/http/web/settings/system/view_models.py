"""What the templates of the system are given."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import ClassVar, NamedTuple

from eosvolt.adapters.http.presentation.failed_jobs import FailedJobCounts
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.frames_lost import LogOfFrames
from eosvolt.application.installation import Installation, Lag
from eosvolt.application.running_jobs import ReportedJob


class LagLine(NamedTuple):
    """What follows the history, by how many events it is behind, and for how long.

    ``models``: a row for so many read models, none of which is behind.
    """

    lag: Lag | None
    events: int = 0
    time: timedelta = timedelta()
    models: int = 0


class SystemFigures(ViewModel, frozen=True, kw_only=True):
    """How the installation is doing. Certificates that end before ``ends_soon`` are marked."""

    templates: ClassVar = ("settings/system/figures.html",)

    installation: Installation
    jobs: Sequence[tuple[ReportedJob, str]]
    states: Mapping[str, int]
    lags: Sequence[LagLine]
    failed: FailedJobCounts
    frames: LogOfFrames
    kept_days: int
    drops_on: date | None
    ends_soon: datetime
    backup_old: bool
    little_room: bool


class SystemPage(ViewModel, frozen=True, kw_only=True):
    """The installation."""

    templates: ClassVar = ("settings/system/page.html",)
    parts: ClassVar = (SystemFigures,)

    page: str = "settings"
