"""What the templates of load balancing zones are given."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.presentation.zone_candidates import Candidate
from eosvolt.adapters.http.presentation.zones import ZonePlugLine, ZoneState
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.adapters.http.web.zones.form_data import ZoneFormData
from eosvolt.application.zone_questions import DecisionOnZone
from eosvolt.application.zone_what_if import ChargersToAdd
from eosvolt.projections.zones import ZoneRow


class ZoneRows(ViewModel, frozen=True, kw_only=True):
    """All zones as they are."""

    templates: ClassVar = ("zones/list.html",)

    states: Sequence[ZoneState]
    distributions: Mapping[str, Text]
    live: str


class ZonesPage(ViewModel, frozen=True, kw_only=True):
    """The list of zones."""

    templates: ClassVar = ("zones/page.html",)
    parts: ClassVar = (ZoneRows,)

    page: str = "zones"


class ShownCandidate(NamedTuple):
    """A charger to choose; ``why_not`` is a sentence where it cannot be chosen."""

    candidate: Candidate
    chosen: bool
    why_not: str


class ZoneChoices(NamedTuple):
    """What the form of a zone lets choose from. ``zones`` are those that it can be a part of."""

    distributions: Mapping[str, Text]
    site_meters: Mapping[str, Text]
    includes: Mapping[str, Text]
    time_zones: Sequence[str]
    zones: Sequence[ZoneRow]


class NewZonePage(ViewModel, frozen=True, kw_only=True):
    """One step of making a zone: ``settings``, ``limits``, ``chargers`` or ``review``."""

    templates: ClassVar = ("zones/new.html",)

    step: str
    steps: Sequence[tuple[str, Text]]
    form_data: ZoneFormData
    problems: Mapping[str, str]
    choices: ZoneChoices
    candidates: Sequence[ShownCandidate]
    review: Sequence[tuple[Text, str]]
    page: str = "zones"


class ZoneFormPage(ViewModel, frozen=True, kw_only=True):
    """The form of a zone that is there."""

    templates: ClassVar = ("zones/edit.html",)

    row: ZoneRow
    form_data: ZoneFormData
    problems: Mapping[str, str]
    choices: ZoneChoices
    lost: LostUpdate | None
    version: int | str
    page: str = "zones"


class ZoneChargersPage(ViewModel, frozen=True, kw_only=True):
    """Which chargers are in a zone."""

    templates: ClassVar = ("zones/chargers.html",)

    row: ZoneRow
    candidates: Sequence[ShownCandidate]
    problems: Mapping[str, str]
    version: int | str
    page: str = "zones"


class WiringLine(NamedTuple):
    """A plug as it is or was typed: its phases, the lines at them, e.g. ``1 2 3``, and its current in A."""

    number: str
    phases: str
    rotation: str
    most: str


class ZoneChargerPage(ViewModel, frozen=True, kw_only=True):
    """The priority and the wiring of one charger of a zone."""

    templates: ClassVar = ("zones/charger.html",)

    row: ZoneRow
    charger: str
    priority: str
    plugs: Sequence[WiringLine]
    problems: Mapping[str, str]
    priorities: Mapping[str, Text]
    rotations: Mapping[str, str]
    page: str = "zones"


class ZoneNow(ViewModel, frozen=True, kw_only=True):
    """A zone as it is: figures and warnings; ``untold`` are chargers and how far their withdrawal came."""

    templates: ClassVar = ("zones/state.html",)

    state: ZoneState
    warnings: Sequence[str]
    untold: Sequence[tuple[str, str]]
    live: str


class ZonePower(ViewModel, frozen=True, kw_only=True):
    """Capacity against time; ``chart`` is ``None`` while there is nothing to draw."""

    templates: ClassVar = ("zones/power.html",)

    state: ZoneState
    chart: Mapping[str, Any] | None
    figures: Sequence[tuple[str, str, str, str]]
    ranges: Sequence[tuple[str, Text]]
    shown: str
    live: str


class ShownPlug(NamedTuple):
    """A plug of a zone with its words. ``note`` is why it has its limit, or why it could not be told."""

    line: ZonePlugLine
    place: str
    limit: str
    may_draw: str
    state: str
    colour: str
    note: str
    fallback: str


class ZonePlugs(ViewModel, frozen=True, kw_only=True):
    """The plugs of a zone and of all zones below it, those that wait first."""

    templates: ClassVar = ("zones/plugs.html",)

    state: ZoneState
    plugs: Sequence[ShownPlug]
    names: Mapping[str, str]
    live: str


class ShownDecision(NamedTuple):
    """A decision in sentences; ``lines`` are those of its plugs, each with the figures behind it."""

    decision: DecisionOnZone
    headline: str
    inputs: str
    lines: Sequence[tuple[str, str]]


class ZoneDecisions(ViewModel, frozen=True, kw_only=True):
    """The newest decisions, or those before a position; ``older`` is where the next page begins.

    ``following`` are the topics that the newest ones follow.
    """

    templates: ClassVar = ("zones/decisions.html",)

    state: ZoneState
    decisions: Sequence[ShownDecision]
    older: int | None
    following: str


class ZoneWhatIf(ViewModel, frozen=True, kw_only=True):
    """What more chargers would mean, as far as it was asked."""

    templates: ClassVar = ("zones/what_if.html",)

    typed: Mapping[str, str]
    what_if: ChargersToAdd | None
    fallback: str


class ShownMember(NamedTuple):
    """A charger of a zone; ``first``: its sessions have priority. ``wiring`` are the lines of its plugs."""

    charger: str
    first: bool
    wiring: str


class ZonePage(ViewModel, frozen=True, kw_only=True):
    """A zone."""

    templates: ClassVar = ("zones/one.html",)
    parts: ClassVar = (ZoneNow, ZonePower, ZonePlugs, ZoneDecisions, ZoneWhatIf)

    members: Sequence[ShownMember]
    problems: Mapping[str, str]
    page: str = "zones"
