"""What the demo's operator says about its locations: hours, access, photos, support, hints for drivers."""

import io
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace
from PIL import Image, ImageDraw

from eosvolt.application.actor import Actor
from eosvolt.application.operations import location_images, locations
from eosvolt.application.operations.location_images import LocationImageInput
from eosvolt.application.operations.locations import LocationChangeInput, LocationTerms
from eosvolt.application.operations.operation import Operations
from eosvolt.domain.calendar import local_date
from eosvolt.domain.locations.access import AccessRules, AccessWindow, Who
from eosvolt.domain.locations.events import Cable, DriverInfo, Fit
from eosvolt.domain.locations.opening_hours import OpeningHours, OpenRange, SpecialDay
from eosvolt.domain.support import SupportContact

_SUPPORT = SupportContact("+49 341 5550100", "service@volt-soehne.example", "Mo–Fr 8–18")
_WORKDAY = (OpenRange(6 * 60, 22 * 60),)
_GARAGE = (OpenRange(6 * 60, 1 * 60),)
_WALL, _ROOF, _GROUND, _CHARGER, _LIGHT = "#c9d6df", "#52616b", "#7a8b8f", "#17212b", "#2dd4bf"


class Said(NamedTuple):
    """What is said of one location."""

    access: AccessRules
    info: DriverInfo
    storeys: int


def said(at: datetime) -> dict[str, Said]:
    """By the name of the location; Christmas is the next one after ``at``."""
    christmas = local_date(at, "Europe/Berlin").replace(month=12, day=25)
    office = OpeningHours((_WORKDAY,) * 5 + ((OpenRange(8 * 60, 18 * 60),), ()), (SpecialDay(christmas),))
    return {
        "Leipzig Augustusplatz": Said(
            AccessRules(),
            DriverInfo(support=_SUPPORT, fit=Fit(cable=Cable.OWN, wheelchair=True)),
            4,
        ),
        "Bürohaus Weißensee": Said(
            AccessRules(
                opening_hours=office,
                groups=("FLEET",),
                schedule=(AccessWindow((0, 1, 2, 3, 4), 7 * 60, 9 * 60, Who.LISTED),),
            ),
            DriverInfo(fit=Fit(cable=Cable.OWN, parking="Hof, Stellplätze 1–8")),
            6,
        ),
        "Wien Naschmarkt Garage": Said(
            AccessRules(opening_hours=OpeningHours((_GARAGE,) * 7)),
            DriverInfo(fit=Fit(max_height_cm=200, cable=Cable.ATTACHED, parking="Ebene −1")),
            2,
        ),
    }


async def describe(operations: Operations, operator: Actor, keys: dict[str, str], at: datetime) -> None:
    """Say it as the operator would; ``keys`` are the ids of locations by name."""
    for name, each in said(at).items():
        change = LocationChangeInput(location=keys[name], changed=_with(each))
        await operations.run(locations.change, operator, change)
        photo = LocationImageInput(location=keys[name], content=drawn(each.storeys))
        await operations.run(location_images.put, operator, photo)


def _with(each: Said) -> Callable[[LocationTerms], LocationTerms]:
    return lambda before: replace(before, access=each.access, info=each.info)


def drawn(storeys: int) -> bytes:
    """A drawing of a building with chargers in front of it, as PNG."""
    width, height = 960, 540
    image = Image.new("RGB", (width, height), "#dbeafe")
    draw = ImageDraw.Draw(image)
    ground, top = 430, 400 - storeys * 48
    draw.rectangle((140, top, 820, ground), fill=_WALL)
    draw.rectangle((120, top - 24, 840, top), fill=_ROOF)
    for storey in range(storeys):
        for column in range(8):
            left, upper = 170 + column * 80, top + 18 + storey * 48
            draw.rectangle((left, upper, left + 44, upper + 26), fill="#eef6fb")
    draw.rectangle((0, ground, width, height), fill=_GROUND)
    for place in range(4):
        left = 200 + place * 160
        draw.rounded_rectangle((left, ground - 70, left + 34, ground + 20), 8, fill=_CHARGER)
        draw.ellipse((left + 10, ground - 58, left + 24, ground - 44), fill=_LIGHT)
        draw.line((left + 80, ground + 30, left + 40, height), fill="#ffffff", width=5)
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()
