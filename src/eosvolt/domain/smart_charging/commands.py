"""The commands of a charger's limits."""

from datetime import datetime

from eosvolt.domain.explanations import Explanation
from eosvolt.domain.kernel import Command
from eosvolt.domain.zones.values import PlugWiring


class JoinZone(Command, frozen=True):
    """Let the charger belong to a zone; refused while it belongs to another one."""

    company: int
    charge_point: str
    zone: str
    plugs: tuple[PlugWiring, ...]
    fallback_ma: int
    at: datetime
    following: bool = False


class ChangeSmartCharging(Command, frozen=True):
    """Give it other wiring or another fallback, or let it follow its zone or not."""

    zone: str
    fallback_ma: int
    following: bool
    at: datetime
    plugs: tuple[PlugWiring, ...] | None = None


class LeaveZone(Command, frozen=True):
    """Let the charger belong to the zone no more."""

    zone: str
    at: datetime


class AskLimit(Command, frozen=True):
    """Set the limit of a session on a plug."""

    zone: str
    plug: int
    session: str
    transaction: int
    limit_ma: int
    command: str
    at: datetime


class AskFallback(Command, frozen=True):
    """Send the fallback."""

    command: str
    at: datetime


class NoteLimitSent(Command, frozen=True):
    """The connection took a limit."""

    command: str
    at: datetime


class NoteLimitAnswer(Command, frozen=True):
    """The charger answered a limit."""

    command: str
    accepted: bool
    at: datetime
    status: str = ""


class NoteLimitUndelivered(Command, frozen=True):
    """A limit has no answer. ``sent``: it may have reached the charger all the same."""

    command: str
    sent: bool
    at: datetime
    explanation: Explanation | None = None


class ExpireLimit(Command, frozen=True):
    """The transaction on a plug is over."""

    plug: int
    session: str
    at: datetime


class DoubtLimits(Command, frozen=True):
    """The charger booted."""

    at: datetime


class AskWithdrawal(Command, frozen=True):
    """Withdraw the limit of a plug, or the fallback (0)."""

    plug: int
    command: str
    at: datetime


class NoteMeasured(Command, frozen=True):
    """What a plug draws, beside its limit: exceeded or kept."""

    plug: int
    measured_ma: int
    exceeded: bool
    at: datetime


SmartChargingCommand = (
    JoinZone
    | ChangeSmartCharging
    | LeaveZone
    | AskLimit
    | AskFallback
    | NoteLimitSent
    | NoteLimitAnswer
    | NoteLimitUndelivered
    | ExpireLimit
    | DoubtLimits
    | AskWithdrawal
    | NoteMeasured
)
