"""Queries of device management: a charger's configuration, files, reservations, profiles, certificates."""

from collections.abc import Sequence
from typing import Any, LiteralString

from eosvolt.adapters.postgres.queries.base_query import OF_CHARGERS_HERE, BaseQuery
from eosvolt.projections.charger_files import FileRow, charger_files
from eosvolt.projections.charger_settings import SettingsRow, charger_settings
from eosvolt.projections.charger_upkeep import UpkeepRow, charger_upkeep
from eosvolt.projections.device_resources import DeviceResourcesRow, device_resources

_OF_CHARGER: LiteralString = f"WHERE charge_point = %(key)s AND company = %(company)s{OF_CHARGERS_HERE}"


class PostgresUpkeepQueries(BaseQuery):
    """Device management of a charger; empty for a charger of another company."""

    async def settings(self, company: int, charge_box_id: str) -> SettingsRow | None:
        """The configuration that the charger reported."""
        return await self._live.first(charger_settings, _OF_CHARGER, self._whose(company, charge_box_id))

    async def upkeep(self, company: int, charge_box_id: str) -> UpkeepRow | None:
        """Firmware, service, local list, clock, security events and protocol violations."""
        return await self._live.first(charger_upkeep, _OF_CHARGER, self._whose(company, charge_box_id))

    async def device_resources(self, company: int, charge_box_id: str) -> DeviceResourcesRow | None:
        """Reservations, charging profiles and certificates."""
        return await self._live.first(device_resources, _OF_CHARGER, self._whose(company, charge_box_id))

    async def files(self, company: int, charge_box_id: str, limit: int = 50) -> Sequence[FileRow]:
        """The files that were requested from the charger, newest first."""
        return await self._live.rows(
            charger_files,
            f"{_OF_CHARGER} ORDER BY opened_at DESC, upload LIMIT %(rows)s",
            {**self._whose(company, charge_box_id), "rows": limit},
        )

    async def file(self, company: int, upload: str) -> FileRow | None:
        """One file, or ``None``."""
        return await self._live.first(
            charger_files,
            f"WHERE upload = %(upload)s AND company = %(company)s{OF_CHARGERS_HERE}",
            {"upload": upload, "company": company, **self._here},
        )

    async def charger_of_upload(self, upload: str) -> str | None:
        """The charger, of any company, that a file was requested from."""
        row = await self._live.first(charger_files, "WHERE upload = %(upload)s", {"upload": upload})
        return None if row is None else row.charge_point

    def _whose(self, company: int, charge_box_id: str) -> dict[str, Any]:
        return {"company": company, "key": f"{company}/{charge_box_id}", **self._here}
