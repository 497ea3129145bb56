"""What one can ask of a location."""

from datetime import datetime

from eosvolt.domain.kernel import Command
from eosvolt.domain.locations.access import OPEN_ACCESS, AccessRules
from eosvolt.domain.locations.booking_rules import BookingRules
from eosvolt.domain.locations.events import NO_INFO, Details, DriverInfo
from eosvolt.domain.tariffs.tariff import Tariff


class AddLocation(Command, frozen=True):
    """Open a location."""

    location: str
    company: int
    at: datetime
    details: Details
    tariff: Tariff
    access: AccessRules = OPEN_ACCESS
    info: DriverInfo = NO_INFO


class ChangeLocation(Command, frozen=True):
    """Tell drivers something else, or admit others. ``None``: as it is."""

    at: datetime
    details: Details
    access: AccessRules | None = None
    info: DriverInfo | None = None


class ChangeTariff(Command, frozen=True):
    """Price the sessions to come differently."""

    at: datetime
    tariff: Tariff


class ChangeBookingRules(Command, frozen=True):
    """Let drivers book by other rules from now on."""

    at: datetime
    rules: BookingRules


class SettleCurrency(Command, frozen=True):
    """Note that a session was priced here."""

    at: datetime


class RemoveLocation(Command, frozen=True):
    """Close a location that has no chargers, no open sessions and no bookings any more."""

    at: datetime
    charge_points: int
    open_sessions: int
    bookings: int = 0


LocationCommand = (
    AddLocation | ChangeLocation | ChangeTariff | ChangeBookingRules | SettleCurrency | RemoveLocation
)
