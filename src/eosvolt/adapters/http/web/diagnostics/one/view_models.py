"""What the templates of one diagnostics entry are given."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.web.shell.timeline import TimelineEntry
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.ports import Frame
from eosvolt.application.questions import Affected
from eosvolt.projections.faults import FaultRow


class FaultFacts(ViewModel, frozen=True, kw_only=True):
    """An entry; ``later`` is the one after it of the same subject, ``owners`` are names by account."""

    templates: ClassVar = ("diagnostics/one/facts.html",)

    row: FaultRow
    later: FaultRow | None
    zone: str
    affected: Affected
    owners: Mapping[str, str]
    snoozes: Mapping[str, Text]


class FaultStory(ViewModel, frozen=True, kw_only=True):
    """What happened to an entry; ``left_out`` events are older than what is shown."""

    templates: ClassVar = ("diagnostics/one/story.html",)

    row: FaultRow
    zone: str
    entries: Sequence[TimelineEntry]
    left_out: int


class FaultFrames(ViewModel, frozen=True, kw_only=True):
    """The OCPP frames around the time at which an entry began."""

    templates: ClassVar = ("diagnostics/one/frames.html",)

    frames: Sequence[Frame]
    zone: str


class FaultPage(ViewModel, frozen=True, kw_only=True):
    """One diagnostics entry."""

    templates: ClassVar = ("diagnostics/one/page.html",)
    parts: ClassVar = (FaultFacts, FaultStory, FaultFrames)

    page: str = "diagnostics"
