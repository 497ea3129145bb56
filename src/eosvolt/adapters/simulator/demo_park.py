"""The demo's contents as plain data.

A company, its places with their tariffs, its chargers and its customers' cards.

Company, streets and people are invented; coordinates are near the squares they name.
"""

from decimal import Decimal

import msgspec

from eosvolt.adapters.simulator.plans import ChargerPlan, PlugPlan, Quirks
from eosvolt.domain.tariffs.tariff import BlockingFee, Strategy, Tariff, Window

COMPANY = 242
AC, DC, CHADEMO = "iec62196T2", "iec62196T2COMBO", "chademo"


class DemoLocation(msgspec.Struct, frozen=True):
    """A location. Chargers refer to its ``name``; coordinates are decimal degrees."""

    name: str
    address: str
    latitude: float
    longitude: float
    tariff: Tariff
    type: str = "public"


class DemoCharger(msgspec.Struct, frozen=True):
    """A charger and the name of the location it stands at. An ``open`` one has no password."""

    location: str
    plan: ChargerPlan
    open: bool = False


class DemoToken(msgspec.Struct, frozen=True):
    """A card with its label and its fleet. ``status`` is ``accepted`` or ``blocked``.

    ``holder`` is the customer whose it is: a card's label is in the history for good, and names nobody.
    """

    uid: str
    label: str = ""
    group: str = ""
    status: str = "accepted"
    holder: str = ""


class DemoPark(msgspec.Struct, frozen=True):
    """The contents of a new company; ``owner`` is the owner's e-mail address."""

    company: int
    name: str
    owner: str
    owner_name: str
    locations: tuple[DemoLocation, ...]
    chargers: tuple[DemoCharger, ...]
    tokens: tuple[DemoToken, ...]

    @property
    def plans(self) -> dict[str, ChargerPlan]:
        """The chargers by their charge box ids."""
        return {charger.plan.charge_box_id: charger.plan for charger in self.chargers}

    @property
    def drivers(self) -> tuple[DemoToken, ...]:
        """The cards that may charge."""
        return tuple(token for token in self.tokens if token.status == "accepted")

    @property
    def invalid_cards(self) -> tuple[str, ...]:
        """Cards that are not accepted: the blocked ones, and one that was never issued."""
        return (*(token.uid for token in self.tokens if token.status != "accepted"), "04FFEE00D15EA5")


LOCATIONS = (
    DemoLocation(
        "Leipzig Augustusplatz",
        "Augustusplatz 9, 04109 Leipzig, Deutschland",
        51.3389,
        12.3811,
        Tariff(
            currency="EUR",
            strategy=Strategy.PER_KWH,
            price=Decimal("0.54"),
            vat_rate=Decimal("0.19"),
            time_zone="Europe/Berlin",
            windows=(
                Window(0, 360, Decimal("0.39")),
                Window(360, 1080, Decimal("0.59")),
                Window(1080, 1440, Decimal("0.49")),
            ),
            blocking_fee=BlockingFee(Decimal("1.50"), 15, Decimal("18.00")),
        ),
    ),
    DemoLocation(
        "Rasthof Elbaue Nord",
        "A14, Abfahrt 21, 39326 Hohe Börde, Deutschland",
        52.2104,
        11.5083,
        Tariff(
            currency="EUR",
            strategy=Strategy.PER_KWH,
            price=Decimal("0.69"),
            vat_rate=Decimal("0.19"),
            time_zone="Europe/Berlin",
            windows=(Window(1320, 300, Decimal("0.55")),),
            blocking_fee=BlockingFee(Decimal("3.00"), 15, Decimal("36.00")),
        ),
    ),
    DemoLocation(
        "Bürohaus Weißensee",
        "Berliner Allee 118, 13088 Berlin, Deutschland",
        52.5561,
        13.4657,
        Tariff(
            currency="EUR",
            strategy=Strategy.PER_KWH,
            price=Decimal("0.42"),
            vat_rate=Decimal("0.19"),
            time_zone="Europe/Berlin",
        ),
        type="semiPublic",
    ),
    DemoLocation(
        "Wien Naschmarkt Garage",
        "Linke Wienzeile 24, 1060 Wien, Österreich",
        48.1987,
        16.3622,
        Tariff(
            currency="EUR",
            strategy=Strategy.PER_MINUTE,
            price=Decimal("0.14"),
            vat_rate=Decimal("0.20"),
            time_zone="Europe/Vienna",
            windows=(Window(480, 1200, Decimal("0.18")),),
            blocking_fee=BlockingFee(Decimal("2.00"), 30),
        ),
    ),
    DemoLocation(
        "Praha Smíchov",
        "Nádražní 32, 150 00 Praha 5, Česko",
        50.0710,
        14.4035,
        Tariff(
            currency="CZK",
            strategy=Strategy.PER_KWH,
            price=Decimal("12.90"),
            vat_rate=Decimal("0.21"),
            time_zone="Europe/Prague",
            windows=(Window(0, 420, Decimal("9.50")),),
            blocking_fee=BlockingFee(Decimal("30.00"), 30, Decimal("360.00")),
        ),
    ),
    DemoLocation(
        "Canterbury Station Yard",
        "Station Road West, Canterbury CT2 8AN, United Kingdom",
        51.2843,
        1.0754,
        Tariff(
            currency="GBP",
            strategy=Strategy.PER_KWH,
            price=Decimal("0.56"),
            vat_rate=Decimal("0.20"),
            time_zone="Europe/London",
            windows=(Window(0, 300, Decimal("0.41")),),
        ),
    ),
)
_PLACES = {location.name: location for location in LOCATIONS}


