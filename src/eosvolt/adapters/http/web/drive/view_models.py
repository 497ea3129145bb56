"""What the templates of drivers are given."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar, NamedTuple

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.presentation.driven_sessions import OwnSession
from eosvolt.adapters.http.presentation.driver_accounts import OwnAccount
from eosvolt.adapters.http.presentation.driver_statements import OwnStatement
from eosvolt.adapters.http.presentation.driving import FoundLocation, SeenPlace
from eosvolt.adapters.http.presentation.pricing import Priced
from eosvolt.adapters.http.web.shell.booking_slots import DayLink, PlugLine, SlotLine
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.booking_offers import NextBooking
from eosvolt.application.drivers import Driver
from eosvolt.domain.money import Money
from eosvolt.projections.bookings import BookingRow
from eosvolt.projections.connector_status import ConnectorRow
from eosvolt.projections.home_chargers import HomeChargerRow
from eosvolt.projections.locations import LocationRow
from eosvolt.projections.session_row import SessionRow


class DriveFrame(ViewModel, frozen=True, kw_only=True):
    """What every page of drivers has around it. ``tab``: find, sessions, home or profile."""

    templates: ClassVar = ("drive/frame.html",)

    tab: str
    notice: str
    signed_in: bool


class FindPage(ViewModel, frozen=True, kw_only=True):
    """Locations where the driver may charge. ``values`` are those of the search; ``pins`` are for the map."""

    templates: ClassVar = ("drive/find.html",)
    frame: ClassVar = DriveFrame

    places: Sequence[SeenPlace]
    values: Mapping[str, str]
    problem: str
    following: str
    map: bool
    pins: str
    tiles: str


class DriverLocationPage(ViewModel, frozen=True, kw_only=True):
    """One location with its plugs. ``hours``: weekdays with their opening hours; empty if always open."""

    templates: ClassVar = ("drive/location.html",)
    frame: ClassVar = DriveFrame

    shown: SeenPlace
    hours: Sequence[tuple[str, str]]
    is_open: bool


class DriverPlugPage(ViewModel, frozen=True, kw_only=True):
    """A plug with its price and the button to start. ``known``: the operator has the driver as a customer.

    ``payment`` is what is held at most before a driver starts who is none, ``None`` where nobody can pay.
    ``upcoming`` is the booking that begins next within a day, perhaps ``upcoming_today`` by local time.
    """

    templates: ClassVar = ("drive/plug.html",)
    frame: ClassVar = DriveFrame

    shown: SeenPlace
    plug: ConnectorRow
    upcoming: NextBooking | None
    upcoming_today: bool
    signed_in: bool
    known: bool
    payment: Money | None
    is_open: bool
    problem: str
    here: str
    running: str


class DriverSessionPage(ViewModel, frozen=True, kw_only=True):
    """A session as it goes on, or a start that has not led to one.

    ``upcoming`` is the booking of the plug that begins soon and ends the session.
    """

    templates: ClassVar = ("drive/session.html",)
    frame: ClassVar = DriveFrame

    own: OwnSession
    place: FoundLocation | None
    price: Priced | None
    minutes: int
    next_fee_at: datetime | None
    stopping: bool
    upcoming: NextBooking | None


class DriverSessionsPage(ViewModel, frozen=True, kw_only=True):
    """The driver's sessions, the newest first, with the names of their locations and what each costs."""

    templates: ClassVar = ("drive/sessions.html",)
    frame: ClassVar = DriveFrame

    sessions: Sequence[tuple[SessionRow, str, Priced]]
    following: str


class BookableSlots(NamedTuple):
    """The slots of a day, the days to choose from, and the slot that was chosen before."""

    days: Sequence[DayLink]
    slots: Sequence[SlotLine]
    start: str


