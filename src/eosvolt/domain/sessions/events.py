"""The events of a session.

Events that change a figure on a screen contain its ``Place``, so that read models need not look it up.
"""

from datetime import datetime
from decimal import Decimal

import msgspec

from eosvolt.domain.kernel import Event
from eosvolt.domain.money import Taxed
from eosvolt.domain.sessions.plug_events import (
    BlockingPaused,
    BlockingResumed,
    CableRemoved,
    ChargerRebooted,
    ChargingResumed,
    EvseSuspended,
    EvSuspended,
    PlugObserved,
)
from eosvolt.domain.sessions.registers import RegisterFinding
from eosvolt.domain.tariffs.rating import PriceLine
from eosvolt.domain.tariffs.tariff import Tariff
from eosvolt.domain.tokens.events import Authorization

LATE_READINGS = "lateReadings"
HELD_ENERGY_BILLED = "heldEnergyBilled"
BOOKED_TERMS = "bookedTerms"


class Place(msgspec.Struct, frozen=True):
    """Where a session is: ``plug`` is ``company/charge box id/connector``."""

    company: int
    location: str
    charge_point: str
    connector: int
    time_zone: str

    @property
    def plug(self) -> str:
        """The key of the connector, as all read models know it."""
        return f"{self.company}/{self.charge_point}/{self.connector}"


