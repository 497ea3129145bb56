"""What pages and API ask about the system itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eosvolt.application.failed_jobs import FailedJob


class FailedJobList(Protocol):
    """Work that failed, as operators see it."""

    async def of(self, company: int) -> Sequence[FailedJob]:
        """A company's own and the installation's, the newest failure first."""
        ...

    async def retry(self, company: int, number: int, now: datetime) -> bool:
        """Try a company's job again at once. False where there is none of this number."""
        ...

    async def dismiss(self, company: int, number: int, now: datetime, by: str) -> bool:
        """Leave a company's job undone. False where there is none of this number."""
        ...
