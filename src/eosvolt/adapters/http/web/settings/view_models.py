"""What the templates of settings are given."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar, NamedTuple

from eosvolt.adapters.http.web.shell.lost_update import LostUpdate
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.failed_jobs import FailedJob
from eosvolt.application.frames_lost import LogOfFrames


class ChangedSetting(NamedTuple):
    """A setting that was changed, as the form shows values."""

    label: str
    before: str
    now: str


class SettingsChangeEntry(NamedTuple):
    """One change of settings; ``by`` is the actor as in the history."""

    at: datetime
    by: str
    settings: Sequence[ChangedSetting]


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
    """The company's settings, and what its reader may do with them.

    ``form_labels`` are the names of the form's fields; ``countries`` and ``languages`` are pairs of
    a code and a name.
    """

    templates: ClassVar = ("settings/page.html",)

    lost: LostUpdate | None
    version: int | str
    values: Mapping[str, str]
    problems: Mapping[str, str]
    may_see_bank: bool
    second_factor: bool
    form_labels: Mapping[str, str]
    countries: Sequence[tuple[str, str]]
    languages: Sequence[tuple[str, str]]
    currencies: Sequence[str]
    time_zones: Sequence[str]
    page: str = "settings"


class SettingsHistoryPage(ViewModel, frozen=True, kw_only=True):
    """Who changed which setting when, the newest first."""

    templates: ClassVar = ("settings/history.html",)

    entries: Sequence[SettingsChangeEntry]
    page: str = "settings"
