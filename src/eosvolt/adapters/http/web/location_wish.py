"""What somebody typed about a location: from the form's texts to the domain's values, and back."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from starlette.datastructures import FormData

from eosvolt.adapters.http.web.words import LOCATION_TYPES
from eosvolt.domain.calendar import clock, minutes_of_day
from eosvolt.domain.locations.events import Details, LocationType
from eosvolt.domain.tariffs.tariff import BLOCKING_INTERVALS, BlockingFee, Strategy, Tariff, Window, problems
from eosvolt.projections.locations import LocationRow

MOST_WINDOWS = 48

_NUMBER = re.compile(r"[0-9]{1,9}([.,][0-9]{1,6})?")
_COORDINATE = re.compile(r"-?[0-9]{1,3}([.,][0-9]{1,12})?")
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


class WindowLine(NamedTuple):
    """A window as it was typed."""

    starts: str
    ends: str
    price: str


class LocationWish(NamedTuple):
    """What was typed: texts by field, and the windows."""

    values: dict[str, str]
    windows: tuple[WindowLine, ...]


def checked(wish: LocationWish) -> tuple[dict[str, str], Details | None, Tariff | None]:
    """What is wrong by field, and the values as far as they could be made."""
    wrong = dict(_wrong(wish))
    if wrong:
        return wrong, None, None
    values = wish.values
    tariff = _tariff(wish)
    for pointer, sentence in problems(tariff):
        wrong[_FIELDS.get(pointer, "windows" if pointer.startswith("/windows") else "price")] = sentence
    details = Details(
        name=values["name"],
        type=LocationType(values["type"]),
        address=values["address"],
        latitude=_coordinate(values["latitude"]),
        longitude=_coordinate(values["longitude"]),
        visible=values["visible"] == "yes",
    )
    return wrong, details, tariff


def _wrong(wish: LocationWish) -> Iterator[tuple[str, str]]:
    values = wish.values
    if not values["name"]:
        yield "name", "A location needs a name."
    if values["type"] not in LOCATION_TYPES:
        yield "type", "Please choose a type."
    if values["strategy"] not in tuple(Strategy):
        yield "strategy", "Please choose what is counted."
    yield from _wrong_numbers(wish)
    for window in wish.windows:
        yield from _wrong_window(window)


def _wrong_numbers(wish: LocationWish) -> Iterator[tuple[str, str]]:
    values = wish.values
    for name in ("price", "vat"):
        if not _NUMBER.fullmatch(values[name]):
            yield name, "Please type a number, for example 0.50."
    for name in ("fee", "cap"):
        if values[name] and not _NUMBER.fullmatch(values[name]):
            yield name, "Please type a number, or nothing."
    if values["interval"] not in {str(each) for each in BLOCKING_INTERVALS}:
        yield "interval", "The interval is 5, 15, 30 or 60 minutes."
    for name, most in (("latitude", 90), ("longitude", 180)):
        at = _coordinate(values[name])
        if (values[name] and at is None) or abs(at or 0) > most:
            yield name, f"Degrees from −{most} to {most}, or nothing."


def _wrong_window(window: WindowLine) -> Iterator[tuple[str, str]]:
    if not _NUMBER.fullmatch(window.price):
        yield "windows", "Each window needs a price, for example 0.80."
    for text in (window.starts, window.ends):
        try:
            minutes_of_day(text)
        except ValueError as error:
            yield "windows", str(error)


def _tariff(wish: LocationWish) -> Tariff:
    values = wish.values
    fee = None
    if values["fee"]:
        cap = _decimal(values["cap"]) if values["cap"] else None
        fee = BlockingFee(_decimal(values["fee"]), int(values["interval"]), cap)
    return Tariff(
        currency=values["currency"],
        strategy=Strategy(values["strategy"]),
        price=_decimal(values["price"]),
        vat_rate=(_decimal(values["vat"]) / 100).normalize() + 0,
        time_zone=values["timeZone"],
        windows=tuple(
            # A browser's time field has no 24:00: a window up to midnight ends at 00:00 there.
            Window(minutes_of_day(each.starts), minutes_of_day(each.ends) or 1440, _decimal(each.price))
            for each in wish.windows
        ),
        blocking_fee=fee,
    )


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _coordinate(text: str) -> float | None:
    return float(text.replace(",", ".")) if _COORDINATE.fullmatch(text) else None


def kept(row: LocationRow, details: Details) -> Details:
    """What the form does not show stays as it is."""
    return Details(
        name=details.name,
        type=details.type,
        address=details.address,
        latitude=details.latitude,
        longitude=details.longitude,
        visible=details.visible,
        authorized_tokens=row.details.authorized_tokens,
    )


def typed(form: FormData) -> LocationWish:
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
    )
    values = {name: _text_of(form, name) for name in names}
    values["visible"] = "yes" if form.get("visible") else ""
    values["currency"] = values["currency"].upper()
    columns = ([str(value).strip() for value in form.getlist(name)] for name in ("from", "to", "windowPrice"))
    lines = (WindowLine(*each) for each in zip(*columns, strict=False))
    return LocationWish(values, tuple(line for line in lines if any(line))[:MOST_WINDOWS])


def blank(first: Tariff | None) -> LocationWish:
    """A form that is empty but for what the company's first location has in common with the next."""
    values = {
        "name": "",
        "type": "public",
        "address": "",
        "latitude": "",
        "longitude": "",
        "visible": "yes",
        "timeZone": first.time_zone if first else "Europe/Berlin",
        "currency": first.currency if first else "EUR",
        "vat": _text(first.vat_rate * 100) if first else "19",
        "strategy": "perKwh",
        "price": "",
        "fee": "",
        "interval": "15",
        "cap": "",
    }
    return LocationWish(values, ())


def known(row: LocationRow) -> LocationWish:
    """The form as it shows a location."""
    details, tariff, fee = row.details, row.tariff, row.tariff.blocking_fee
    values = {
        "name": details.name,
        "type": details.type.value,
        "address": details.address,
        "latitude": "" if details.latitude is None else f"{details.latitude:g}",
        "longitude": "" if details.longitude is None else f"{details.longitude:g}",
        "visible": "yes" if details.visible else "",
        "timeZone": tariff.time_zone,
        "currency": tariff.currency,
        "vat": _text(tariff.vat_rate * 100),
        "strategy": tariff.strategy.value,
        "price": f"{tariff.price:f}",
        "fee": f"{fee.amount:f}" if fee else "",
        "interval": str(fee.interval_minutes) if fee else "15",
        "cap": f"{fee.cap:f}" if fee and fee.cap is not None else "",
    }
    windows = tuple(WindowLine(clock(w.starts), clock(w.ends % 1440), f"{w.price:f}") for w in tariff.windows)
    return LocationWish(values, windows)


def _text(number: Decimal) -> str:
    return f"{number.normalize() + 0:f}"


def _text_of(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""
