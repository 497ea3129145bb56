"""What the templates of settings are given."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar

from eosvolt.adapters.http.web.shell.lost_update import LostUpdate
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.failed_jobs import FailedJob
from eosvolt.application.frames_lost import LogOfFrames
from eosvolt.projections.companies import ApiKeyRow


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
    """The company's settings and API keys; ``issued`` is a new key, which no other page shows."""

    templates: ClassVar = ("settings/page.html",)

    lost: LostUpdate | None
    version: int | str
    keys: Sequence[ApiKeyRow]
    uses: Mapping[str, datetime]
    issued: str
    values: Mapping[str, str]
    label: str
    problems: Mapping[str, str]
    key_problems: Mapping[str, str]
    page: str = "settings"


class RevokeKeyPage(ViewModel, frozen=True, kw_only=True):
    """Asks whether an API key is to end."""

    templates: ClassVar = ("settings/revoke.html",)

    row: ApiKeyRow
    page: str = "settings"
