"""The time zone of a place, by the borders that timezonefinder brings along. It is only ever a suggestion."""

import asyncio


class TimeZoneLookup:
    """Looks places up in a thread; the borders are read from disk each time, which takes some 20 ms."""

    async def at(self, latitude: float, longitude: float) -> str:
        """The IANA name of the zone at a place in decimal degrees; empty where none is known."""
        return await asyncio.to_thread(_zone, latitude, longitude)


def _zone(latitude: float, longitude: float) -> str:
    # The library is loaded late, because that takes half a second.
    from timezonefinder import TimezoneFinder  # noqa: PLC0415 - see above

    with TimezoneFinder() as finder:
        return finder.timezone_at(lng=longitude, lat=latitude) or ""
