"""The form of a location: from its texts to the domain's values, and back."""

import re
from collections.abc import Container, Iterator
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace
from starlette.datastructures import FormData, QueryParams

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.web.locations import driver_info_data
from eosvolt.adapters.http.web.locations.tariff_data import (
    NUMBER,
    WindowLine,
    decimal,
    text,
    values_of_tariff,
    windows_of,
    wrong_window,
)
from eosvolt.adapters.http.web.shell.labels import LOCATION_TYPES
from eosvolt.application.operations.locations import LocationTerms
from eosvolt.domain.calendar import minutes_of_day
from eosvolt.domain.companies.settings import Preferences
from eosvolt.domain.locations.events import NO_INFO, Details, LocationType
from eosvolt.domain.tariffs.tariff import BLOCKING_INTERVALS, BlockingFee, Strategy, Tariff, Window, problems
from eosvolt.projections.locations import LocationRow

MOST_WINDOWS = 48
LONGEST_NAME = 200

_COORDINATE = re.compile(r"-?[0-9]{1,3}([.,][0-9]{1,12})?")
# The fields of which the tariff is made.
OF_TARIFF = {
    "currency",
    "strategy",
    "price",
    "vat",
    "timeZone",
    "windows",
    "fee",
    "interval",
    "cap",
}
_INTERVALS = {str(each) for each in BLOCKING_INTERVALS}
# Where the domain's findings belong on the form.
_FIELDS = {
    "/currency": "currency",
    "/price": "price",
    "/vatRate": "vat",
    "/timeZone": "timeZone",
    "/blockingFee/amount": "fee",
    "/blockingFee/cap": "cap",
    "/blockingFee/intervalMinutes": "interval",
}


# The fields that another user may have changed, as messages name them.
LABELS = {
    "name": Text("Name"),
    "type": Text("Type"),
    "address": Text("Address"),
    "latitude": Text("Latitude"),
    "longitude": Text("Longitude"),
    "visible": Text("Visible"),
    "strategy": Text("Charge per"),
    "price": Text("Price"),
    "currency": Text("Currency"),
    "vat": Text("VAT in %"),
    "timeZone": Text("Time zone"),
    "windows": Text("Prices by time of day"),
    "fee": Text("Blocking fee"),
    "interval": Text("Interval of the blocking fee"),
    "cap": Text("Cap of the blocking fee"),
} | driver_info_data.LABELS


class LocationFormData(NamedTuple):
    """What was typed: texts by field, and the windows."""

    values: dict[str, str]
    windows: tuple[WindowLine, ...]


def checked(
    form_data: LocationFormData,
) -> tuple[dict[str, str], LocationTerms | None, Tariff | None]:
    """Everything that is wrong, by field; the terms where nothing is; the tariff where nothing is with it.

    A rule that needs a field which could not be read is not judged.
    """
    wrong = dict(_wrong(form_data))
    tariff = _tariff(form_data, wrong)
    for pointer, sentence in problems(tariff):
        field = _FIELDS.get(pointer, "windows" if pointer.startswith("/windows") else "price")
        wrong[field] = f"{wrong[field]} {sentence}" if field == "windows" and field in wrong else sentence
    sound = None if wrong.keys() & OF_TARIFF else tariff
    wrong |= driver_info_data.wrong(form_data.values)
    if wrong:
        return wrong, None, sound
    values = form_data.values
    details = Details(
        name=values["name"],
        type=LocationType(values["type"]),
        address=values["address"],
        latitude=_coordinate(values["latitude"]),
        longitude=_coordinate(values["longitude"]),
        visible=values["visible"] == "yes",
    )
    info = driver_info_data.info(values)
    return wrong, LocationTerms(details=details, tariff=tariff, info=info), tariff


def _wrong(form_data: LocationFormData) -> Iterator[tuple[str, str]]:
    values = form_data.values
    if not values["name"]:
        yield "name", gettext("A location needs a name.")
    elif len(values["name"]) > LONGEST_NAME:
        yield "name", gettext("A name has at most {longest_name} characters.", longest_name=LONGEST_NAME)
    if values["type"] not in LOCATION_TYPES:
        yield "type", gettext("Choose a type.")
    if values["strategy"] not in tuple(Strategy):
        yield "strategy", gettext("Choose what is charged per.")
    yield from _wrong_numbers(form_data)
    windows = dict.fromkeys(sentence for window in form_data.windows for sentence in wrong_window(window))
    if windows:
        yield "windows", " ".join(windows)


