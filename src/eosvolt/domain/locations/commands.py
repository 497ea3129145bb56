"""What one can ask of a location."""

from datetime import datetime

from eosvolt.domain.kernel import Command
from eosvolt.domain.locations.access import OPEN_ACCESS, AccessRules
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


class SettleCurrency(Command, frozen=True):
    """Note that a session was priced here."""

    at: datetime


class RemoveLocation(Command, frozen=True):
    """Close a location that has no chargers and no open sessions any more."""

    at: datetime
    charge_points: int
    open_sessions: int


LocationCommand = AddLocation | ChangeLocation | ChangeTariff | SettleCurrency | RemoveLocation
