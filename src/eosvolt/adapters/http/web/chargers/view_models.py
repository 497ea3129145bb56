"""What the templates of chargers are given."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import ClassVar, NamedTuple

from eosvolt.adapters.http.web.chargers.form_data import ChargerFormData
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.charger_questions import AnomalyCounts, PlugUse
from eosvolt.projections.charge_points import ChargePointRow
from eosvolt.projections.connector_status import ConnectorRow
from eosvolt.projections.uptime_share import Share


class PlugUsage(NamedTuple):
    """A plug and how it is used; ``utilization`` is of the last 30 days."""

    row: ConnectorRow
    use: PlugUse
    utilization: Fraction | None


class ChargerLine(NamedTuple):
    """A charger of the list. ``heard_at`` is when its last message came."""

    row: ChargePointRow
    heard_at: datetime | None
    states: Mapping[str, int]
    share: Share
    open_faults: int
    anomalies: AnomalyCounts
    plugs: Sequence[PlugUsage]


class ChargerRows(ViewModel, frozen=True, kw_only=True):
    """Page ``number`` of the list, of ``total`` chargers; ``first`` is the place of its first one.

    ``topics`` are what the list listens to. A clock that is off by over ``clock_off_s`` seconds is marked.
    """

    templates: ClassVar = ("chargers/list.html",)

    lines: Sequence[ChargerLine]
    total: int
    number: int
    first: int
    following: bool
    sort: str
    topics: str
    clock_off_s: int
    filtered: bool


class ChargersPage(ViewModel, frozen=True, kw_only=True):
    """The list of chargers; ``narrowed`` counts the filters besides the search."""

    templates: ClassVar = ("chargers/page.html",)
    parts: ClassVar = (ChargerRows,)

    models: Sequence[str]
    narrowed: int
    page: str = "chargers"


class ChargerFormPage(ViewModel, frozen=True, kw_only=True):
    """The form of a charger; without ``row`` that of a new one, which needs ``links``."""

    templates: ClassVar = ("chargers/form.html",)

    form_data: ChargerFormData
    row: ChargePointRow | None
    lost: LostUpdate | None
    version: int | str = ""
    links: Mapping[str, str] = {}
    speaks_tls: bool = False
    page: str = "chargers"
