"""What one can ask of a price profile."""

from datetime import datetime

from eosvolt.domain.kernel import Command
from eosvolt.domain.price_profiles.events import ProfileTerms


class AddPriceProfile(Command, frozen=True):
    """Make a price profile."""

    profile: str
    company: int
    at: datetime
    terms: ProfileTerms


class ChangePriceProfile(Command, frozen=True):
    """Price the sessions to come at all its home chargers differently."""

    at: datetime
    terms: ProfileTerms


class AssignPriceProfile(Command, frozen=True):
    """Price a home charger by it."""

    home: str
    at: datetime


class ReleasePriceProfile(Command, frozen=True):
    """Price a home charger by it no more."""

    home: str
    at: datetime


class RemovePriceProfile(Command, frozen=True):
    """Remove a price profile that no home charger has."""

    at: datetime


PriceProfileCommand = (
    AddPriceProfile | ChangePriceProfile | AssignPriceProfile | ReleasePriceProfile | RemovePriceProfile
)
