"""The states of a session: Absent | Orphan | Charging | Blocking | Closed."""

from datetime import datetime

import msgspec

from eosvolt.domain.sessions.events import Bill, OrphanStopKept, SessionStarted
from eosvolt.domain.sessions.metering import SessionMeter
from eosvolt.domain.sessions.running_bill import RunningBill
from eosvolt.domain.sessions.timeline import Timeline
from eosvolt.domain.tariffs.rating import PriceLine
from eosvolt.domain.tariffs.tariff import BlockingFee

Spans = tuple[tuple[datetime, datetime], ...]


class Absent(msgspec.Struct, frozen=True):
    """No such session yet."""


class Orphan(msgspec.Struct, frozen=True):
    """Its stop arrived, its start did not yet."""

    stop: OrphanStopKept


class Outlook(msgspec.Struct, frozen=True):
    """How a running session stands by its timeline.

    ``suspended_since``: the car draws nothing (SuspendedEV); ``idle_at``: when that becomes idling;
    ``throttled_since``: the operator holds the car back (SuspendedEVSE). ``unplugged_at``: the plug was free
    without a stop; ``presume_ended_at``: when that, or a reboot, is taken for the end. ``paused_for``: why
    neither idling nor blocking counts now; empty where they do.
    """

    suspended_since: datetime | None = None
    idle_at: datetime | None = None
    throttled_since: datetime | None = None
    unplugged_at: datetime | None = None
    presume_ended_at: datetime | None = None
    paused_for: str = ""


class Charging(msgspec.Struct, frozen=True):
    """The transaction is open.

    ``running`` is its energy and the timeline of its plug; ``outlook`` follows from them. ``clock_s``: by how
    many seconds the session's clock is ahead of ours; ``clock_offset_s``: by how many the charger's clock is
    now, which may have been set since the start.
    """

    start: SessionStarted
    meter: SessionMeter
    running: RunningBill
    outlook: Outlook = Outlook()
    clock_offset_s: int = 0
    clock_s: int = 0

    @property
    def timeline(self) -> Timeline:
        """What was seen of the plug."""
        return self.running.timeline

    @property
    def fee(self) -> BlockingFee | None:
        """The blocking fee of the pinned tariff."""
        return self.start.tariff.blocking_fee

    @property
    def suspended_since(self) -> datetime | None:
        """Since when the car draws nothing."""
        return self.outlook.suspended_since

    @property
    def unplugged_at(self) -> datetime | None:
        """When the plug was reported free although no stop was heard."""
        return self.outlook.unplugged_at

    @property
    def presume_ended_at(self) -> datetime | None:
        """When charging is taken to be over unless something is heard of it."""
        return self.outlook.presume_ended_at


class End(msgspec.Struct, frozen=True):
    """How charging ended. ``provisional``: without a stop; a stop that still comes replaces it.

    ``stopped_at`` is when the charger says it stopped, and ``stop_reason`` why, which idling does not make
    the end. ``heard_at`` is when we learnt of the end, by our clock. ``held_wh`` waits for an operator's
    consent; ``consented``: that was given.
    """

    at: datetime
    energy_wh: int
    meter_stop_wh: int | None
    reason: str
    bill: Bill
    provisional: bool
    stopped_at: datetime | None = None
    stop_reason: str = ""
    heard_at: datetime | None = None
    held_wh: int = 0
    consented: bool = False


class Blocking(msgspec.Struct, frozen=True):
    """Charging is over, the plug is still taken. ``charged`` are the fee intervals that stand, by number."""

    charging: Charging
    end: End
    timeline: Timeline = ()
    charged: tuple[tuple[int, PriceLine], ...] = ()
    conflicts: tuple[tuple[datetime, int], ...] = ()
    clock_offset_s: int = 0
    clock_s: int = 0

    @property
    def start(self) -> SessionStarted:
        """How it began."""
        return self.charging.start


class Closed(msgspec.Struct, frozen=True):
    """The plug is free. ``last`` is what the session was before that."""

    last: Blocking
    freed_at: datetime


Session = Absent | Orphan | Charging | Blocking | Closed


def start_of(session: Session) -> SessionStarted | None:
    """How a session began; ``None`` where nobody has told yet."""
    match session:
        case Charging() | Blocking():
            return session.start
        case Closed(last=last):
            return last.start
        case _:
            return None
