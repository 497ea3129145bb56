"""Asks a geocoder that answers like Nominatim's ``/search`` (https://nominatim.org/release-docs/latest/api/Search/).

Its address is a setting of the installation, so it may be anywhere; but it is not trusted to answer soon,
briefly or well.
"""

import asyncio
from collections.abc import Sequence
from typing import Self

import httpx2
import msgspec

from eosvolt.application.geocoding import FoundPlace, GeocoderUnreachable, on_earth

TIMEOUT_SECONDS = 5.0
MOST_PLACES = 5
LONGEST_ANSWER = 200_000
_LONGEST_NAME = 300
_AGENT = "eosvolt"


class _Found(msgspec.Struct):
    """A place of the answer; Nominatim writes numbers as texts."""

    lat: float
    lon: float
    display_name: str = ""


_ANSWER = msgspec.json.Decoder(list[_Found], strict=False)


class NominatimGeocoder:
    """A client of one geocoder. Redirects are not followed."""

    def __init__(self, url: str) -> None:
        """``url`` is the address of the search; its own query, e.g. with a key, stays."""
        self._url = httpx2.URL(url)
        self._client = httpx2.AsyncClient(
            timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False, headers={"user-agent": _AGENT}
        )

    async def __aenter__(self) -> Self:
        """Be ready to connect."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def places(self, address: str) -> Sequence[FoundPlace]:
        """At most ``MOST_PLACES`` places, the best first. Raises ``GeocoderUnreachable``."""
        url = self._url.copy_merge_params({"q": address, "format": "jsonv2", "limit": MOST_PLACES})
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS), self._client.stream("GET", url) as answer:
                answer.raise_for_status()
                body = bytearray()
                async for chunk in answer.aiter_bytes():
                    body += chunk
                    if len(body) > LONGEST_ANSWER:
                        raise GeocoderUnreachable("Its answer is too long.")
            found = _ANSWER.decode(body)
        except TimeoutError:
            raise GeocoderUnreachable(f"There was no answer within {TIMEOUT_SECONDS:.0f} seconds.") from None
        except (httpx2.HTTPError, OSError, msgspec.DecodeError) as error:
            # The address may hold a key, and an error of the client names the address.
            raise GeocoderUnreachable(type(error).__name__) from None
        return [
            FoundPlace(each.display_name[:_LONGEST_NAME] or address, each.lat, each.lon)
            for each in found[:MOST_PLACES]
            if on_earth(each.lat, each.lon)
        ]
