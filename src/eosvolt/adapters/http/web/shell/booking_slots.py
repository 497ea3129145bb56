"""The slots of a day as forms offer them, each with the plugs that are free."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.shell.base_request import BaseRequest
from eosvolt.adapters.http.web.shell.connector_labels import connector_type
from eosvolt.adapters.http.web.shell.formats import clock_of, day_of_month, weekday
from eosvolt.adapters.http.web.shell.query_parameters import FIRST_YEAR, LAST_YEAR, instant
from eosvolt.application.booking_offers import OfferQuestion
from eosvolt.application.booking_slots import PlugChoice, SlotOffer
from eosvolt.domain.locations.booking_rules import BookingRules
from eosvolt.domain.money import Money
from eosvolt.projections.connector_status import ConnectorRow

DAYS_SHOWN = 14
# What a driver takes at most in forms; the API takes more.
MOST_OFFERED = 12
_ANY = "any:"
_DAY = timedelta(days=1)


class SlotLine(NamedTuple):
    """A slot to choose. ``start`` is its instant in UTC, ``free`` the number of plugs, ``fee`` its price."""

    start: str
    shown: str
    free: int
    fee: Money | None = None


class DayLink(NamedTuple):
    """A day to choose, with its address."""

    text: str
    address: str
    chosen: bool


class DayOffers(NamedTuple):
    """The slots of a day."""

    day: date
    offers: Sequence[SlotOffer]


class PlugLine(NamedTuple):
    """A plug to choose, as ``charge box id/number``, or any of a type."""

    value: str
    text: str


def slot_lines(offers: Sequence[SlotOffer], zone: str) -> list[SlotLine]:
    """The slots in local time. An hour that the clock shows twice is told apart by its offset."""
    shown = [f"{clock_of(each.since, zone)}–{clock_of(each.until, zone)}" for each in offers]
    return [
        SlotLine(
            each.since.isoformat(),
            text if shown.count(text) == 1 else f"{text} (UTC {clock_of(each.since, 'UTC')})",
            len(each.free),
            each.fee,
        )
        for each, text in zip(offers, shown, strict=True)
    ]


def day_links(today: date, chosen: date, last: date, address: str) -> list[DayLink]:
    """Days to choose from today on; ``address`` ends with the name of the parameter for the date."""
    first = today if chosen < today + timedelta(days=DAYS_SHOWN) else chosen - timedelta(days=DAYS_SHOWN // 2)
    days = (first + timedelta(days=each) for each in range(DAYS_SHOWN))
    return [
        DayLink(f"{weekday(day)} {day_of_month(day)}", f"{address}{day.isoformat()}", day == chosen)
        for day in days
        if day <= last
    ]


def last_day(rules: BookingRules, today: date) -> date:
    """The last day on which something can be booked."""
    return today + timedelta(days=rules.ahead_days)


def plug_value(charger: str, plug: int) -> str:
    """A plug as a form sends it."""
    return f"{charger}/{plug}"


def chosen_plug(value: str) -> PlugChoice | None:
    """What a form's value means: a plug, or any of a type; all plugs if it is empty, else ``None``."""
    if not value:
        return PlugChoice()
    if value.startswith(_ANY):
        return PlugChoice(type=value.removeprefix(_ANY))
    charger, _, number = value.rpartition("/")
    if not charger or not (number.isascii() and number.isdecimal() and len(number) <= 5):
        return None
    return PlugChoice(charger, int(number))


def plug_lines(plugs: Iterable[ConnectorRow]) -> list[PlugLine]:
    """What can be chosen of the plugs of a location: any of each type, then each of them."""
    there = sorted((each for each in plugs if each.connector > 0), key=_place)
    types = sorted({each.type for each in there if each.type})
    found = [
        PlugLine(f"{_ANY}{each}", gettext("Any plug: {type}", type=connector_type(each))) for each in types
    ]
    return found + [
        PlugLine(
            plug_value(each.charge_point, each.connector),
            " · ".join(filter(None, (each.charge_point, str(each.connector), connector_type(each.type)))),
        )
        for each in there
    ]


def chosen_line(plugs: Sequence[PlugLine], asked: str) -> str:
    """The value that is ``asked`` for, or the first one: a car takes one type of plug."""
    values = [each.value for each in plugs]
    return asked if asked in values else next(iter(values), "")


def _place(row: ConnectorRow) -> tuple[str, int]:
    return row.charge_point, row.connector


def start_of(text: str) -> datetime | None:
    """The instant of a slot that a form sends; ``None`` for what is none."""
    return instant(text, "UTC")


def day_of(text: str, otherwise: date) -> date:
    """The date that an address asks for; ``otherwise`` without a valid one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise


def counts(rules: BookingRules) -> list[tuple[str, str]]:
    """How many slots can be taken at once, each with how long it is."""
    most = max(1, min(MOST_OFFERED, 24 * 60 // rules.slot_minutes))
    return [(str(each), _lasting(each * rules.slot_minutes)) for each in range(1, most + 1)]


def _lasting(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return gettext("{minutes} min", minutes=minutes)
    return gettext("{hours} h {minutes} min", hours=hours, minutes=rest) if rest else f"{hours} h"


def slot_count(text: str, otherwise: int = 1) -> int:
    """A number of slots; ``otherwise`` for what is none."""
    if text.isascii() and text.isdecimal() and len(text) <= 3 and 1 <= int(text) <= MOST_OFFERED:
        return int(text)
    return otherwise


def lived_date(text: str, otherwise: date) -> date:
    """The date that is asked for; ``otherwise`` for none, and for one on which nobody lives."""
    day = day_of(text, otherwise)
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else otherwise


async def offers_of_day(request: BaseRequest, company: int, wanted: OfferQuestion, asked: str) -> DayOffers:
    """The slots of the date that is ``asked`` for; else of today, or of tomorrow where today has none left.

    ``wanted`` is about today.
    """
    day = lived_date(asked, wanted.since)
    for each in (day,) if asked else (day, day + _DAY):
        question = wanted._replace(since=each, until=each + _DAY)
        offers = await request.dependencies.slot_offers.offers(company, question, request.now)
        if offers:
            return DayOffers(each, offers)
    return DayOffers(day, ())
