"""What the templates of settings are given."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from eosvolt.adapters.http.web.shell.lost_update import LostUpdate
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.failed_jobs import FailedJob
from eosvolt.application.frames_lost import LogOfFrames


class FailedJobsPage(ViewModel, frozen=True, kw_only=True):
    """Failed jobs; those of the company number ``installation`` are of the whole installation.

    ``frames`` counts the OCPP messages that were not kept; the oldest are dropped on the day ``drops_on``.
    """

    templates: ClassVar = ("settings/failed_jobs.html",)

    jobs: Sequence[FailedJob]
    installation: int
    frames: LogOfFrames
    kept_days: int
    drops_on: date | None
    page: str = "settings"


class SettingsPage(ViewModel, frozen=True, kw_only=True):
    """The company's settings; ``may_keys``: with the way to its API keys."""

    templates: ClassVar = ("settings/page.html",)

    lost: LostUpdate | None
    version: int | str
    may_keys: bool
    values: Mapping[str, str]
    problems: Mapping[str, str]
    page: str = "settings"
