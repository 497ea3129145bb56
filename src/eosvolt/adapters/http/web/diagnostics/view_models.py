"""What the templates of diagnostics are given."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.questions import Affected
from eosvolt.projections.faults import FaultRow


class FaultQueues(ViewModel, frozen=True, kw_only=True):
    """How many entries are in each queue; ``state`` is the one that is shown."""

    templates: ClassVar = ("diagnostics/queues.html",)

    state: str
    counts: Mapping[str, int]


class FaultEntries(ViewModel, frozen=True, kw_only=True):
    """A page of a queue; ``affected`` by the ids of entries, ``owners`` are names by account."""

    templates: ClassVar = ("diagnostics/entries.html",)

    faults: Sequence[FaultRow]
    affected: Mapping[str, Affected]
    cursor: str | None
    state: str
    sort: str
    owners: Mapping[str, str]
    snoozes: Mapping[str, Text]


class DiagnosticsPage(ViewModel, frozen=True, kw_only=True):
    """The diagnostics entries; ``narrowed`` counts the filters besides the search."""

    templates: ClassVar = ("diagnostics/page.html",)
    parts: ClassVar = (FaultQueues, FaultEntries)

    narrowed: int
    page: str = "diagnostics"