def _wrong_numbers(form_data: LocationFormData) -> Iterator[tuple[str, str]]:
    values = form_data.values
    for name in ("price", "vat"):
        if not NUMBER.fullmatch(values[name]):
            yield name, gettext("Enter a number, for example 0.50.")
    for name in ("fee", "cap"):
        if values[name] and not NUMBER.fullmatch(values[name]):
            yield name, gettext("Enter a number, or leave empty.")
    if values["cap"] and not values["fee"]:
        yield "fee", gettext("There is a cap but no fee.")
    if values["interval"] not in _INTERVALS:
        yield "interval", gettext("The interval is 5, 15, 30 or 60 minutes.")
    for name, most in (("latitude", 90), ("longitude", 180)):
        at = _coordinate(values[name])
        if (values[name] and at is None) or abs(at or 0) > most:
            yield name, gettext("−{most} to {most}, or leave empty.", most=most)


def _tariff(form_data: LocationFormData, wrong: Container[str]) -> Tariff:
    """The tariff; what is wrong already has a value in it with which nothing else is."""
    values = form_data.values
    fee = None
    if values["fee"] and "fee" not in wrong:
        cap = decimal(values["cap"]) if values["cap"] and "cap" not in wrong else None
        interval = int(values["interval"]) if "interval" not in wrong else BLOCKING_INTERVALS[0]
        fee = BlockingFee(decimal(values["fee"]), interval, cap)
    windows = [each for each in form_data.windows if not list(wrong_window(each))]
    return Tariff(
        currency=values["currency"],
        strategy=Strategy.PER_KWH if "strategy" in wrong else Strategy(values["strategy"]),
        price=Decimal(1) if "price" in wrong else decimal(values["price"]),
        vat_rate=Decimal(0) if "vat" in wrong else (decimal(values["vat"]) / 100).normalize() + 0,
        time_zone=values["timeZone"],
        # A browser's time field has no 24:00: a window up to midnight ends at 00:00 there.
        windows=tuple(
            Window(minutes_of_day(each.starts), minutes_of_day(each.ends) or 1440, decimal(each.price))
            for each in sorted(windows)
        ),
        blocking_fee=fee,
    )


def _coordinate(text: str) -> float | None:
    return float(text.replace(",", ".")) if _COORDINATE.fullmatch(text) else None


def kept(before: LocationTerms, typed: LocationTerms) -> LocationTerms:
    """What was typed; what the form does not show stays as it is, also a tariff in another order."""
    same = _in_order(typed.tariff) == _in_order(before.tariff)
    return LocationTerms(
        details=replace(typed.details, authorized_tokens=before.details.authorized_tokens),
        tariff=before.tariff if same else typed.tariff,
        access=before.access,
        info=replace(typed.info, image=before.info.image),
    )


def _in_order(tariff: Tariff) -> Tariff:
    return replace(tariff, windows=tuple(sorted(tariff.windows, key=lambda window: window.starts)))


def typed(form: FormData | QueryParams) -> LocationFormData:
    """The form as it was sent."""
    names = (
        "name",
        "type",
        "address",
        "latitude",
        "longitude",
        "timeZone",
        "currency",
        "vat",
        "strategy",
        "price",
        "fee",
        "interval",
        "cap",
        *driver_info_data.FIELDS,
    )
    values = {name: _text_of(form, name) for name in names}
    values["visible"] = "yes" if form.get("visible") else ""
    values["currency"] = values["currency"].upper()
    columns = ([str(value).strip() for value in form.getlist(name)] for name in ("from", "to", "windowPrice"))
    lines = (WindowLine(*each) for each in zip(*columns, strict=False))
    windows = sorted(line for line in lines if any(line))
    return LocationFormData(values, tuple(windows[:MOST_WINDOWS]))


def blank(first: Tariff | None, preferences: Preferences) -> LocationFormData:
    """A form that is empty but for what the company prefers, else has in common with its first location."""
    rate = preferences.vat_rate if preferences.vat_rate is not None else first.vat_rate if first else None
    values = {
        "name": "",
        "type": "public",
        "address": "",
        "latitude": "",
        "longitude": "",
        "visible": "yes",
        "timeZone": first.time_zone if first else preferences.fiscal_time_zone or "Europe/Berlin",
        "currency": preferences.currency or (first.currency if first else "EUR"),
        "vat": "19" if rate is None else text(rate * 100),
        "strategy": "perKwh",
        "price": "",
        "fee": "",
        "interval": "15",
        "cap": "",
    }
    return LocationFormData(values | driver_info_data.known(NO_INFO), ())


def known(row: LocationRow | LocationTerms) -> LocationFormData:
    """The form as it shows a location."""
    details, tariff = row.details, row.tariff
    values = {
        "name": details.name,
        "type": details.type.value,
        "address": details.address,
        "latitude": "" if details.latitude is None else repr(details.latitude),
        "longitude": "" if details.longitude is None else repr(details.longitude),
        "visible": "yes" if details.visible else "",
    }
    values |= values_of_tariff(tariff) | driver_info_data.known(row.info)
    return LocationFormData(values, windows_of(tariff))


def _text_of(form: FormData | QueryParams, name: str) -> str:
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""
