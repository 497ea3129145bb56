"""What one can ask of a location."""

from datetime import datetime

from eosvolt.domain.kernel import Command
from eosvolt.domain.locations.events import Details
from eosvolt.domain.tariffs.tariff import Tariff


class AddLocation(Command, frozen=True):
    """Open a location."""

    location: str
    company: int
    at: datetime
    details: Details
    tariff: Tariff


class ChangeLocation(Command, frozen=True):
    """Tell drivers something else."""

    at: datetime
    details: Details


class ChangeTariff(Command, frozen=True):
    """Price the sessions to come differently."""

    at: datetime
    tariff: Tariff


class SettleCurrency(Command, frozen=True):
    """Note that a session was priced here."""

    at: datetime


class RemoveLocation(Command, frozen=True):
    """Close a location that has no chargers any more."""

    at: datetime
    charge_points: int


LocationCommand = AddLocation | ChangeLocation | ChangeTariff | SettleCurrency | RemoveLocation
