"""The form of a zone: the texts of its fields, what is wrong with them, and the settings that they say."""

import re
from collections.abc import Mapping, Sequence
from datetime import time
from typing import NamedTuple

from starlette.datastructures import FormData

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.domain.calendar import is_time_zone
from eosvolt.domain.zones.limits import LONGEST_NAME
from eosvolt.domain.zones.values import CapacityWindow, Distribution, SiteMeter, ZoneSettings

SETTINGS_FIELDS = ("name", "meterNumber", "distribution", "timeZone", "parent")
LIMIT_FIELDS = (
    "capacity",
    "buffer",
    "minimum",
    "line1",
    "line2",
    "line3",
    "fallback",
    "siteMeter",
    "includes",
    "unmanaged",
    "worstCase",
    "firstTokens",
)
FIELDS = (*SETTINGS_FIELDS, *LIMIT_FIELDS)
LABELS = {
    "name": Text("Name"),
    "meterNumber": Text("Meter number"),
    "distribution": Text("Load distribution"),
    "timeZone": Text("Time zone"),
    "parent": Text("Part of the zone"),
    "capacity": Text("Maximum grid capacity in kW"),
    "buffer": Text("Buffer in %"),
    "minimum": Text("Minimum session power in kW"),
    "line1": Text("At most on L1 in A"),
    "line2": Text("At most on L2 in A"),
    "line3": Text("At most on L3 in A"),
    "fallback": Text("Fallback for each plug in A"),
    "siteMeter": Text("Site meter"),
    "includes": Text("What the meter measures"),
    "unmanaged": Text("Kept for the building in kW"),
    "worstCase": Text("Worst case of the building in kW"),
    "firstTokens": Text("Tokens with priority"),
    "windows": Text("Capacity by time of day"),
}
DISTRIBUTIONS = {
    "dynamic": Text("Dynamic: a fair share of what is really used"),
    "static": Text("Static: an equal fixed share for each charger"),
    "sequential": Text("Sequential: first come, first served"),
}
SITE_METERS = {
    "none": Text("None"),
    "chargers": Text("The meters of the chargers"),
    "external": Text("Readings by the API"),
}
INCLUDES = {
    "yes": Text("The building and the chargers"),
    "no": Text("The building without the chargers"),
}
_NUMBER = re.compile(r"[0-9]{1,7}([.,][0-9]{1,3})?")
_PERCENT = re.compile(r"[0-9]{1,2}")
_NUMBERS = ("capacity", "minimum", "line1", "line2", "line3", "fallback", "unmanaged", "worstCase")
_LINES = ("line1", "line2", "line3")
_OF_WINDOWS = ("from", "to", "windowCapacity")
_CHOICES = (("distribution", DISTRIBUTIONS), ("siteMeter", SITE_METERS), ("includes", INCLUDES))


class CapacityLine(NamedTuple):
    """A window of the schedule as it was typed."""

    starts: str
    ends: str
    capacity: str


class ZoneFormData(NamedTuple):
    """What was typed; ``chargers`` are the charge box ids that were chosen."""

    values: Mapping[str, str]
    windows: Sequence[CapacityLine] = ()
    chargers: tuple[str, ...] = ()

    def merged(self, values: Mapping[str, str]) -> "ZoneFormData":
        """The same with other values."""
        return self._replace(values={**self.values, **values})


def blank(time_zone: str) -> ZoneFormData:
    """The form of a new zone."""
    values = dict.fromkeys(FIELDS, "")
    return ZoneFormData(
        values
        | {
            "distribution": Distribution.DYNAMIC.value,
            "timeZone": time_zone,
            "buffer": "10",
            "siteMeter": SiteMeter.NONE.value,
            "includes": "yes",
        }
    )


def typed(form: FormData) -> ZoneFormData:
    """The form as it was sent."""
    values = {name: str(form.get(name, "")).strip() for name in FIELDS}
    columns = (
        [str(each).strip() for each in form.getlist(name)] for name in ("from", "to", "windowCapacity")
    )
    lines = (CapacityLine(*each) for each in zip(*columns, strict=False))
    chargers = [str(each) for each in form.getlist("charger") if isinstance(each, str)]
    return ZoneFormData(values, tuple(line for line in lines if any(line)), tuple(dict.fromkeys(chargers)))


