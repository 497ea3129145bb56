"""The next deadline of each stream: idling, blocking fees, presumed ends, silence, expiry, bookings.

Deadlines are stored in events; this read model keeps the next one of each stream. A charger that delivers its
queue reports times long past, therefore a deadline waits a moment for the next message.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from eosvolt.domain.bookings.events import (
    BookingBegan,
    BookingCancelled,
    BookingEnded,
    BookingExtended,
    BookingMade,
    BookingMoved,
    BookingRescheduled,
    HoldReleased,
    NoShowNoted,
    SlotApproached,
    SlotBegan,
    SlotHeld,
)
from eosvolt.domain.charge_points.clocks import certain_clock_offset_s
from eosvolt.domain.charge_points.events import (
    ChargePointConnected,
    ChargePointDisconnected,
    ChargePointRemoved,
    ChargePointSilent,
    RemoteStartPending,
)
from eosvolt.domain.commands.events import (
    CommandAnswered,
    CommandEffectConfirmed,
    CommandExpired,
    CommandFailed,
    CommandHadNoEffect,
    CommandRequested,
    CommandRequeued,
    CommandSent,
    CommandTimedOut,
)
from eosvolt.domain.faults.events import FaultOpened, FaultRecovered, FaultRecurred, FaultSolved
from eosvolt.domain.kernel import Fact
from eosvolt.domain.maintenance.events import (
    CertificateIssued,
    CertificateRenewalAsked,
    CertificatesRevoked,
    ReservationEnded,
    ReservationMade,
)
from eosvolt.domain.sessions.events import (
    BlockingFeeCharged,
    BlockingFeeCredited,
    BookedTermsChanged,
    ChargingEnded,
    ClockOffsetChanged,
    ConnectorFreed,
    EndReconciled,
    EndWithdrawn,
    SessionStarted,
)
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
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row

# The deadlines of chargers' certificates, by the charger's key.
CERTIFICATE = "certificate"
# Those of reservations, by the charger's key and their number.
RESERVATION = "reservation"
SETTLING = timedelta(seconds=2)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class DeadlineRow(Row, frozen=True, kw_only=True):
    """The next deadline of a stream; ``due_at`` is the earliest of those that are set.

    All times are by our clock; ``ahead_s`` is by how many seconds the charger's, which dates the events, is
    ahead.
    """

    stream: str
    company: int
    due_at: datetime
    idle_at: datetime | None = None
    presume_at: datetime | None = None
    fee_at: datetime | None = None
    other_at: datetime | None = None
    ahead_s: int = 0


def keys(fact: Fact) -> Iterable[str]:
    """The stream itself; a pending remote start has the key of its command.

    A charger's certificate has a deadline of its own, and so has each of its reservations.
    """
    match fact.event:
        case RemoteStartPending(command=command):
            return (f"command:{command}",)
        case CertificateIssued() | CertificateRenewalAsked() | CertificatesRevoked():
            return (f"{CERTIFICATE}:{fact.key}",)
        case ReservationMade(reservation=number) | ReservationEnded(reservation=number):
            return (f"{RESERVATION}:{fact.key}#{number}",)
        case ChargePointRemoved():
            return (fact.stream, f"{CERTIFICATE}:{fact.key}")
        case _:
            return (fact.stream,)


def apply(row: DeadlineRow | None, fact: Fact, key: str) -> DeadlineRow | None:
    """The stream's deadlines after the fact; no row where nothing is due."""
    match fact.event:
        case EvSuspended(idle_at=at):
            return _with(row, fact, key, idle_at=at, presume_at=None)
        case EvseSuspended() | ChargingResumed():
            return _with(row, fact, key, idle_at=None, presume_at=None)
        case ChargerRebooted(presume_ended_at=at):
            return _with(row, fact, key, presume_at=at)
        case CableRemoved(presume_ended_at=at):
            return _with(row, fact, key, idle_at=None, presume_at=at)
        case PlugObserved(idle_at=idle_at, presume_ended_at=presume_at, fee_due_at=fee_at):
            return _with(row, fact, key, idle_at=idle_at, presume_at=presume_at, fee_at=fee_at)
        case EndWithdrawn(idle_at=idle_at, presume_ended_at=presume_at):
            return _with(row, fact, key, idle_at=idle_at, presume_at=presume_at, fee_at=None)
        case ClockOffsetChanged(clock_s=clock_s):
            return _shifted(row, fact, key, clock_s)
        case SessionStarted(at=at, received_at=received_at) if certain_clock_offset_s(at, received_at):
            return _row(fact, key, _times(None), certain_clock_offset_s(at, received_at))
        case BookedTermsChanged(idle_at=idle_at, fee_due_at=fee_at):
            return _with(row, fact, key, idle_at=idle_at, fee_at=fee_at)
        case ChargingEnded(fee_due_at=at):
            return _with(row, fact, key, idle_at=None, presume_at=None, fee_at=at)
        case EndReconciled(fee_due_at=at):
            return _with(row, fact, key, fee_at=at)
        case BlockingFeeCharged(next_due_at=at):
            return _with(row, fact, key, fee_at=at)
        case BlockingPaused():
            return _with(row, fact, key, fee_at=None, idle_at=None)
        case BlockingResumed(next_due_at=fee_at, idle_at=idle_at):
            return _with(row, fact, key, fee_at=fee_at, idle_at=idle_at)
        case (
            ChargePointDisconnected(silent_at=at)
            | CommandRequested(expires_at=at)
            | CommandRequeued(expires_at=at)
            | CommandSent(answer_by=at)
            | RemoteStartPending(until=at)
            | FaultOpened(auto_recover_at=at)
            | FaultRecurred(auto_recover_at=at)
            | CertificateIssued(renew_at=at)
            | CertificateRenewalAsked(again_at=at)
            | ReservationMade(expires_at=at)
            | SlotHeld(due_at=at)
            | BookingMade(due_at=at)
            | BookingRescheduled(due_at=at)
            | BookingExtended(due_at=at)
            | BookingMoved(due_at=at)
            | SlotApproached(due_at=at)
            | SlotBegan(due_at=at)
            | BookingBegan(due_at=at)
        ):
            return _with(row, fact, key, other_at=at)
        case BlockingFeeCredited(next_due_at=at) if at is not None:
            return _with(row, fact, key, fee_at=at)
        case BlockingFeeCredited():
            return row
        case _:
            return None


