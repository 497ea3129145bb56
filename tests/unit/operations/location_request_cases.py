"""For each operation on locations its API request and its form, after the same preparation."""

from eosvolt.application.actor import person
from eosvolt.application.operations import locations
from eosvolt.application.operations.locations import LocationTerms, NewLocationInput
from tests.examples import COMPANY, DETAILS, LOCATION, TARIFF_BY_TIME_OF_DAY
from tests.unit.operations.photo import PHOTO
from tests.unit.operations.request_case import Ways
from tests.web_in_memory import Site

LOCATION_OF_THE_API = {
    "name": "Harbour",
    "timeZone": "Europe/Berlin",
    "currency": "EUR",
    "vatRate": "0.19",
    "tariff": {
        "strategy": "perKwh",
        "price": "0.50",
        "windows": [{"from": "18:00", "to": "24:00", "price": "0.70"}],
        "blockingFee": {"amount": "1.00", "intervalMinutes": 15},
    },
    "address": "Quay 1",
    "latitude": 53.5,
    "longitude": 10.25,
}
LOCATION_OF_THE_FORM = {
    "name": "Harbour",
    "type": "public",
    "visible": "yes",
    "timeZone": "Europe/Berlin",
    "currency": "eur",
    "vat": "19",
    "strategy": "perKwh",
    "price": "0,50",
    "from": "18:00",
    "to": "00:00",
    "windowPrice": "0.70",
    "fee": "1.00",
    "interval": "15",
    "cap": "",
    "address": "Quay 1",
    "latitude": "53.5",
    "longitude": "10.25",
}


# The form as it shows ``a_location``, with another name and price.
EDITED_LOCATION = LOCATION_OF_THE_FORM | {
    "name": "Pier",
    "price": "0.60",
    "from": ["00:00", "06:00", "18:00"],
    "to": ["06:00", "12:00", "00:00"],
    "windowPrice": ["0.80", "1.20", "0.70"],
    "address": DETAILS.address,
    "latitude": "",
    "longitude": "",
    "version": "1",
}


async def a_location(site: Site) -> None:
    terms = LocationTerms(details=DETAILS, tariff=TARIFF_BY_TIME_OF_DAY)
    await site.operations.run(
        locations.add, person("ana", COMPANY), NewLocationInput(location=LOCATION, terms=terms)
    )


async def a_location_with_a_photo(site: Site) -> None:
    await a_location(site)
    assert (await site.api("PUT", f"/locations/{LOCATION}/image", PHOTO)).status_code == 200


WAYS_OF_LOCATIONS: dict[str, list[Ways]] = {
    "locations.add": [
        Ways(("POST", "/locations", LOCATION_OF_THE_API), ("/locations/new", LOCATION_OF_THE_FORM))
    ],
    "location_images.put": [
        Ways(
            ("PUT", f"/locations/{LOCATION}/image", PHOTO),
            (f"/locations/{LOCATION}/image", {}),
            a_location,
            files={"image": PHOTO},
        )
    ],
    "location_images.remove": [
        Ways(
            ("DELETE", f"/locations/{LOCATION}/image", None),
            (f"/locations/{LOCATION}/image/remove", {}),
            a_location_with_a_photo,
        )
    ],
    "locations.change": [
        Ways(
            (
                "PUT",
                f"/locations/{LOCATION}/opening-hours",
                {
                    "week": {
                        "monday": [{"from": "08:00", "to": "12:00"}, {"from": "20:00", "to": "02:00"}],
                        "sunday": [{"from": "00:00", "to": "24:00"}],
                    },
                    "exceptions": [
                        {"date": "2026-12-24", "ranges": [{"from": "08:00", "to": "12:00"}]},
                        {"date": "2026-12-25"},
                    ],
                },
            ),
            (
                f"/locations/{LOCATION}/opening-hours",
                {
                    "monday": "8-12, 20:00–02:00",
                    "sunday": "24h",
                    "date": ["2026-12-25", "2026-12-24"],
                    "dateRanges": ["", "08.00-12.00"],
                    "version": "1",
                },
            ),
            a_location,
        ),
        Ways(
            (
                "PUT",
                f"/locations/{LOCATION}/access",
                {
                    "authorizedTokens": ["t1", "T2"],
                    "authorizedGroups": ["fleet"],
                    "schedule": [
                        {"days": ["saturday", "sunday"], "from": "08:00", "to": "00:00", "who": "listed"}
                    ],
                },
            ),
            (
                f"/locations/{LOCATION}/access",
                {
                    "tokens": "T1, t2",
                    "groups": "FLEET",
                    "days": "56",
                    "times": "8-24",
                    "who": "listed",
                    "version": "1",
                },
            ),
            a_location,
        ),
        Ways(
            ("PATCH", f"/locations/{LOCATION}", {"name": "Pier", "tariff": {"price": "0.60"}}),
            (f"/locations/{LOCATION}/edit", EDITED_LOCATION),
            a_location,
        ),
    ],
    "locations.remove": [
        Ways(
            ("DELETE", f"/locations/{LOCATION}", None),
            (f"/locations/{LOCATION}/remove", {"name": "Harbour"}),
            a_location,
        )
    ],
}
