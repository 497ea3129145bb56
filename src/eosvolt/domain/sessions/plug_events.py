"""The events of a session that hold observations of its plug."""

from datetime import datetime

from eosvolt.domain.kernel import Event
from eosvolt.domain.sessions.observations import Observation


class EvSuspended(Event, frozen=True, tag="ev-suspended"):
    """The car takes no energy. ``idle_at``: when that becomes idling, where a blocking fee is set."""

    at: datetime
    plug: str
    idle_at: datetime | None = None


class EvseSuspended(Event, frozen=True, tag="evse-suspended"):
    """The operator's own throttling: never billed as time, never idling."""

    at: datetime
    plug: str


class ChargingResumed(Event, frozen=True, tag="charging-resumed"):
    """Energy flows again."""

    at: datetime
    plug: str


class ChargerRebooted(Event, frozen=True, tag="charger-rebooted"):
    """The charger rebooted during the session.

    Unless the transaction continues by ``presume_ended_at``, the session is presumed to have ended.
    """

    at: datetime
    presume_ended_at: datetime


class CableRemoved(Event, frozen=True, tag="cable-removed"):
    """The plug is free, but no stop was received.

    Unless one comes by ``presume_ended_at``, the end is estimated.
    """

    at: datetime
    plug: str
    presume_ended_at: datetime


class PlugObserved(Event, frozen=True, tag="plug-observed"):
    """Observations of the plug that no other event fits: late, repeated, or before the session was known.

    ``what`` of an observation is the plug's state, or ``Disconnected``, ``Connected``, ``Rebooted``,
    ``GoesOn`` (with the same transaction after that, whether or not energy flows) or ``Followed`` (the next
    session began there). ``idle_at``, ``presume_ended_at`` and ``fee_due_at`` are the session's deadlines
    from now on.
    """

    at: datetime
    plug: str
    observations: tuple[Observation, ...]
    idle_at: datetime | None = None
    presume_ended_at: datetime | None = None
    fee_due_at: datetime | None = None


class BlockingPaused(Event, frozen=True, tag="blocking-paused"):
    """From here neither idling nor blocking counts: ``Disconnected``, ``Faulted`` or ``Unavailable``."""

    at: datetime
    reason: str


class BlockingResumed(Event, frozen=True, tag="blocking-resumed"):
    """Idling (``idle_at``) or blocking (``next_due_at``) counts again, with the pause left out."""

    at: datetime
    next_due_at: datetime | None = None
    idle_at: datetime | None = None
