"""What a session is, from its first event to its last: Absent | Orphan | Charging | Blocking | Closed."""

from datetime import datetime, timedelta

import msgspec

from eosvolt.domain.sessions.events import Bill, OrphanStopKept, SessionStarted
from eosvolt.domain.sessions.metering import Meter
from eosvolt.domain.sessions.running_bill import RunningBill
from eosvolt.domain.tariffs.blocking_fee import due_times
from eosvolt.domain.tariffs.rating import PriceLine
from eosvolt.domain.tariffs.tariff import BlockingFee

Spans = tuple[tuple[datetime, datetime], ...]


class Absent(msgspec.Struct, frozen=True):
    """No such session yet."""


class Orphan(msgspec.Struct, frozen=True):
    """Only its stop arrived."""

    stop: OrphanStopKept


class Charging(msgspec.Struct, frozen=True):
    """The transaction is open.

    ``suspended_since``: the car takes nothing; ``throttled_since``: the operator gives nothing.
    ``unplugged_at``: the plug was reported free without a stop; ``presume_ended_at``: when that, or a reboot,
    is taken for the end. ``pauses`` are times we could not see the plug, ``paused_for`` why we cannot see it
    now. ``clock_s``: what the clock that dates all of this shows more than ours; ``ahead_s``: what the
    charger's is known to show more now, which may have been set since.
    """

    start: SessionStarted
    meter: Meter
    running: RunningBill
    suspended_since: datetime | None = None
    idle_at: datetime | None = None
    throttled_since: datetime | None = None
    unplugged_at: datetime | None = None
    presume_ended_at: datetime | None = None
    pauses: Spans = ()
    paused_since: datetime | None = None
    paused_for: str = ""
    ahead_s: int = 0
    clock_s: int = 0

    @property
    def fee(self) -> BlockingFee | None:
        """The blocking fee of the pinned tariff."""
        return self.start.tariff.blocking_fee


class End(msgspec.Struct, frozen=True):
    """How charging ended. ``provisional``: nobody told us so, a stop that still comes counts more.

    ``stopped_at`` is when the charger says it stopped, which idling does not make the end, ``heard_at`` when
    we heard that. ``held_wh`` waits for an operator's consent; ``consented``: that was given.
    """

    at: datetime
    energy_wh: int
    meter_stop_wh: int | None
    reason: str
    bill: Bill
    provisional: bool
    stopped_at: datetime | None = None
    heard_at: datetime | None = None
    held_wh: int = 0
    consented: bool = False


class Blocking(msgspec.Struct, frozen=True):
    """Charging is over, the plug is still taken. ``charged`` are the fee intervals that stand, by number."""

    charging: Charging
    end: End
    charged: tuple[tuple[int, PriceLine], ...] = ()
    pauses: Spans = ()
    paused_since: datetime | None = None
    paused_for: str = ""
    conflicts: tuple[tuple[datetime, int], ...] = ()
    ahead_s: int = 0
    clock_s: int = 0

    @property
    def start(self) -> SessionStarted:
        """How it began."""
        return self.charging.start

    def next_fee_at(self, charged: int | None = None) -> datetime | None:
        """When the interval after ``charged`` (default.

        After those that stand) falls due, as far as pauses are known.
        """
        return next_fee_at(
            self.start.tariff.blocking_fee,
            self.end.at,
            len(self.charged) if charged is None else charged,
            self.pauses,
        )


class Closed(msgspec.Struct, frozen=True):
    """The plug is free. ``last`` is what the session was before that."""

    last: Blocking
    freed_at: datetime


Session = Absent | Orphan | Charging | Blocking | Closed


def next_fee_at(fee: BlockingFee | None, ended_at: datetime, charged: int, pauses: Spans) -> datetime | None:
    """When the interval after the ``charged``-th falls due.

    ``None`` without a fee or once the cap is reached.
    """
    if fee is None or (fee.cap is not None and charged * fee.amount >= fee.cap):
        return None
    return due_times(fee, ended_at, charged + 1, pauses)[-1]


def idle_at(fee: BlockingFee | None, since: datetime, pauses: Spans) -> datetime | None:
    """When a car suspended ``since`` then counts as idle; ``None`` where no blocking fee is set."""
    return None if fee is None else due_times(fee, since, 1, pauses)[0]


def paused(spans: Spans, since: datetime | None, until: datetime) -> Spans:
    """The pauses as known at ``until``, with the one that is still open."""
    return spans if since is None or until <= since else (*spans, (since, until))


PRESUMED_END_AFTER_UNPLUGGING = timedelta(minutes=10)
PRESUMED_END_AFTER_REBOOT = timedelta(minutes=5)
