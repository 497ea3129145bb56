"""The events of a charger's limits. Its stream is ``smart-charging:<company/charge box id>``.

Limits are in mA for each phase. ``plug`` 0 is the fallback: the limit (a TxDefaultProfile) of every plug that
has none for its session. ``command`` is the charger command that carries a limit.
"""

from datetime import datetime

from eosvolt.domain.explanations import Explanation
from eosvolt.domain.kernel import Event
from eosvolt.domain.zones.values import PlugWiring

# The plug that the fallback is kept as.
FALLBACK = 0


class ZoneJoined(Event, frozen=True, tag="smart-charging-zone-joined"):
    """The charger belongs to a zone. ``following``: the zone is on."""

    company: int
    charge_point: str
    zone: str
    plugs: tuple[PlugWiring, ...]
    fallback_ma: int
    at: datetime
    following: bool = False


class SmartChargingChanged(Event, frozen=True, tag="smart-charging-changed"):
    """The wiring or the fallback are others, or the zone was turned on or off."""

    company: int
    charge_point: str
    zone: str
    plugs: tuple[PlugWiring, ...]
    fallback_ma: int
    at: datetime
    following: bool = False


class ZoneLeft(Event, frozen=True, tag="smart-charging-zone-left"):
    """The charger belongs to no zone any more."""

    company: int
    charge_point: str
    zone: str
    at: datetime


class LimitAsked(Event, frozen=True, tag="limit-asked"):
    """A limit is to be sent to the charger.

    ``session`` and ``transaction`` are whose it is; none for the fallback. ``before_ma`` is the limit that
    was in force, ``None`` if there was none. ``sequence`` orders what is asked of this charger.
    """

    company: int
    charge_point: str
    zone: str
    plug: int
    limit_ma: int
    command: str
    sequence: int
    at: datetime
    session: str = ""
    transaction: int = 0
    phases: int = 3
    before_ma: int | None = None
    lowers: bool = False


class LimitSent(Event, frozen=True, tag="limit-sent"):
    """The connection took the limit: from now on the charger may have it."""

    company: int
    charge_point: str
    plug: int
    command: str
    at: datetime


class LimitConfirmed(Event, frozen=True, tag="limit-confirmed"):
    """The charger took the limit: it is in force, in place of all that was sent before it."""

    company: int
    charge_point: str
    plug: int
    limit_ma: int
    command: str
    at: datetime


class LimitRefused(Event, frozen=True, tag="limit-refused"):
    """The charger did not take the limit: what was in force still is. ``status`` is OCPP's."""

    company: int
    charge_point: str
    plug: int
    limit_ma: int
    command: str
    at: datetime
    status: str = ""
    refusals: int = 1


class LimitUnanswered(Event, frozen=True, tag="limit-unanswered"):
    """No answer came. The charger may have taken the limit or not: the higher one counts."""

    company: int
    charge_point: str
    plug: int
    limit_ma: int
    command: str
    at: datetime
    explanation: Explanation | None = None


class LimitNotSent(Event, frozen=True, tag="limit-not-sent"):
    """The limit never reached the charger: what was in force still is."""

    company: int
    charge_point: str
    plug: int
    limit_ma: int
    command: str
    at: datetime
    explanation: Explanation | None = None


class LimitExpired(Event, frozen=True, tag="limit-expired"):
    """The transaction is over, and its limit with it: the fallback holds."""

    company: int
    charge_point: str
    plug: int
    session: str
    at: datetime


class LimitsDoubted(Event, frozen=True, tag="limits-doubted"):
    """The charger booted: limits of sessions may be gone, and the fallback is to be sent again."""

    company: int
    charge_point: str
    at: datetime


class WithdrawalAsked(Event, frozen=True, tag="limit-withdrawal-asked"):
    """A limit of the zone is to be withdrawn from a charger that follows it no more."""

    company: int
    charge_point: str
    zone: str
    command: str
    at: datetime
    plug: int = 0


class WithdrawalConfirmed(Event, frozen=True, tag="limit-withdrawal-confirmed"):
    """The charger does not have this limit any more."""

    company: int
    charge_point: str
    command: str
    at: datetime
    plug: int = 0


class WithdrawalFailed(Event, frozen=True, tag="limit-withdrawal-failed"):
    """The charger could not be told, or refused. ``outcome`` is refused, unanswered or notSent."""

    company: int
    charge_point: str
    command: str
    at: datetime
    outcome: str
    plug: int = 0
    status: str = ""
    explanation: Explanation | None = None


class LimitExceeded(Event, frozen=True, tag="limit-exceeded"):
    """A plug draws more than its confirmed limit: it counts with what it draws, and a fault is open."""

    company: int
    charge_point: str
    plug: int
    limit_ma: int
    measured_ma: int
    at: datetime


class LimitKept(Event, frozen=True, tag="limit-kept"):
    """The plug keeps its limit again, or has none any more."""

    company: int
    charge_point: str
    plug: int
    at: datetime


SmartChargingEvent = (
    ZoneJoined
    | SmartChargingChanged
    | ZoneLeft
    | LimitAsked
    | LimitSent
    | LimitConfirmed
    | LimitRefused
    | LimitUnanswered
    | LimitNotSent
    | LimitExpired
    | LimitsDoubted
    | WithdrawalAsked
    | WithdrawalConfirmed
    | WithdrawalFailed
    | LimitExceeded
    | LimitKept
)