def _with(row: DeadlineRow | None, fact: Fact, key: str, **changes: datetime | None) -> DeadlineRow | None:
    """The row with other times, which the charger's clock dated where the row says that it is wrong."""
    ahead = timedelta(seconds=0 if row is None else row.ahead_s)
    soonest = fact.recorded_at + SETTLING
    times = _times(row)
    times.update({name: None if at is None else max(at - ahead, soonest) for name, at in changes.items()})
    return _row(fact, key, times, 0 if row is None else row.ahead_s)


def _shifted(row: DeadlineRow | None, fact: Fact, key: str, clock_offset_s: int) -> DeadlineRow | None:
    """The row under another error of the charger's clock."""
    before = 0 if row is None else row.ahead_s
    by, soonest = timedelta(seconds=before - clock_offset_s), fact.recorded_at + SETTLING
    times = {name: None if at is None else max(at + by, soonest) for name, at in _times(row).items()}
    return _row(fact, key, times, clock_offset_s)


def _times(row: DeadlineRow | None) -> dict[str, datetime | None]:
    if row is None:
        return dict.fromkeys(("idle_at", "presume_at", "fee_at", "other_at"))
    return {
        "idle_at": row.idle_at,
        "presume_at": row.presume_at,
        "fee_at": row.fee_at,
        "other_at": row.other_at,
    }


def _row(fact: Fact, key: str, times: dict[str, datetime | None], clock_offset_s: int) -> DeadlineRow | None:
    due = [at for at in times.values() if at is not None]
    if not due and not clock_offset_s:
        return None
    # Where the clock is wrong that has to be known of the next deadline as well.
    known = {"company": fact.why.company, "due_at": min(due, default=NEVER), "ahead_s": clock_offset_s}
    return msgspec.convert({"stream": key, **known, **times}, DeadlineRow)


deadlines = ReadModel(
    name="deadlines",
    version=8,
    row=DeadlineRow,
    reads=tags(
        SessionStarted,
        EvSuspended,
        EvseSuspended,
        ChargingResumed,
        ChargerRebooted,
        CableRemoved,
        PlugObserved,
        EndWithdrawn,
        ChargingEnded,
        ClockOffsetChanged,
        EndReconciled,
        BlockingFeeCharged,
        BookedTermsChanged,
        BlockingFeeCredited,
        BlockingPaused,
        BlockingResumed,
        ConnectorFreed,
        ChargePointConnected,
        ChargePointDisconnected,
        ChargePointRemoved,
        ChargePointSilent,
        CommandRequested,
        CommandSent,
        CommandAnswered,
        CommandRequeued,
        CommandFailed,
        CommandTimedOut,
        CommandExpired,
        CommandEffectConfirmed,
        CommandHadNoEffect,
        RemoteStartPending,
        FaultOpened,
        FaultRecurred,
        FaultRecovered,
        FaultSolved,
        CertificateIssued,
        CertificateRenewalAsked,
        CertificatesRevoked,
        CertificatesRevoked,
        ReservationMade,
        ReservationEnded,
        SlotHeld,
        HoldReleased,
        BookingMade,
        BookingRescheduled,
        BookingExtended,
        BookingMoved,
        SlotApproached,
        SlotBegan,
        BookingBegan,
        BookingEnded,
        BookingCancelled,
        NoShowNoted,
    ),
    keys=keys,
    apply=apply,
    indexes=("due_at",),
)
