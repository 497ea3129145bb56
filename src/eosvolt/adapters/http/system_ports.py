"""What pages and API ask about the system itself."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from eosvolt.application.failed_jobs import FailedJob
from eosvolt.application.frames_lost import LogOfFrames


class FailedJobList(Protocol):
    """Work that failed, as operators see it."""

    async def of(self, company: int) -> Sequence[FailedJob]:
        """A company's own and the installation's, the newest failure first."""
        ...


class FrameAccount(Protocol):
    """The log of OCPP frames, as operators see it."""

    async def log_of_frames(self, company: int, since: date) -> LogOfFrames:
        """How far the log goes back, what it takes, and what of a company was not kept since a day."""
        ...