def _charger(
    location: str,
    charge_box_id: str,
    profile: str,
    maker: tuple[str, str, str],
    *plugs: tuple[str, int],
    quirks: Quirks | None = None,
    open_to_all: bool = False,
) -> DemoCharger:
    tariff = _PLACES[location].tariff
    vendor, model, firmware = maker
    plan = ChargerPlan(
        company=COMPANY,
        charge_box_id=charge_box_id,
        plugs=tuple(PlugPlan(number, kind, power) for number, (kind, power) in enumerate(plugs, 1)),
        profile=profile,
        time_zone=tariff.time_zone,
        vendor=vendor,
        model=model,
        firmware=firmware,
        serial=f"{model[:3].upper()}-{charge_box_id}"[:25],
        idle_minutes=tariff.blocking_fee.interval_minutes if tariff.blocking_fee is not None else None,
        quirks=quirks or Quirks(),
    )
    return DemoCharger(location, plan, open_to_all)


AC22 = ("Stromwerk", "SW Duo 22", "4.2.1")
AC11 = ("Ladefuchs", "LF City 11", "2.0.9")
DC50 = ("Nordvolt", "NV 50 Combi", "1.18.3")
DC150 = ("Nordvolt", "NV 150 HPC", "3.4.0")
DC300 = ("Helios Power", "HP 300", "7.1.2")
TWO_AC22 = ((AC, 22_000), (AC, 22_000))
TWO_AC11 = ((AC, 11_000), (AC, 11_000))

CHARGERS = (
    _charger("Leipzig Augustusplatz", "LEJ-AUG-01", "city", AC22, *TWO_AC22),
    _charger("Leipzig Augustusplatz", "LEJ-AUG-02", "city", AC22, *TWO_AC22),
    _charger(
        "Leipzig Augustusplatz", "LEJ-AUG-03", "city", AC11, *TWO_AC11, quirks=Quirks(lower_case_tags=True)
    ),
    _charger("Leipzig Augustusplatz", "LEJ-AUG-04", "shopping", DC50, (DC, 50_000), (CHADEMO, 50_000)),
    _charger("Rasthof Elbaue Nord", "A14-ELB-01", "motorway", DC300, (DC, 300_000), (DC, 300_000)),
    _charger("Rasthof Elbaue Nord", "A14-ELB-02", "motorway", DC300, (DC, 300_000), (DC, 300_000)),
    _charger("Rasthof Elbaue Nord", "A14-ELB-03", "motorway", DC150, (DC, 150_000), (DC, 150_000)),
    _charger("Bürohaus Weißensee", "BER-WSE-01", "office", AC11, *TWO_AC11),
    _charger(
        "Bürohaus Weißensee", "BER-WSE-02", "office", AC11, *TWO_AC11, quirks=Quirks(kilowatt_hours=True)
    ),
    _charger("Bürohaus Weißensee", "BER-WSE-03", "office", AC22, *TWO_AC22),
    _charger("Wien Naschmarkt Garage", "VIE-NAM-01", "shopping", AC22, *TWO_AC22),
    _charger(
        "Wien Naschmarkt Garage", "VIE-NAM-02", "hotel", AC11, *TWO_AC11, quirks=Quirks(phases_only=True)
    ),
    _charger("Praha Smíchov", "PRG-SMI-01", "city", AC22, *TWO_AC22),
    _charger("Praha Smíchov", "PRG-SMI-02", "shopping", DC150, (DC, 150_000), (DC, 150_000)),
    _charger("Canterbury Station Yard", "CBE-STN-01", "city", AC22, *TWO_AC22),
    _charger(
        "Canterbury Station Yard",
        "CBE-STN-02",
        "shopping",
        DC50,
        (DC, 50_000),
        (CHADEMO, 50_000),
        open_to_all=True,
    ),
)

_FLEETS = {
    "FLEET-PAKETPOST": "Paketpost Sachsen",
    "FLEET-PFLEGE": "Pflegedienst Linde",
    "FLEET-TAXI": "Taxi Elbe",
}
_HOLDERS = (
    "Anna Weber",
    "Jonas Krüger",
    "Mia Hoffmann",
    "Paul Schäfer",
    "Lena Vogt",
    "Felix Brandt",
    "Emma Jäger",
    "Ben Lorenz",
    "Clara Sommer",
    "Noah Winkler",
    "Ida Franke",
    "Karl Ziegler",
    "Eva Novotná",
    "Petr Dvořák",
    "Jana Králová",
    "Tomáš Veselý",
    "Sophie Gruber",
    "Lukas Steiner",
    "Marie Huber",
    "David Moser",
    "Amelia Clarke",
    "Oliver Hughes",
    "Grace Turner",
    "Harry Ward",
)


def _tokens() -> tuple[DemoToken, ...]:
    private = [
        DemoToken(f"04A1{index * 7_919 + 4_096:06X}5E80", holder=name) for index, name in enumerate(_HOLDERS)
    ]
    fleets = [
        DemoToken(f"04C7{(place * 16 + car) * 6_007 + 512:06X}2A80", f"{name} {car + 1}", group, holder=name)
        for place, (group, name) in enumerate(_FLEETS.items())
        for car in range(8)
    ]
    return (*private, *fleets, DemoToken("04D00DFEED4280", "Lost card (reported stolen)", status="blocked"))


DEMO = DemoPark(
    company=COMPANY,
    name="Volt & Söhne Ladepark GmbH",
    owner="demo@volt-soehne.example",
    owner_name="Demo Owner",
    locations=LOCATIONS,
    chargers=CHARGERS,
    tokens=_tokens(),
)
