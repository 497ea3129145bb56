"""The names and time zones of a company's locations, for pages."""

from collections.abc import Sequence

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.domain.locations.homes import is_home
from eosvolt.projections.locations import LocationRow


class CompanyLocations:
    """A company's locations by id: names and time zones, also of removed ones, which the past still names."""

    def __init__(self, rows: Sequence[LocationRow], otherwise: str = "UTC") -> None:
        """``otherwise`` is the time zone where there is no location."""
        self._otherwise = otherwise
        self.rows = [row for row in rows if not row.removed]
        self._by_id = {row.location: row for row in rows}

    def name(self, location: str) -> str:
        """The location's name; a dash if there is none. Homes are not among the rows."""
        if is_home(location):
            return gettext("Home")
        row = self._by_id.get(location)
        return row.name if row else "–"

    def __contains__(self, location: str) -> bool:
        row = self._by_id.get(location)
        return row is not None and not row.removed

    def zone(self, location: str = "") -> str:
        """The location's time zone; without one, that of the company's first location."""
        row = self._by_id.get(location) or (self.rows[0] if self.rows else None)
        return row.tariff.time_zone if row else self._otherwise
