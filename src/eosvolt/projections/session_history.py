"""Every session, running or past, with its bill: the question of the sessions list and the session page."""

from collections.abc import Iterable, Sequence

import msgspec

from eosvolt.domain.kernel import Event, Fact
from eosvolt.domain.sessions.events import (
    BillCorrected,
    BlockingFeeCharged,
    BlockingFeeCredited,
    BookedTermsChanged,
    ChargingEnded,
    ConnectorFreed,
    EndReconciled,
    EndWithdrawn,
    EnergyMetered,
    IdleDetected,
    OrphanStopKept,
    ReceiptIssued,
    RefundIssued,
    RegisterRebased,
    SessionInvoiced,
    SessionStarted,
    StopConflicted,
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
from eosvolt.domain.sessions.registers import RegisterFinding
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel
from eosvolt.projections.session_amounts import billed, with_fee, with_terms_of
from eosvolt.projections.session_beginning import begun_row, orphan_row
from eosvolt.projections.session_documents import lacks_receipt, receipted, refunded
from eosvolt.projections.session_row import SessionRow, SessionStatus

HELD_BACK = "heldBack"


def keys(fact: Fact) -> Iterable[str]:
    """The session itself."""
    return (fact.key,)


def apply(row: SessionRow | None, fact: Fact, key: str) -> SessionRow | None:
    """The session after the fact."""
    after = _after(row, fact, key)
    if after is None:
        return None
    ended_wh = None if after.ended_at is None else after.energy_wh
    due_at = (after.receipt_due_at or fact.recorded_at) if lacks_receipt(after) else None
    if after.ended_wh == ended_wh and after.receipt_due_at == due_at:
        return after
    return msgspec.structs.replace(after, ended_wh=ended_wh, receipt_due_at=due_at)


def _after(row: SessionRow | None, fact: Fact, key: str) -> SessionRow | None:
    match fact.event, row:
        case SessionStarted() as started, _:
            return begun_row(key, started)
        case OrphanStopKept() as orphan, _:
            return orphan_row(key, orphan)
        case _, None:
            return None
        case EnergyMetered() as metered, known:
            return _metered(known, metered)
        case (ChargingEnded() | EndReconciled()) as ended, known:
            return _ended(known, ended)
        case EndWithdrawn(), known:
            return _going_on(known)
        case (BlockingFeeCharged() | BlockingFeeCredited()) as fee, known:
            return with_fee(known, fee)
        case BillCorrected() as corrected, known:
            return _corrected(known, corrected)
        case RefundIssued() as refund, known:
            return refunded(known, refund)
        case ReceiptIssued() as issued, known:
            return receipted(known, issued, fact.recorded_at)
        case BookedTermsChanged() as changed, known:
            return with_terms_of(_accounted(known, changed), changed)
        case SessionInvoiced(invoice=number), known:
            return msgspec.structs.replace(known, invoice=number)
        case _, known:
            return _moved(_accounted(known, fact.event), fact)


def _metered(row: SessionRow, event: EnergyMetered) -> SessionRow:
    if row.running is None:
        return row
    running = row.running.metered(event.readings)
    if row.ended_at is not None:
        return msgspec.structs.replace(row, running=running)
    if event.late:
        return msgspec.structs.replace(row, running=running, energy_wh=running.energy_wh)
    last = event.readings[-1]
    return msgspec.structs.replace(
        row,
        running=running,
        energy_wh=running.energy_wh,
        power_w=row.power_w if last.power_w is None else last.power_w,
        soc_percent=row.soc_percent if last.soc_percent is None else last.soc_percent,
        metered_at=last.at,
    )


def _moved(row: SessionRow, fact: Fact) -> SessionRow:
    match fact.event:
        case EvSuspended():
            return _status(row, SessionStatus.SUSPENDED)
        case EvseSuspended():
            return _status(row, SessionStatus.SUSPENDED)
        case ChargingResumed():
            return _status(row, SessionStatus.CHARGING)
        case RegisterRebased(cause=cause):
            return _flagged(row, cause)
        case StopConflicted():
            return _flagged(row, "stopConflict")
        case ChargerRebooted():
            return _flagged(row, "rebooted")
        case CableRemoved():
            return _flagged(row, "noStop")
        case IdleDetected():
            return _flagged(row, "idle")
        case ConnectorFreed(at=at, numbered=numbered):
            done = SessionStatus.COMPLETED if row.energy_wh else SessionStatus.FAILED
            return _status(msgspec.structs.replace(row, freed_at=at, numbered=numbered), done)
        case _:
            return row


def _ended(row: SessionRow, event: ChargingEnded | EndReconciled) -> SessionRow:
    ended_at = event.at if isinstance(event, ChargingEnded) else event.ended_at
    provisional = event.provisional
    flags = row.flags if provisional else tuple(flag for flag in row.flags if flag != "noStop")
    flags = _with_findings(flags, event.findings, event.held_wh)
    status = SessionStatus.BLOCKING
    if row.freed_at is not None:
        status = SessionStatus.COMPLETED if event.energy_wh else SessionStatus.FAILED
    return billed(
        msgspec.structs.replace(
            row,
            status=status.value,
            ended_at=ended_at,
            energy_wh=event.energy_wh,
            meter_stop_wh=event.meter_stop_wh,
            power_w=None,
            reason=event.reason,
            provisional=provisional,
            flags=flags,
            held_wh=event.held_wh,
            # Once nothing can undo the end, the bill says what this was kept for.
            running=row.running if provisional else None,
        ),
        event.bill,
    )


def _going_on(row: SessionRow) -> SessionRow:
    """The row of a session whose end was only presumed: it charges, and its bill is open again."""
    return msgspec.structs.replace(
        row,
        status=SessionStatus.CHARGING.value,
        ended_at=None,
        freed_at=None,
        energy_wh=row.energy_wh if row.running is None else row.running.energy_wh,
        meter_stop_wh=None,
        reason="",
        provisional=False,
        flags=tuple(flag for flag in row.flags if flag not in {"idle", "noStop", HELD_BACK}),
        held_wh=0,
        lines=(),
        charging_gross=0,
        charging_net=0,
        charging_vat=0,
        total_gross=row.blocking_gross,
    )


def _corrected(row: SessionRow, event: BillCorrected) -> SessionRow:
    status = row.status
    if row.freed_at is not None:
        status = (SessionStatus.COMPLETED if event.energy_wh else SessionStatus.FAILED).value
    changed = msgspec.structs.replace(
        row,
        status=status,
        energy_wh=event.energy_wh,
        held_wh=event.held_wh,
        flags=_with_findings(row.flags, event.findings, event.held_wh),
    )
    return billed(changed, event.bill)


def _with_findings(
    flags: tuple[str, ...], findings: Sequence[RegisterFinding], held_wh: int
) -> tuple[str, ...]:
    kept = [flag for flag in flags if flag != HELD_BACK]
    kept += [HELD_BACK] if held_wh else []
    return tuple(dict.fromkeys((*kept, *(finding.cause for finding in findings))))


def _accounted(row: SessionRow, event: Event) -> SessionRow:
    if row.running is None:
        return row
    running = row.running.after(event)
    return row if running is row.running else msgspec.structs.replace(row, running=running)


def _status(row: SessionRow, status: SessionStatus) -> SessionRow:
    return msgspec.structs.replace(row, status=status.value)


def _flagged(row: SessionRow, flag: str) -> SessionRow:
    return row if flag in row.flags else msgspec.structs.replace(row, flags=(*row.flags, flag))


session_history = ReadModel(
    name="session_history",
    version=12,
    row=SessionRow,
    reads=tags(
        SessionStarted,
        BookedTermsChanged,
        OrphanStopKept,
        EnergyMetered,
        RegisterRebased,
        EvSuspended,
        EvseSuspended,
        ChargingResumed,
        ChargerRebooted,
        CableRemoved,
        IdleDetected,
        ChargingEnded,
        EndReconciled,
        BillCorrected,
        EndWithdrawn,
        PlugObserved,
        StopConflicted,
        BlockingPaused,
        BlockingResumed,
        BlockingFeeCharged,
        BlockingFeeCredited,
        ConnectorFreed,
        RefundIssued,
        ReceiptIssued,
        SessionInvoiced,
    ),
    keys=keys,
    apply=apply,
    indexes=(
        "company, started_at DESC, number DESC",
        "company, status, started_at DESC, number DESC",
        "company, location, started_at DESC, number DESC",
        "company, charge_point, started_at DESC, number DESC",
        "company, token, started_at DESC, number DESC",
        "company, customer, started_at DESC, number DESC",
        "company, type, started_at DESC, number DESC",
        "company, (coalesce(ended_at, 'infinity'::timestamptz)) DESC, number DESC",
        "company, (ended_at - started_at) DESC, number DESC",
        "company, ended_wh DESC, number DESC",
        "company, total_gross DESC, number DESC",
        "company, number",
        "receipt_due_at",
    ),
)
