"""The form of a location's rules for bookings: from its texts to the domain's value, and back."""

from collections.abc import Mapping

from starlette.datastructures import FormData

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.web.bookings import rules_prices
from eosvolt.domain.calendar import clock, minutes_of_day
from eosvolt.domain.locations.booking_rules import SLOT_STEP_MINUTES, BookingRules, problems
from eosvolt.domain.locations.opening_hours import OpenRange
from eosvolt.domain.tariffs.tariff import Tariff

_YES = "yes"
SWITCHES = ("enabled", "mixMode", "onDemandIntoBooking", "onePerDriver")
_TIMES = ("from", "to")
_NUMBERS = (
    "slotMinutes",
    "bufferMinutes",
    "earlyStartMinutes",
    "lateStopMinutes",
    "aheadDays",
    "noticeMinutes",
    "changeMinutes",
    "cancelMinutes",
    "graceMinutes",
)
_AUTO_CANCEL = "autoCancelMinutes"
_LONGEST = 6
# The lengths that are offered; others that a program has set stay.
SLOT_LENGTHS = (30, 60, 90, 120, 180, 240, 360, 480, 720, 1440)
LABELS: Mapping[str, str] = {
    "enabled": Text("Bookings"),
    "from": Text("Bookable from"),
    "to": Text("Bookable until"),
    "slotMinutes": Text("Slot"),
    "bufferMinutes": Text("Kept free after each booking"),
    _AUTO_CANCEL: Text("No-show after"),
    "mixMode": Text("On-demand charging beside bookings"),
    "onDemandIntoBooking": Text("On-demand session of the booker goes on"),
    "earlyStartMinutes": Text("Early start"),
    "lateStopMinutes": Text("Late stop"),
    "aheadDays": Text("Booked at most ahead"),
    "noticeMinutes": Text("Booked at least before"),
    "changeMinutes": Text("Changed until before"),
    "cancelMinutes": Text("Cancelled without the fee until before"),
    "onePerDriver": Text("One booking per driver at a time"),
    **rules_prices.LABELS,
}


def known(rules: BookingRules) -> dict[str, str]:
    """The values of the form as it shows rules."""
    numbers = (
        rules.slot_minutes,
        rules.buffer_minutes,
        rules.early_start_minutes,
        rules.late_stop_minutes,
        rules.ahead_days,
        rules.notice_minutes,
        rules.change_minutes,
        rules.cancel_minutes,
        rules.grace_minutes,
    )
    switches = (rules.enabled, rules.mix_mode, rules.on_demand_into_booking, rules.one_per_driver)
    return {
        **rules_prices.known(rules),
        "from": clock(rules.frame.starts),
        "to": clock(rules.frame.ends),
        _AUTO_CANCEL: "" if rules.auto_cancel_minutes is None else str(rules.auto_cancel_minutes),
        **{name: str(number) for name, number in zip(_NUMBERS, numbers, strict=True)},
        **{name: _YES if on else "" for name, on in zip(SWITCHES, switches, strict=True)},
    }


def typed(form: FormData) -> dict[str, str]:
    """The values of the form as it was sent."""
    values = {name: form.get(name, "") for name in LABELS}
    return {name: value.strip() if isinstance(value, str) else "" for name, value in values.items()}


def checked(values: Mapping[str, str], tariff: Tariff) -> tuple[dict[str, str], BookingRules | None]:
    """Everything that is wrong, by field, and the rules where nothing is. ``tariff`` is the location's."""
    wrong: dict[str, str] = {}
    times = {name: _time(values[name], name, wrong) for name in _TIMES}
    numbers = {name: _number(values[name], name, wrong) for name in _NUMBERS}
    auto_cancel = _number(values[_AUTO_CANCEL], _AUTO_CANCEL, wrong) if values[_AUTO_CANCEL] else None
    prices = rules_prices.checked(values, tariff, wrong)
    if wrong:
        return wrong, None
    rules = BookingRules(
        enabled=bool(values["enabled"]),
        frame=OpenRange(times["from"], times["to"]),
        slot_minutes=numbers["slotMinutes"],
        buffer_minutes=numbers["bufferMinutes"],
        auto_cancel_minutes=auto_cancel,
        mix_mode=bool(values["mixMode"]),
        on_demand_into_booking=bool(values["onDemandIntoBooking"]),
        early_start_minutes=numbers["earlyStartMinutes"],
        late_stop_minutes=numbers["lateStopMinutes"],
        ahead_days=numbers["aheadDays"],
        notice_minutes=numbers["noticeMinutes"],
        change_minutes=numbers["changeMinutes"],
        cancel_minutes=numbers["cancelMinutes"],
        one_per_driver=bool(values["onePerDriver"]),
        grace_minutes=numbers["graceMinutes"],
        fee=prices.fee,
        pricing=prices.pricing,
        free_wh=prices.free_wh,
        blocking_fee=prices.blocking_fee,
    )
    for pointer, sentence in problems(rules, tariff):
        wrong.setdefault(rules_prices.field_of(pointer) or "from", sentence)
    return wrong, None if wrong else rules


def slot_lengths(value: str) -> list[tuple[str, str]]:
    """The lengths of a slot to choose from, in words, with the present one."""
    lengths = {*SLOT_LENGTHS}
    if (
        value.isascii()
        and value.isdecimal()
        and len(value) <= _LONGEST
        and not int(value) % SLOT_STEP_MINUTES
    ):
        lengths.add(int(value))
    return [(str(minutes), _length(minutes)) for minutes in sorted(lengths)]


def _length(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return gettext("{minutes} min", minutes=minutes)
    return gettext("{hours} h {minutes} min", hours=hours, minutes=rest) if rest else f"{hours} h"


def _time(text: str, name: str, wrong: dict[str, str]) -> int:
    try:
        return minutes_of_day(text)
    except ValueError:
        wrong[name] = gettext("This is a time like 08:00.")
        return 0


def _number(text: str, name: str, wrong: dict[str, str]) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= _LONGEST:
        return int(text)
    wrong[name] = gettext("This is a whole number.")
    return 0
