"""The port to the companies of the installation, for platform staff."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eosvolt.application.staff import PlatformCompany


class PlatformQueries(Protocol):
    """The companies, without their contents."""

    async def companies(self, now: datetime) -> Sequence[PlatformCompany]:
        """All companies, by number."""
        ...

    async def company(self, number: int, now: datetime) -> PlatformCompany | None:
        """One company; ``None`` if the number was not given."""
        ...

    async def next_number(self) -> int:
        """A number that was not given yet; another request may take it first."""
        ...