class DriverBookPage(ViewModel, frozen=True, kw_only=True):
    """The slots of a day at a location. ``known``: the operator has the driver as a customer.

    ``booking`` is the id that a held slot gets, so that a form that is sent twice holds one.
    """

    templates: ClassVar = ("drive/book.html",)
    frame: ClassVar = DriveFrame

    shown: SeenPlace
    offered: BookableSlots
    counts: Sequence[tuple[str, str]]
    plugs: Sequence[PlugLine]
    typed: Mapping[str, str]
    signed_in: bool
    known: bool
    problem: str
    here: str
    booking: str


class DriverBookingsPage(ViewModel, frozen=True, kw_only=True):
    """The driver's bookings with the names of their locations: to come, and over."""

    templates: ClassVar = ("drive/bookings.html",)
    frame: ClassVar = DriveFrame

    coming: Sequence[BookingRow]
    over: Sequence[BookingRow]
    names: Mapping[str, str]
    states: Mapping[str, Text]
    following: str


class DriverBookingPage(ViewModel, frozen=True, kw_only=True):
    """A booking, or a slot that is ``held`` for the driver, and what the driver may do with it now.

    Cancelled until ``refund_until`` its fee is not owed; ``fee_kept`` says that it would be by now.
    """

    templates: ClassVar = ("drive/booking.html",)
    frame: ClassVar = DriveFrame

    row: BookingRow
    place: LocationRow | None
    states: Mapping[str, Text]
    reasons: Mapping[str, Text]
    problem: str
    held: bool
    may_change: bool
    may_cancel: bool
    refund_until: datetime
    fee_kept: bool
    may_start: bool
    longer_until: datetime
    longer_fee: Money | None


class DriverMovePage(ViewModel, frozen=True, kw_only=True):
    """The slots to which a booking can be moved."""

    templates: ClassVar = ("drive/move.html",)
    frame: ClassVar = DriveFrame

    row: BookingRow
    place: LocationRow
    offered: BookableSlots
    date: str
    problem: str


class DriverHomePage(ViewModel, frozen=True, kw_only=True):
    """The driver's home chargers with their time zones, and the form to redeem a code.

    ``accounts`` are those of the companies of these, each with its masked IBAN.
    """

    templates: ClassVar = ("drive/home.html",)
    frame: ClassVar = DriveFrame

    homes: Sequence[tuple[HomeChargerRow, str]]
    statements: Sequence[OwnStatement]
    accounts: Sequence[tuple[OwnAccount, str]]
    states: Mapping[str, Text]
    code: str
    problems: Mapping[str, str]
    today: date


class DriverAccountPage(ViewModel, frozen=True, kw_only=True):
    """The account to which a company pays the driver; ``iban`` is masked, ``values`` are fields by name."""

    templates: ClassVar = ("drive/account.html",)
    frame: ClassVar = DriveFrame

    own: OwnAccount
    values: Mapping[str, str]
    problems: Mapping[str, str]
    iban: str


class ProfilePage(ViewModel, frozen=True, kw_only=True):
    """Who the driver is, and which operators know the driver."""

    templates: ClassVar = ("drive/profile.html",)
    frame: ClassVar = DriveFrame

    driver: Driver
    languages: Sequence[tuple[str, str]]
    operators: Sequence[str]
    problems: Mapping[str, str]


class EraseDriverPage(ViewModel, frozen=True, kw_only=True):
    """The question whether everything of the driver is to be deleted."""

    templates: ClassVar = ("drive/erase.html",)
    frame: ClassVar = DriveFrame

    driver: Driver


class DriverSignInPage(ViewModel, frozen=True, kw_only=True):
    """The form for the address to which a code is mailed. ``to``: where the driver goes on."""

    templates: ClassVar = ("drive/sign_in.html",)
    frame: ClassVar = DriveFrame

    email: str
    to: str
    mailing: bool
    problem: str
    problems: Mapping[str, str]


class DriverCodePage(ViewModel, frozen=True, kw_only=True):
    """The form for the mailed code."""

    templates: ClassVar = ("drive/code.html",)
    frame: ClassVar = DriveFrame

    email: str
    to: str
    problem: str
    problems: Mapping[str, str]
