"""The geocoder's answers are read for what they are worth, and its troubles are told without its key."""

import json

import pytest

from eosvolt.adapters.geocoding import nominatim
from eosvolt.adapters.geocoding.nominatim import NominatimGeocoder
from eosvolt.application.geocoding import FoundPlace, GeocoderUnreachable
from tests.small_geocoder import HARBOUR, small_geocoder


async def test_an_address_is_asked_for_with_the_key_and_its_places_come_in_their_order() -> None:
    with small_geocoder() as geocoder:
        elsewhere = {"lat": 0, "lon": -170.5}
        nowhere = {"lat": 91, "lon": 0, "display_name": "beyond the pole"}
        geocoder.body = json.dumps([HARBOUR, nowhere, elsewhere]).encode()
        async with NominatimGeocoder(geocoder.url) as asked:
            places = await asked.places("Landungsbrücken & co, Hamburg")
        assert places == [
            FoundPlace("Landungsbrücken 1, Hamburg", 53.5459, 9.9664),
            FoundPlace("Landungsbrücken & co, Hamburg", 0, -170.5),
        ]
        assert geocoder.asked == [
            {
                "key": ["open-sesame"],
                "q": ["Landungsbrücken & co, Hamburg"],
                "format": ["jsonv2"],
                "limit": [str(nominatim.MOST_PLACES)],
            }
        ]


async def test_no_more_places_are_read_than_were_asked_for() -> None:
    with small_geocoder() as geocoder:
        geocoder.body = json.dumps([HARBOUR] * 50).encode()
        async with NominatimGeocoder(geocoder.url) as asked:
            assert len(await asked.places("Hamburg")) == nominatim.MOST_PLACES


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html>"),
        (200, b'{"error": "no"}'),
        (200, b'[{"lat": "north", "lon": "1"}]'),
        (200, b'["' + b"x" * nominatim.LONGEST_ANSWER + b'"]'),
        (302, b"[]"),
        (403, b"[]"),
        (500, b"[]"),
    ],
)
async def test_an_answer_that_is_none_is_a_trouble_and_does_not_tell_the_key(
    status: int, body: bytes
) -> None:
    with small_geocoder() as geocoder:
        geocoder.status, geocoder.body = status, body
        async with NominatimGeocoder(geocoder.url) as asked:
            with pytest.raises(GeocoderUnreachable) as raised:
                await asked.places("Hamburg")
        assert "open-sesame" not in str(raised.value)
        assert len(geocoder.asked) == 1


async def test_a_geocoder_that_is_not_there_is_a_trouble() -> None:
    with small_geocoder() as geocoder:
        url = geocoder.url
    async with NominatimGeocoder(url) as asked:
        with pytest.raises(GeocoderUnreachable):
            await asked.places("Hamburg")
