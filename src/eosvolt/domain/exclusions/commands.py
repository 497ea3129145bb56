"""The commands of an exclusion."""

from datetime import datetime

from eosvolt.domain.exclusions.events import ExcludedScope, ExclusionKind
from eosvolt.domain.kernel import Command


class RecordExclusion(Command, frozen=True):
    """Explain down time."""

    exclusion: str
    company: int
    scope: ExcludedScope
    kind: ExclusionKind
    since: datetime
    until: datetime
    reason: str
    at: datetime


class WithdrawExclusion(Command, frozen=True):
    """Let an exclusion count no more."""

    at: datetime
    reason: str = ""


ExclusionCommand = RecordExclusion | WithdrawExclusion
