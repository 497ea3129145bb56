"""What the templates of bookings are given."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar, NamedTuple

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.presentation.booking_calendar import Week
from eosvolt.adapters.http.web.shell.booking_slots import DayLink, PlugLine, SlotLine
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate
from eosvolt.adapters.http.web.shell.timeline import TimelineEntry
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.domain.money import Money
from eosvolt.projections.booking_feeds import BookingFeedRow
from eosvolt.projections.booking_fees import BookingFeeRow
from eosvolt.projections.bookings import BookingRow
from eosvolt.projections.locations import LocationRow


class BookingChip(NamedTuple):
    """A filter that is set, and the address without it."""

    text: str
    without: str


class Figure(NamedTuple):
    """A title, its value, and what it is compared with or consists of."""

    title: str
    value: str
    under: str
    formula: str = ""


class BookingFigures(ViewModel, frozen=True, kw_only=True):
    """How far the slots of the week are booked, and what became of the bookings."""

    templates: ClassVar = ("bookings/figures.html",)

    figures: Sequence[Figure]


class BookingCalendar(ViewModel, frozen=True, kw_only=True):
    """The week. ``names`` are customers' by id; ``today`` is marked."""

    templates: ClassVar = ("bookings/calendar.html",)

    week: Week
    title: str
    earlier: str
    later: str
    now_address: str
    today: date
    names: Mapping[str, str]
    states: Mapping[str, Text]
    reasons: Mapping[str, Text]
    zones_mix: bool
    filtered: bool


class BookingRows(ViewModel, frozen=True, kw_only=True):
    """A page of the list. ``changeable`` are the ids of those that can still be changed."""

    templates: ClassVar = ("bookings/list.html",)

    rows: Sequence[BookingRow]
    cursor: str | None
    sort: str
    names: Mapping[str, str]
    states: Mapping[str, Text]
    reasons: Mapping[str, Text]
    zones_mix: bool
    filtered: bool


class BookingsPage(ViewModel, frozen=True, kw_only=True):
    """The calendar or the list, with the filter. ``bookable``: there is a location with booking."""

    templates: ClassVar = ("bookings/page.html",)
    parts: ClassVar = (BookingFigures, BookingCalendar, BookingRows)

    view: str
    chips: Sequence[BookingChip]
    states: Mapping[str, Text]
    chargers: Sequence[str]
    bookable: bool
    page: str = "bookings"


class BookingRulesPage(ViewModel, frozen=True, kw_only=True):
    """The rules of a location as a form, and its secret address; ``issued``: the one that was just made."""

    templates: ClassVar = ("bookings/rules.html",)

    row: LocationRow
    form_values: Mapping[str, str]
    lengths: Sequence[tuple[str, str]]
    feed: BookingFeedRow | None
    issued: str
    problems: Mapping[str, str]
    lost: LostUpdate | None
    version: int | str
    page: str = "locations"


class NewBookingPage(ViewModel, frozen=True, kw_only=True):
    """The form of a new booking: ``places`` that take some, and at ``place`` the slots of a day.

    ``booking`` is the id that the booking gets, so that a form that is sent twice makes one.
    """

    templates: ClassVar = ("bookings/new.html",)

    typed: Mapping[str, str]
    problems: Mapping[str, str]
    places: Sequence[tuple[str, str]]
    place: LocationRow | None
    days: Sequence[DayLink]
    slots: Sequence[SlotLine]
    counts: Sequence[tuple[str, str]]
    plugs: Sequence[PlugLine]
    booking: str
    page: str = "bookings"


class BookingStory(ViewModel, frozen=True, kw_only=True):
    """What happened to a booking, the latest first."""

    templates: ClassVar = ("bookings/story.html",)

    entries: Sequence[TimelineEntry]
    row: BookingRow


class BookingFacts(ViewModel, frozen=True, kw_only=True):
    """The booking as it is."""

    templates: ClassVar = ("bookings/facts.html",)

    row: BookingRow
    fee: BookingFeeRow | None
    names: Mapping[str, str]
    states: Mapping[str, Text]
    reasons: Mapping[str, Text]


class BookingPage(ViewModel, frozen=True, kw_only=True):
    """One booking."""

    templates: ClassVar = ("bookings/one.html",)
    parts: ClassVar = (BookingFacts, BookingStory)

    row: BookingRow
    page: str = "bookings"


class ReschedulePage(ViewModel, frozen=True, kw_only=True):
    """The form that moves a booking: the slots of a day, with what it has itself as free."""

    templates: ClassVar = ("bookings/reschedule.html",)

    row: BookingRow
    typed: Mapping[str, str]
    problems: Mapping[str, str]
    days: Sequence[DayLink]
    slots: Sequence[SlotLine]
    plugs: Sequence[PlugLine]
    page: str = "bookings"


class ExtendPage(ViewModel, frozen=True, kw_only=True):
    """The form that adds slots; ``ends`` are numbers of slots, their end, and what they add to the fee."""

    templates: ClassVar = ("bookings/extend.html",)

    row: BookingRow
    ends: Sequence[tuple[str, datetime, Money | None]]
    problem: str
    page: str = "bookings"


class FeeRefundPage(ViewModel, frozen=True, kw_only=True):
    """The form of a refund; ``fee`` is ``None`` as long as none is owed, ``left`` what can be given back."""

    templates: ClassVar = ("bookings/refund.html",)

    row: BookingRow
    fee: BookingFeeRow | None
    left: Money | None
    typed: Mapping[str, str]
    problems: Mapping[str, str]
    page: str = "bookings"


class CancelPage(ViewModel, frozen=True, kw_only=True):
    """The question whether a booking is to be cancelled, and why."""

    templates: ClassVar = ("bookings/cancel.html",)

    row: BookingRow
    problem: str
    page: str = "bookings"