class SessionReading(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A reading with ``energy_wh``, the energy that this session has drawn until ``at``.

    Of several registers of one instant the lowest ``rank`` is preferred; ``registers`` are those beside
    ``register_wh``, with their ranks. ``interval_wh`` is the energy since the previous reading, of chargers
    without a register.
    """

    at: datetime
    energy_wh: int
    register_wh: int | None = None
    power_w: int | None = None
    current_a: float | None = None
    voltage_v: float | None = None
    soc_percent: float | None = None
    rank: int = 0
    registers: tuple[tuple[int, int], ...] = ()
    interval_wh: int | None = None


class Bill(msgspec.Struct, frozen=True):
    """The price of the charging phase, line by line.

    Blocking fees are billed one by one, by their own events.
    """

    lines: tuple[PriceLine, ...]
    total: Taxed


class SessionStarted(Event, frozen=True, tag="session-started"):
    """Charging began. The tariff is pinned here; later changes never touch this session.

    ``number`` is the session's number on every screen and, unless the charger chose its own, its transaction
    id. ``flags`` name what is unusual: ``adopted`` (a transaction that we did not start), ``lateStart`` (its
    stop came first), ``startUnread``. ``metered``: the register at the start could be read; where it could
    not, ``meter_start_wh`` is 0 and the first thing that is known of the register stands for it.
    ``customer`` is the id of the customer whose token it was; empty without one.
    ``customer_group`` is the group whose price the tariff is, empty for the location's own. ``payment`` is
    the id of the payment by which the driver pays for it, empty where it is not paid each time.
    ``booking`` is the id of the booking that it began with, empty for one on demand.
    """

    number: int
    place: Place
    token: str
    at: datetime
    received_at: datetime
    meter_start_wh: int
    transaction: int
    tariff: Tariff
    max_power_w: int
    authorization: Authorization
    group: str = ""
    type: str = "onDemand"
    remote_command: str = ""
    flags: tuple[str, ...] = ()
    metered: bool = True
    customer: str = ""
    customer_group: str = ""
    payment: str = ""
    booking: str = ""


class BookedTermsChanged(Event, frozen=True, tag="booked-terms-changed"):
    """The session of a booking has other terms, because of what happened to the booking.

    ``free_wh`` of it are free: no more than it had used where another session of the booking began since.
    ``fee_begins_at`` is when the first interval of the blocking fee begins at the earliest, by the session's
    clock; ``None`` without a blocking fee. ``idle_at`` and ``fee_due_at``: when it becomes idle, and when the
    next blocking fee falls due, if nothing else happens.
    """

    at: datetime
    free_wh: int
    fee_begins_at: datetime | None = None
    idle_at: datetime | None = None
    fee_due_at: datetime | None = None


class OrphanStopKept(Event, frozen=True, tag="orphan-stop-kept"):
    """Only the stop of this session ever arrived, so far. Nothing can be billed without its start."""

    number: int
    company: int
    location: str
    charge_point: str
    time_zone: str
    currency: str
    transaction: int
    token: str
    at: datetime
    received_at: datetime
    meter_stop_wh: int
    reason: str
    readings: tuple[SessionReading, ...] = ()


class EnergyMetered(Event, frozen=True, tag="energy-metered"):
    """The readings of one message, oldest first. ``late``: older than what is already known."""

    plug: str
    received_at: datetime
    readings: tuple[SessionReading, ...]
    late: bool = False


class RegisterRebased(Event, frozen=True, tag="register-rebased"):
    """The register did not go on from where it was. Not decided any more: the end tells what is odd.

    ``cause`` is ``reset`` (a new segment begins), ``rollover``, ``sessionRelative`` (samples count from the
    session's start), ``lifetime`` (they do not, after all) or ``implausible`` (a jump no plug could have
    delivered: not billed). From now on the session's energy is ``base_wh + register − origin_wh``.
    """

    at: datetime
    cause: str
    before_wh: int
    after_wh: int
    base_wh: int
    origin_wh: int
    relative: bool = False


class ClockOffsetChanged(Event, frozen=True, tag="clock-shifted"):
    """The offset of the charger's clock from ours was found to be another than assumed.

    All are seconds by which a clock is ahead of ours. ``clock_offset_s`` is the charger's clock from now on,
    ``clock_s`` the clock that dates the session. ``moved_s``: by how much ``clock_s`` grew, so that times we
    dated earlier in this session move by it; 0 in events from before it was kept.
    """

    at: datetime
    clock_offset_s: int = msgspec.field(name="ahead_s")
    clock_s: int
    moved_s: int = 0


class IdleDetected(Event, frozen=True, tag="idle-detected"):
    """The car was suspended for one full interval: the charging phase is over at ``at``."""

    at: datetime
    since: datetime


class ChargingEnded(Event, frozen=True, tag="charging-ended"):
    """The charging phase is over and billed.

    ``reason`` is OCPP's or one of ``Idle``, ``Superseded``, ``NoStop``, ``Operator``; ``provisional``: no
    stop was heard yet, one that still comes corrects it. ``fee_due_at``: when the first blocking fee falls
    due, if the plug stays taken. ``note`` is what an operator wrote who ended it. ``held_wh`` is what the
    register says beyond what the plug can have delivered, not billed without consent; ``findings`` are what
    is odd about the register.
    """

    place: Place
    token: str
    started_at: datetime
    at: datetime
    received_at: datetime
    energy_wh: int
    meter_stop_wh: int | None
    reason: str
    bill: Bill
    provisional: bool = False
    fee_due_at: datetime | None = None
    note: str = ""
    held_wh: int = 0
    findings: tuple[RegisterFinding, ...] = ()


class EndReconciled(Event, frozen=True, tag="end-reconciled"):
    """A late stop, sent at ``at``, replaced a provisional end, or what was learnt late moved the end.

    ``ended_at`` is the end that now holds; the ``previous_…`` fields are those of the bill before.
    ``provisional``: no stop was heard yet, and ``meter_stop_wh`` is ``None``. ``stop_reason`` is why the
    charger stopped where ``reason`` is another.
    """

    place: Place
    token: str
    started_at: datetime
    ended_at: datetime
    previous_ended_at: datetime
    at: datetime
    received_at: datetime
    energy_wh: int
    meter_stop_wh: int | None
    reason: str
    bill: Bill
    previous: Bill
    previous_energy_wh: int
    fee_due_at: datetime | None = None
    held_wh: int = 0
    findings: tuple[RegisterFinding, ...] = ()
    provisional: bool = False
    stop_reason: str = ""


class BillCorrected(Event, frozen=True, tag="bill-corrected"):
    """The charging phase has another bill; its end stays.

    ``cause`` is ``lateReadings`` (readings that came after the end change the bill), ``heldEnergyBilled`` (an
    operator consented to billing held energy, with a ``note``) or ``bookedTerms`` (less of it is free).
    """

    place: Place
    token: str
    started_at: datetime
    ended_at: datetime
    at: datetime
    cause: str
    energy_wh: int
    bill: Bill
    previous: Bill
    previous_energy_wh: int
    held_wh: int = 0
    findings: tuple[RegisterFinding, ...] = ()
    note: str = ""


class EndWithdrawn(Event, frozen=True, tag="end-withdrawn"):
    """A provisional end proved wrong: the session goes on. ``previous`` is the withdrawn bill.

    ``at`` is the instant of the sign that the car still charges.
    """

    place: Place
    token: str
    started_at: datetime
    at: datetime
    received_at: datetime
    previous_ended_at: datetime
    previous: Bill
    previous_energy_wh: int
    idle_at: datetime | None = None
    presume_ended_at: datetime | None = None


class StopConflicted(Event, frozen=True, tag="stop-conflicted"):
    """Another stop with other figures came after the end was final. It is recorded and changes nothing."""

    at: datetime
    received_at: datetime
    meter_stop_wh: int
    reason: str


class BlockingFeeCharged(Event, frozen=True, tag="blocking-fee-charged"):
    """Interval ``number`` (from 1) after the end had fully elapsed at ``at``.

    ``next_due_at``: the one after, unless capped.
    """

    place: Place
    number: int
    at: datetime
    line: PriceLine
    next_due_at: datetime | None = None


class BlockingFeeCredited(Event, frozen=True, tag="blocking-fee-credited"):
    """The fee of interval ``number`` was wrong: the interval had not elapsed, or at another instant.

    Its ``line`` is credited at ``at``. ``next_due_at``: when the next fee falls due.
    """

    place: Place
    number: int
    at: datetime
    line: PriceLine
    next_due_at: datetime | None = None


class ConnectorFreed(Event, frozen=True, tag="connector-freed"):
    """The plug is free: the session is over.

    ``numbered``: its receipt gets a number; not so in events from before receipts had numbers.
    """

    place: Place
    at: datetime
    numbered: bool = False


class RefundIssued(Event, frozen=True, tag="refund-issued"):
    """Money of a session that is over since ``freed_at`` was given back; its bill is final from now on.

    ``number`` counts the session's refunds from 1. ``refunded`` is the amount with its part of the VAT at
    ``vat_rate``; ``credit_note`` is the number of the document that says so.
    """

    place: Place
    token: str
    number: int
    at: datetime
    freed_at: datetime
    refunded: Taxed
    vat_rate: Decimal
    reason: str
    credit_note: str


class ReceiptIssued(Event, frozen=True, tag="receipt-issued"):
    """The receipt of a session that is over got its ``number``.

    ``total`` is what it says that the session cost. ``corrects`` is the number of the receipt before it, if
    the bill was corrected since.
    """

    place: Place
    at: datetime
    number: str
    total: Taxed
    corrects: str = ""


class SessionInvoiced(Event, frozen=True, tag="session-invoiced"):
    """The session is on the invoice with the number ``invoice``; its bill is final from now on.

    ``amount`` is what of its cost was not given back before.
    """

    place: Place
    at: datetime
    invoice: str
    amount: Taxed


SessionEvent = (
    SessionStarted
    | BookedTermsChanged
    | OrphanStopKept
    | EnergyMetered
    | RegisterRebased
    | ClockOffsetChanged
    | EvSuspended
    | EvseSuspended
    | ChargingResumed
    | ChargerRebooted
    | CableRemoved
    | PlugObserved
    | IdleDetected
    | ChargingEnded
    | EndReconciled
    | BillCorrected
    | EndWithdrawn
    | StopConflicted
    | BlockingFeeCharged
    | BlockingFeeCredited
    | BlockingPaused
    | BlockingResumed
    | ConnectorFreed
    | RefundIssued
    | ReceiptIssued
    | SessionInvoiced
)
