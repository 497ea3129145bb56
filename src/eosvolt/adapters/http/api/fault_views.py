"""The view of a diagnostics entry, and its query."""

from datetime import datetime

import msgspec

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.framework.api_types import MoneyView, View, paid
from eosvolt.adapters.http.framework.endpoint import Answer
from eosvolt.adapters.http.framework.optimistic_update import versioned
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.ports.queries import Affected
from eosvolt.application.explanation_sentences import in_words
from eosvolt.application.operations.faults import next_entry
from eosvolt.application.permissions import require_at
from eosvolt.projections.faults import FaultRow


class FaultView(View, frozen=True, kw_only=True):
    """One fault of one charger or plug (0 is the whole charger).

    ``state`` is open, recovered or solved; ``severity`` is error, or warning if the plug still works.
    ``level`` is the effect on drivers: critical (nothing can charge at the charger, a ground failure, a
    security event), major (one plug cannot charge, or sessions were interrupted) or minor.
    ``needsAttention``: it is open and not snoozed. ``acknowledgedBy``, ``owner`` and ``snoozedBy`` are actors
    such as ``admin:4f7d2c1e``. ``affectedSessions`` ran on the plug when it began, or failed or were ended by
    it. ``revenueAffected`` is an estimate: the plug's revenue per hour in the four weeks before, times the
    hours for which it could not charge; absent without data.
    """

    id: str
    state: str
    kind: str
    code: str
    severity: str
    level: str
    stops_charging: bool
    needs_attention: bool
    location_id: str
    charge_box_id: str
    plug: int
    since: datetime
    last_seen_at: datetime
    occurrences: int
    affected_sessions: int
    vendor_code: str = ""
    text: str = ""
    recovered_at: datetime | None = None
    solved_at: datetime | None = None
    solved_by: str = ""
    note: str = ""
    earlier_id: str = ""
    later_id: str = ""
    session_id: str = ""
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    acknowledgement: str = ""
    owner: str = ""
    snoozed_until: datetime | None = None
    snoozed_by: str = ""
    snooze_note: str = ""
    revenue_affected: tuple[MoneyView, ...] = ()


async def fault_row(call: ApiCall, fault: str) -> FaultRow:
    """The entry. Raises a 404 ``Problem`` if the company has none of this id."""
    row = await call.queries.fault(call.company, fault)
    if row is None:
        raise not_found()
    require_at(call.identity.actor.grants, (row.location,))
    return row


async def fault_answer(call: ApiCall, fault: str) -> Answer[FaultView]:
    """One entry, with its version and the entry of the same subject after it."""
    row = await fault_row(call, fault)
    later = await call.queries.fault(call.company, next_entry(row.id))
    affected = await call.queries.affected(call.company, [row], call.now)
    view = fault_view(row, affected[row.id], call.now)
    view = msgspec.structs.replace(view, later_id="" if later is None else later.id)
    return Answer(view, versioned(row.version))


def fault_view(row: FaultRow, affected: Affected, now: datetime) -> FaultView:
    """A fault as the API shows it at ``now``."""
    snoozed = row.snoozed(now)
    return FaultView(
        id=row.id,
        state=row.state,
        kind=row.kind,
        code=row.code,
        severity=row.severity,
        level=row.level,
        stops_charging=row.stops_charging,
        needs_attention=row.state == "open" and not snoozed,
        affected_sessions=affected.sessions,
        location_id=row.location,
        charge_box_id=row.charge_point,
        plug=row.connector,
        since=row.since,
        last_seen_at=row.last_seen_at,
        occurrences=row.occurrences,
        vendor_code=row.vendor_code,
        text=in_words(row.text, row.explanation),
        recovered_at=row.recovered_at,
        solved_at=row.solved_at,
        solved_by=row.solved_by,
        note=row.note,
        earlier_id=row.earlier,
        session_id=row.session,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        acknowledgement=row.acknowledgement,
        owner=row.owner,
        snoozed_until=row.snoozed_until if snoozed else None,
        snoozed_by=row.snoozed_by if snoozed else "",
        snooze_note=row.snooze_note if snoozed else "",
        revenue_affected=tuple(paid(each) for each in affected.revenue),
    )
