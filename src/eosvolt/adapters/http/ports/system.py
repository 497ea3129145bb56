"""What pages and API ask about the system itself."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from eosvolt.application.failed_jobs import FailedJob
from eosvolt.application.frames_lost import LogOfFrames
from eosvolt.application.installation import Installation


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


class InstallationFacts(Protocol):
    """How the installation as a whole is doing."""

    async def facts(self, now: datetime) -> Installation:
        """Everything at this instant: what any company may see, and nothing of any company."""
        ...
