"""The form of opening hours: from its texts to the domain's value, and back."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from starlette.datastructures import FormData

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.web.shell.location_labels import WEEKDAYS
from eosvolt.application.operations.locations import LocationTerms
from eosvolt.domain.calendar import MINUTES_A_DAY, clock
from eosvolt.domain.locations.opening_hours import WEEKDAYS as NAMES
from eosvolt.domain.locations.opening_hours import (
    WHOLE_DAY,
    OpeningHours,
    OpenRange,
    Ranges,
    SpecialDay,
    problems,
)
from eosvolt.projections.locations import LocationRow

LABELS = dict(zip(NAMES, WEEKDAYS, strict=True)) | {"exceptions": Text("Exceptions")}

_RANGE = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|to|bis)\s*(\d{1,2})(?:[:.](\d{2}))?")
_WHOLE_DAYS = frozenset({"24h", "24 h", "24"})


class SpecialLine(NamedTuple):
    """An exception as it was typed."""

    day: str
    ranges: str


class HoursFormData(NamedTuple):
    """What was typed: the ranges of each weekday by its name, and the exceptions."""

    values: dict[str, str]
    exceptions: tuple[SpecialLine, ...]


class NoRange(Exception):  # noqa: N818 - an answer to whoever typed it
    """A text that is no list of ranges; the text says which part."""


def ranges_of(text: str) -> Ranges:
    """The ranges of a text such as ``08:00–12:00, 13–18``; none of an empty one. Raises ``NoRange``."""
    if text.strip().casefold() in _WHOLE_DAYS:
        return WHOLE_DAY
    parts = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
    return tuple(sorted((_range_of(part) for part in parts), key=_starts))


def _range_of(part: str) -> OpenRange:
    found = _RANGE.fullmatch(part)
    if found is None:
        raise NoRange(part)
    hours, minutes, until, until_minutes = (int(group or 0) for group in found.groups())
    ends = until * 60 + until_minutes or MINUTES_A_DAY
    if minutes > 59 or until_minutes > 59 or hours * 60 + minutes >= MINUTES_A_DAY or ends > MINUTES_A_DAY:
        raise NoRange(part)
    return OpenRange(hours * 60 + minutes, ends)


def _starts(part: OpenRange) -> int:
    return part.starts


def ranges_text(ranges: Ranges) -> str:
    """The ranges as people write them: ``08:00–12:00, 13:00–18:00``."""
    return ", ".join(f"{clock(part.starts)}–{clock(part.ends)}" for part in ranges)


def known(terms: LocationRow | LocationTerms) -> HoursFormData:
    """The form as it shows a location."""
    hours = terms.access.opening_hours
    values = {name: ranges_text(ranges) for name, ranges in zip(NAMES, hours.week, strict=True)}
    lines = (SpecialLine(str(each.day), ranges_text(each.ranges)) for each in hours.exceptions)
    return HoursFormData(values, tuple(lines))


def typed(form: FormData) -> HoursFormData:
    """The form as it was sent."""
    values = {name: _text(form.get(name, "")) for name in NAMES}
    if form.get("always"):
        values = dict.fromkeys(NAMES, "00:00–24:00")
    columns = ([_text(value) for value in form.getlist(name)] for name in ("date", "dateRanges"))
    lines = (SpecialLine(*each) for each in zip(*columns, strict=False))
    return HoursFormData(values, tuple(line for line in lines if any(line)))


def exceptions_text(form_data: HoursFormData) -> str:
    """The exceptions in one line, e.g. ``2026-12-24 08:00–12:00; 2026-12-25``."""
    return "; ".join(" ".join(filter(None, line)) for line in form_data.exceptions)


def checked(form_data: HoursFormData) -> tuple[dict[str, str], OpeningHours | None]:
    """Everything that is wrong, by field, and the hours where nothing is."""
    wrong: dict[str, str] = {}
    week = []
    for name in NAMES:
        try:
            week.append(ranges_of(form_data.values[name]))
        except NoRange as part:
            wrong[name] = _no_range(part)
            week.append(())
    exceptions = list(_exceptions(form_data, wrong))
    hours = OpeningHours(tuple(week), tuple(sorted(exceptions, key=_day)))
    for pointer, sentence in problems(hours):
        field = pointer.split("/")[2] if pointer.startswith("/week/") else "exceptions"
        wrong.setdefault(field, sentence)
    return wrong, None if wrong else hours


def _exceptions(form_data: HoursFormData, wrong: dict[str, str]) -> Iterator[SpecialDay]:
    for line in form_data.exceptions:
        try:
            yield SpecialDay(date.fromisoformat(line.day), ranges_of(line.ranges))
        except NoRange as part:
            wrong["exceptions"] = _no_range(part)
        except ValueError:
            wrong["exceptions"] = gettext("Each exception needs a date.")


def _no_range(part: NoRange) -> str:
    return gettext("{text} is not a range such as 08:00–18:00.", text=str(part))


def _day(special: SpecialDay) -> date:
    return special.day


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
