"""The time zone of a place, by the borders that timezonefinder brings along. It is only ever a suggestion."""

import asyncio
from functools import cache
from typing import Any


class TimeZoneLookup:
    """Looks places up in a thread; the borders are read from disk when they are needed first."""

    async def at(self, latitude: float, longitude: float) -> str:
        """The IANA name of the zone at a place in decimal degrees; empty where none is known."""
        return await asyncio.to_thread(_zone, latitude, longitude)


def _zone(latitude: float, longitude: float) -> str:
    return _finder().timezone_at(lng=longitude, lat=latitude) or ""


@cache
def _finder() -> Any:  # noqa: ANN401 - the library is loaded late, because it takes half a second
    from timezonefinder import TimezoneFinder  # noqa: PLC0415 - see above

    return TimezoneFinder()
