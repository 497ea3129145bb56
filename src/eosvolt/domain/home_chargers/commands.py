"""What one can ask of a home charger."""

from datetime import datetime

from eosvolt.domain.home_chargers.events import HomeToken
from eosvolt.domain.kernel import Command


class AddHomeCharger(Command, frozen=True):
    """Put a charger at somebody's home."""

    home: str
    company: int
    at: datetime
    charge_box_id: str
    profile: str
    time_zone: str


class IssueHomeCode(Command, frozen=True):
    """Issue a code to redeem; earlier ones become invalid."""

    at: datetime
    digest: str
    expires_at: datetime
    customer: str = ""


class RedeemHomeCode(Command, frozen=True):
    """Become the owner by a code."""

    at: datetime
    digest: str
    customer: str


class AllowHomeToken(Command, frozen=True):
    """Let a token charge there."""

    at: datetime
    token: str
    kind: HomeToken
    until: datetime | None = None


class WithdrawHomeToken(Command, frozen=True):
    """Let a token charge there no more."""

    at: datetime
    token: str


class ChangeHomeProfile(Command, frozen=True):
    """Price it by another profile."""

    at: datetime
    profile: str


class ReplaceHomeCharger(Command, frozen=True):
    """Put another charger there, once no session goes on."""

    at: datetime
    charge_box_id: str
    open_sessions: int


class RemoveHomeCharger(Command, frozen=True):
    """Use it no more, once no session goes on there."""

    at: datetime
    open_sessions: int


HomeChargerCommand = (
    AddHomeCharger
    | IssueHomeCode
    | RedeemHomeCode
    | AllowHomeToken
    | WithdrawHomeToken
    | ChangeHomeProfile
    | ReplaceHomeCharger
    | RemoveHomeCharger
)
