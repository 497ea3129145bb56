"""The states of a session: Absent | Orphan | Charging | Blocking | Closed."""

from datetime import datetime

import msgspec

from eosvolt.domain.sessions.events import (
    Bill,
    OrphanStopKept,
    ReceiptIssued,
    RefundIssued,
    SessionStarted,
)
from eosvolt.domain.sessions.metering import SessionMeter
from eosvolt.domain.sessions.running_bill import RunningBill
from eosvolt.domain.sessions.timeline import Timeline
from eosvolt.domain.tariffs.rating import PriceLine
from eosvolt.domain.tariffs.tariff import BlockingFee

Spans = tuple[tuple[datetime, datetime], ...]


class Absent(msgspec.Struct, frozen=True):
    """The session does not exist yet."""


class Orphan(msgspec.Struct, frozen=True):
    """The session's stop has arrived, its start has not."""

    stop: OrphanStopKept


class Outlook(msgspec.Struct, frozen=True):
    """The present state and the deadlines of a running session.

    ``suspended_since``: since when the car draws nothing (SuspendedEV); ``idle_at``: when that becomes
    idling. ``throttled_since``: since when the operator limits the car (SuspendedEVSE). ``unplugged_at``:
    when the plug was free without a stop. ``presume_ended_at``: when that, or a reboot, is taken for the end.
    ``paused_for``: why neither idling nor blocking counts now; empty if they do.
    """

    suspended_since: datetime | None = None
    idle_at: datetime | None = None
    throttled_since: datetime | None = None
    unplugged_at: datetime | None = None
    presume_ended_at: datetime | None = None
    paused_for: str = ""


class Charging(msgspec.Struct, frozen=True):
    """The transaction is open.

    ``running`` is its energy and the timeline of its plug; ``outlook`` is derived from the timeline.
    ``clock_s``: by how many seconds the session's clock is ahead of ours. ``clock_offset_s``: the same for
    the charger's present clock, which may have been set since the start. ``receipt`` is the newest one, also
    of an end that was withdrawn since.
    """

    start: SessionStarted
    meter: SessionMeter
    running: RunningBill
    outlook: Outlook = Outlook()
    clock_offset_s: int = 0
    clock_s: int = 0
    receipt: ReceiptIssued | None = None

    @property
    def timeline(self) -> Timeline:
        """The observations of the plug."""
        return self.running.timeline

    @property
    def fee(self) -> BlockingFee | None:
        """The blocking fee of the pinned tariff."""
        return self.start.tariff.blocking_fee

    @property
    def suspended_since(self) -> datetime | None:
        """Since when the car draws nothing; ``None`` if it draws."""
        return self.outlook.suspended_since

    @property
    def unplugged_at(self) -> datetime | None:
        """When the plug was reported free without a stop."""
        return self.outlook.unplugged_at

    @property
    def presume_ended_at(self) -> datetime | None:
        """When the session is presumed to have ended, unless a sign of it comes earlier."""
        return self.outlook.presume_ended_at


class End(msgspec.Struct, frozen=True):
    """The end of charging. ``provisional``: there was no stop yet; a late stop replaces this end.

    ``stopped_at`` and ``stop_reason`` are the charger's own; an end by idling differs from them. ``heard_at``
    is when we received the end, by our clock. ``held_wh`` is not billed without an operator's consent;
    ``consented``: it was given.
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
    """Charging is over, the plug is still taken. ``charged`` are the present fees, by interval number."""

    charging: Charging
    end: End
    timeline: Timeline = ()
    charged: tuple[tuple[int, PriceLine], ...] = ()
    conflicts: tuple[tuple[datetime, int], ...] = ()
    clock_offset_s: int = 0
    clock_s: int = 0

    @property
    def start(self) -> SessionStarted:
        """The event that started the session."""
        return self.charging.start


class Closed(msgspec.Struct, frozen=True):
    """The plug is free. ``last`` is the state before that.

    With ``refunds``, or on an ``invoice``, its bill is final. ``numbered``: its receipt gets a number.
    """

    last: Blocking
    freed_at: datetime
    refunds: tuple[RefundIssued, ...] = ()
    numbered: bool = False
    invoice: str = ""

    @property
    def final(self) -> bool:
        """Whether its bill changes no more, whatever its charger still sends."""
        return bool(self.refunds or self.invoice)


Session = Absent | Orphan | Charging | Blocking | Closed


def start_of(session: Session) -> SessionStarted | None:
    """The event that started a session; ``None`` for a session without a start."""
    match session:
        case Charging() | Blocking():
            return session.start
        case Closed(last=last):
            return last.start
        case _:
            return None
