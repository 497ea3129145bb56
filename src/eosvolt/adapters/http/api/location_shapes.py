"""Opening hours, access, support and hints of a location in the API, to and from the domain's values."""

from datetime import date
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType, field

from eosvolt.adapters.http.api.tariffs import Clock
from eosvolt.adapters.http.framework.api_types import ApiInput, LongText, ShortText
from eosvolt.application import support_contacts
from eosvolt.domain.calendar import MINUTES_A_DAY, clock, minutes_of_day
from eosvolt.domain.locations.access import MOST_ACCESS_WINDOWS, AccessSchedule, AccessWindow, Who
from eosvolt.domain.locations.events import Cable, Fit
from eosvolt.domain.locations.opening_hours import (
    ALWAYS_OPEN,
    MOST_EXCEPTIONS,
    MOST_RANGES_A_DAY,
    WEEKDAYS,
    OpeningHours,
    OpenRange,
    Ranges,
    SpecialDay,
)
from eosvolt.domain.support import SupportContact, stripped

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WhoName = Literal["everybody", "listed", "nobody"]
CableName = Literal["attached", "own"]


class RangeShape(ApiInput, frozen=True, kw_only=True):
    """A range of local time. It goes on past midnight where it ends before it starts."""

    starts: Clock = field(name="from")
    ends: Clock = field(name="to")


RangeShapes = Annotated[tuple[RangeShape, ...], Meta(max_length=MOST_RANGES_A_DAY)]


class WeekShape(ApiInput, frozen=True, kw_only=True):
    """The ranges that start on each day of the week; none: closed."""

    monday: RangeShapes = ()
    tuesday: RangeShapes = ()
    wednesday: RangeShapes = ()
    thursday: RangeShapes = ()
    friday: RangeShapes = ()
    saturday: RangeShapes = ()
    sunday: RangeShapes = ()


class SpecialDayShape(ApiInput, frozen=True, kw_only=True):
    """A date on which other ranges start than on its weekday; none: closed."""

    day: date = field(name="date")
    ranges: RangeShapes = ()


class OpeningHoursShape(ApiInput, frozen=True, kw_only=True):
    """When sessions may start, in the location's time zone. ``week`` ``null``: every day, 24 hours."""

    week: WeekShape | None = None
    exceptions: Annotated[tuple[SpecialDayShape, ...], Meta(max_length=MOST_EXCEPTIONS)] = ()


class AccessWindowShape(ApiInput, frozen=True, kw_only=True):
    """Times on some days of the week at which on-demand charging is open to whom."""

    days: Annotated[tuple[Weekday, ...], Meta(min_length=1, max_length=7)]
    starts: Clock = field(name="from")
    ends: Clock = field(name="to")
    who: WhoName


AccessWindowShapes = Annotated[tuple[AccessWindowShape, ...], Meta(max_length=MOST_ACCESS_WINDOWS)]


class SupportShape(ApiInput, frozen=True, kw_only=True):
    """How drivers reach support; texts, empty if there is none."""

    phone: ShortText = ""
    email: Annotated[str, Meta(max_length=254)] = ""
    hours: ShortText = ""


class FitShape(ApiInput, frozen=True, kw_only=True):
    """Hints for drivers: whether a car fits, and what to bring."""

    max_height_cm: Annotated[int, Meta(ge=50, le=2000)] | None = None
    cable: CableName | None = None
    wheelchair: bool | None = None
    parking: LongText = ""


class WeekChange(ApiInput, frozen=True, kw_only=True):
    """A patch of the week: the days that are named."""

    monday: RangeShapes | UnsetType = UNSET
    tuesday: RangeShapes | UnsetType = UNSET
    wednesday: RangeShapes | UnsetType = UNSET
    thursday: RangeShapes | UnsetType = UNSET
    friday: RangeShapes | UnsetType = UNSET
    saturday: RangeShapes | UnsetType = UNSET
    sunday: RangeShapes | UnsetType = UNSET


class OpeningHoursChange(ApiInput, frozen=True, kw_only=True):
    """A patch of the opening hours. ``exceptions`` are replaced as a whole."""

    week: WeekChange | UnsetType | None = UNSET
    exceptions: (
        Annotated[tuple[SpecialDayShape, ...], Meta(max_length=MOST_EXCEPTIONS)] | UnsetType | None
    ) = UNSET


