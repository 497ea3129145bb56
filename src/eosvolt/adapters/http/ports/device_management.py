"""What the web needs to know of chargers' upkeep and of what they say, and who answers it.

Everything takes the company first; an answer never contains anything of another one.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from eosvolt.application.ports import Frame
from eosvolt.application.questions import FrameFilter, LoggedFrame, Page
from eosvolt.projections.charger_files import FileRow
from eosvolt.projections.charger_settings import SettingsRow
from eosvolt.projections.charger_upkeep import UpkeepRow
from eosvolt.projections.device_resources import DeviceResourcesRow


class UpkeepQueries(Protocol):
    """Questions about one charger. There is no row before the charger reported anything."""

    async def settings(self, company: int, charge_box_id: str) -> SettingsRow | None:
        """The charger's configuration as far as the charger reported it."""
        ...

    async def upkeep(self, company: int, charge_box_id: str) -> UpkeepRow | None:
        """Firmware, service, local list, clock, security events and odd messages."""
        ...

    async def device_resources(self, company: int, charge_box_id: str) -> DeviceResourcesRow | None:
        """Reservations, charging profiles and certificates."""
        ...

    async def files(self, company: int, charge_box_id: str, limit: int = 50) -> Sequence[FileRow]:
        """The files that the charger was asked for, the newest first."""
        ...

    async def file(self, company: int, upload: str) -> FileRow | None:
        """One of them."""
        ...

    async def frames(
        self,
        company: int,
        charge_box_id: str,
        wanted: FrameFilter,
        *,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[LoggedFrame]:
        """A page of what charger and system said to each other, the newest first; raises ``Unanswerable``."""
        ...

    def every_frame(self, company: int, charge_box_id: str, wanted: FrameFilter) -> AsyncIterator[Frame]:
        """All of them, the oldest first, as they are read."""
        ...


class Files(Protocol):
    """The files that chargers uploaded."""

    async def content(self, upload: str, sha256: str) -> AsyncIterator[bytes] | None:
        """What came, part by part; ``None`` where it is not kept any more."""
        ...
