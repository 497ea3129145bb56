"""The port to a geocoder, which knows where addresses are."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

_FARTHEST_NORTH, _FARTHEST_EAST = 90, 180


class GeocoderUnreachable(Exception):  # noqa: N818 - a fact about the other side
    """The geocoder gave no answer, or none that can be read. The text says why, for the log."""


class FoundPlace(NamedTuple):
    """A place under its full name; latitude and longitude in decimal degrees (WGS 84)."""

    name: str
    latitude: float
    longitude: float


def on_earth(latitude: float, longitude: float) -> bool:
    """Whether there is a place at these decimal degrees."""
    return abs(latitude) <= _FARTHEST_NORTH and abs(longitude) <= _FARTHEST_EAST


class Geocoder(Protocol):
    """Finds places by their addresses."""

    async def places(self, address: str) -> Sequence[FoundPlace]:
        """The places that the address may mean, the best first. Raises ``GeocoderUnreachable``."""
        ...