def of_settings(settings: ZoneSettings) -> ZoneFormData:
    """The form as the zone is."""
    lines = settings.capacity_ma or ()
    values = {
        "name": settings.name,
        "meterNumber": settings.meter_number,
        "distribution": settings.distribution.value,
        "timeZone": settings.time_zone,
        "parent": settings.parent,
        "capacity": _thousandths(settings.capacity_w),
        "buffer": str(settings.buffer_percent),
        "minimum": _thousandths(settings.minimum_session_w) if settings.minimum_session_w else "",
        "fallback": _thousandths(settings.fallback_ma) if settings.fallback_ma else "",
        "siteMeter": settings.site_meter.value,
        "includes": "yes" if settings.meter_includes_chargers else "no",
        "unmanaged": _thousandths(settings.unmanaged_w) if settings.unmanaged_w else "",
        "worstCase": _thousandths(settings.worst_case_w) if settings.worst_case_w else "",
        "firstTokens": "\n".join(settings.first_tokens),
        **{name: _thousandths(lines[at]) if lines else "" for at, name in enumerate(_LINES)},
    }
    windows = tuple(
        CapacityLine(f"{each.since:%H:%M}", f"{each.until:%H:%M}", _thousandths(each.capacity_w))
        for each in settings.schedule
    )
    return ZoneFormData(values, windows)


def windows_text(windows: Sequence[CapacityLine]) -> str:
    """The windows in one line, e.g. ``22:00–06:00 50 kW``."""
    return ", ".join(f"{each.starts}–{each.ends} {each.capacity} kW" for each in sorted(windows))


def problems(form: ZoneFormData, fields: Sequence[str] = (*FIELDS, "windows")) -> dict[str, str]:
    """What is wrong with these fields."""
    wrong = _wrong_settings(form.values) | _wrong_limits(form.values)
    if problem := next((found for each in form.windows if (found := _wrong_window(each))), ""):
        wrong["windows"] = problem
    return {name: sentence for name, sentence in wrong.items() if name in fields}


def _wrong_settings(values: Mapping[str, str]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not values["name"]:
        wrong["name"] = gettext("A zone needs a name.")
    elif len(values["name"]) > LONGEST_NAME:
        wrong["name"] = gettext("A name has at most {number} characters.", number=LONGEST_NAME)
    if values["timeZone"] and not is_time_zone(values["timeZone"]):
        wrong["timeZone"] = gettext("This is not an IANA time zone.")
    for name, options in _CHOICES:
        if values[name] and values[name] not in options:
            wrong[name] = gettext("There is no such choice.")
    return wrong


def _wrong_limits(values: Mapping[str, str]) -> dict[str, str]:
    wrong = {
        name: gettext("This is a number like 22 or 3.7.")
        for name in _NUMBERS
        if values[name] and not _NUMBER.fullmatch(values[name])
    }
    if not values["capacity"]:
        wrong["capacity"] = gettext("A zone needs the capacity of its grid connection.")
    elif "capacity" not in wrong and not _thousands(values["capacity"]):
        wrong["capacity"] = gettext("The capacity is more than 0.")
    if values["buffer"] and not _PERCENT.fullmatch(values["buffer"]):
        wrong["buffer"] = gettext("The buffer is a whole number from 0 to 99.")
    lines = [values[name] for name in _LINES]
    if any(lines) and not all(lines):
        wrong[next(name for name in _LINES if not values[name])] = gettext("Fill in all three lines or none.")
    return wrong


def settings_of(form: ZoneFormData) -> ZoneSettings:
    """The settings of a form with which nothing is wrong."""
    values = form.values
    lines = [_thousands(values[name]) for name in _LINES] if values["line1"] else []
    tokens = [each.strip() for each in values["firstTokens"].splitlines()]
    return ZoneSettings(
        name=values["name"],
        capacity_w=_thousands(values["capacity"]),
        time_zone=values["timeZone"],
        distribution=Distribution(values["distribution"] or "dynamic"),
        meter_number=values["meterNumber"],
        capacity_ma=(lines[0], lines[1], lines[2]) if lines else None,
        buffer_percent=int(values["buffer"] or 0),
        minimum_session_w=_thousands(values["minimum"]),
        site_meter=SiteMeter(values["siteMeter"] or "none"),
        meter_includes_chargers=values["includes"] != "no",
        unmanaged_w=_thousands(values["unmanaged"]),
        worst_case_w=_thousands(values["worstCase"]),
        schedule=tuple(
            CapacityWindow(
                time.fromisoformat(each.starts), time.fromisoformat(each.ends), _thousands(each.capacity)
            )
            for each in form.windows
        ),
        parent=values["parent"],
        fallback_ma=_thousands(values["fallback"]),
        first_tokens=tuple(dict.fromkeys(filter(None, tokens))),
    )


def _wrong_window(window: CapacityLine) -> str:
    for text in (window.starts, window.ends):
        if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text):
            return gettext("Each window needs a start and an end.")
    if not _NUMBER.fullmatch(window.capacity) or not _thousands(window.capacity):
        return gettext("Each window needs a capacity in kW.")
    return ""


def _thousands(text: str) -> int:
    return round(float(text.replace(",", ".") or 0) * 1000)


def _thousandths(number: int) -> str:
    return f"{number / 1000:.3f}".rstrip("0").rstrip(".")