class LocationSupportChange(ApiInput, frozen=True, kw_only=True):
    """A patch of the support contact."""

    phone: ShortText | UnsetType = UNSET
    email: Annotated[str, Meta(max_length=254)] | UnsetType = UNSET
    hours: ShortText | UnsetType = UNSET


class FitChange(ApiInput, frozen=True, kw_only=True):
    """A patch of the hints; ``null``: nothing is said."""

    max_height_cm: Annotated[int, Meta(ge=50, le=2000)] | UnsetType | None = UNSET
    cable: CableName | UnsetType | None = UNSET
    wheelchair: bool | UnsetType | None = UNSET
    parking: LongText | UnsetType | None = UNSET


def opening_hours(shape: OpeningHoursShape) -> OpeningHours:
    """The domain's opening hours; they may break rules."""
    named = shape.week
    week = ALWAYS_OPEN if named is None else tuple(_ranges(getattr(named, day)) for day in WEEKDAYS)
    return OpeningHours(week, tuple(SpecialDay(each.day, _ranges(each.ranges)) for each in shape.exceptions))


def opening_hours_shape(hours: OpeningHours) -> OpeningHoursShape:
    """Opening hours as the API writes them."""
    week = dict(zip(WEEKDAYS, map(_range_shapes, hours.week), strict=True))
    return OpeningHoursShape(
        week=None if hours.week == ALWAYS_OPEN else WeekShape(**week),
        exceptions=tuple(
            SpecialDayShape(day=each.day, ranges=_range_shapes(each.ranges)) for each in hours.exceptions
        ),
    )


def schedule(shapes: AccessWindowShapes) -> AccessSchedule:
    """The domain's access schedule; it may break rules."""
    return tuple(
        AccessWindow(
            weekdays=tuple(sorted({WEEKDAYS.index(day) for day in each.days})),
            starts=minutes_of_day(each.starts),
            ends=minutes_of_day(each.ends) or MINUTES_A_DAY,
            who=Who(each.who),
        )
        for each in shapes
    )


def schedule_shapes(known: AccessSchedule) -> AccessWindowShapes:
    """An access schedule as the API writes it."""
    return tuple(
        AccessWindowShape(
            days=tuple(_weekday(day) for day in each.weekdays),
            starts=clock(each.starts),
            ends=clock(each.ends),
            who=each.who.value,
        )
        for each in known
    )


def support(shape: SupportShape | None) -> tuple[SupportContact | None, list[tuple[str, str]]]:
    """The contact, ``None`` for the company's, and what is wrong with it as ``(pointer, sentence)``."""
    if shape is None:
        return None, []
    contact = stripped(SupportContact(shape.phone, shape.email, shape.hours))
    wrong = [(f"/support/{name}", sentence) for name, sentence in support_contacts.problems(contact)]
    return contact, wrong


def support_shape(contact: SupportContact | None) -> SupportShape | None:
    """A contact as the API writes it."""
    if contact is None:
        return None
    return SupportShape(phone=contact.phone, email=contact.email, hours=contact.hours)


def fit(shape: FitShape) -> Fit:
    """The domain's hints."""
    return Fit(
        max_height_cm=shape.max_height_cm,
        cable=None if shape.cable is None else Cable(shape.cable),
        wheelchair=shape.wheelchair,
        parking=shape.parking.strip(),
    )


def fit_shape(known: Fit) -> FitShape:
    """Hints as the API writes them."""
    return FitShape(
        max_height_cm=known.max_height_cm,
        cable=None if known.cable is None else known.cable.value,
        wheelchair=known.wheelchair,
        parking=known.parking,
    )


def _ranges(shapes: RangeShapes) -> Ranges:
    # A range that ends at 00:00 ends with the day.
    return tuple(
        OpenRange(minutes_of_day(each.starts), minutes_of_day(each.ends) or MINUTES_A_DAY) for each in shapes
    )


def _range_shapes(ranges: Ranges) -> RangeShapes:
    return tuple(RangeShape(starts=clock(part.starts), ends=clock(part.ends)) for part in ranges)


def _weekday(number: int) -> Weekday:
    name: Weekday = WEEKDAYS[number]  # type: ignore[assignment]  # one of the seven
    return name
