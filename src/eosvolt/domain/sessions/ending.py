"""How a session's charging phase ends, and its bill.

It ends by a stop, by idling or by presumption. A late stop replaces a provisional end.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from eosvolt.domain.sessions.blocking import give_back, next_due
from eosvolt.domain.sessions.commands import EndCharging, MeterEnergy
from eosvolt.domain.sessions.corrections import MOST_FINDINGS, conflicting_stop, meter_after_the_end
from eosvolt.domain.sessions.events import (
    ChargingEnded,
    EndReconciled,
    EndWithdrawn,
    IdleDetected,
    SessionEvent,
)
from eosvolt.domain.sessions.evolve import evolve, running_of
from eosvolt.domain.sessions.observations import FOLLOWED
from eosvolt.domain.sessions.outlook import outlook
from eosvolt.domain.sessions.readings import meter, meter_late
from eosvolt.domain.sessions.state import Blocking, Charging, Closed
from eosvolt.domain.sessions.timeline import idle_instant, not_billed, suspensions
from eosvolt.domain.tariffs.pauses import Pause

IDLE, SUPERSEDED = "Idle", "Superseded"


def end(command: EndCharging, session: Charging) -> Sequence[SessionEvent]:
    """Return the events of a charging phase that ends at ``command.at``: last readings, end and bill."""
    metered = meter(MeterEnergy(received_at=command.received_at, readings=command.readings), session)
    known = session
    for event in metered:
        moved = evolve(known, event)
        known = moved if isinstance(moved, Charging) else known
    at = max(command.at, session.start.at)
    wh = command.meter_stop_wh
    stop = None if wh is None else known.running.stop(at, wh, command.received_at)
    settled = known.running.settled(at, stop, session.unplugged_at)
    ended = ChargingEnded(
        place=session.start.place,
        token=session.start.token,
        started_at=session.start.at,
        at=at,
        received_at=command.received_at,
        energy_wh=settled.energy_wh,
        meter_stop_wh=command.meter_stop_wh,
        reason=command.reason,
        bill=settled.bill,
        provisional=command.provisional,
        note=command.note,
        held_wh=settled.held_wh,
        findings=settled.findings[:MOST_FINDINGS],
    )
    then = evolve(known, ended)
    due = next_due(then) if isinstance(then, Blocking) else None
    return [*metered, msgspec.structs.replace(ended, fee_due_at=due)]


def end_idle(session: Charging, at: datetime) -> Sequence[SessionEvent]:
    """End a session whose car drew nothing for a full interval; return its events.

    The end at ``at`` holds whether or not the charger accepts our remote stop.
    """
    since = session.suspended_since or at
    # ``at`` is by the session's clock. Subtract its offset for ``received_at``, which is by ours.
    stop = EndCharging(
        at=at, received_at=at - timedelta(seconds=session.clock_s), reason=IDLE, provisional=True
    )
    return [IdleDetected(at=at, since=since), *end(stop, session)]


def reconcile(command: EndCharging, session: Blocking | Closed) -> Sequence[SessionEvent]:
    """Return the events of a stop after the end: it replaces a provisional end, not a final one.

    Of two stops with the same register value the earlier one is the end, whichever arrived first.
    """
    last = session.last if isinstance(session, Closed) else session
    if command.meter_stop_wh is None or (command.provisional and not _earlier(command, last)):
        return []
    stopped_at = max(command.at, last.start.at)
    if not last.end.provisional and not _earlier(command, last):
        late = MeterEnergy(received_at=command.received_at, readings=command.readings)
        return [*meter_after_the_end(late, session), *conflicting_stop(command, last)]
    metered = meter_late(command.readings, command.received_at, last.charging)
    for event in metered:
        then = evolve(last, event)
        last = then if isinstance(then, Blocking) else last
    # An end by idling is final unless the driver stopped earlier.
    idled_at = idle_instant(last.timeline, last.start.at, last.start.tariff.blocking_fee)
    idle = idled_at is not None and idled_at <= stopped_at
    moved = _Moved(
        ended_at=idled_at if idled_at is not None and idle else stopped_at,
        stopped_at=stopped_at,
        received_at=command.received_at,
        meter_stop_wh=command.meter_stop_wh,
        reason=IDLE if idle else command.reason,
        stop_reason=command.reason,
        provisional=False,
    )
    return [*metered, _reconciled(last, moved, freed=isinstance(session, Closed))]


def _earlier(command: EndCharging, last: Blocking) -> bool:
    """Whether a second stop has the register value of the stop that holds, and an earlier time."""
    stopped_at = last.end.stopped_at
    return (
        stopped_at is not None
        and command.meter_stop_wh == last.end.meter_stop_wh
        and last.start.at <= command.at < stopped_at
    )


def move_end(before: Blocking, now: Blocking, until: datetime, *, freed: bool) -> Sequence[SessionEvent]:
    """Return the events of observations since ``before`` that change the end or the billed time.

    The plug's states are known up to ``until``. ``freed``: the plug is free already. A provisional end by
    idling is withdrawn if the car was not idle.
    """
    fee, began, end = now.start.tariff.blocking_fee, now.start.at, now.end
    idle = idle_instant(now.timeline, began, fee)
    same_spans = _unequal(before, end.at) == _unequal(now, end.at)
    if idle == idle_instant(before.timeline, began, fee) and same_spans:
        return []
    at, reason = end.at, end.reason
    if end.stopped_at is not None:
        idled = idle is not None and idle < end.stopped_at
        at, reason = (idle, IDLE) if idle is not None and idled else (end.stopped_at, end.stop_reason)
    elif idle is not None and idle <= until and (end.reason == IDLE or idle < end.at):
        at, reason = idle, IDLE
    elif end.reason == IDLE:
        followed = next((each.at for each in now.timeline if each.what == FOLLOWED), None)
        if followed is None:
            return withdraw(now, until, until)
        at, reason = followed, SUPERSEDED
    if at == end.at and same_spans:
        return []
    moved = _Moved(
        ended_at=at,
        stopped_at=end.stopped_at or at,
        received_at=end.heard_at or at,
        meter_stop_wh=end.meter_stop_wh,
        reason=reason,
        stop_reason=end.stop_reason,
        provisional=end.provisional,
    )
    return [_reconciled(now, moved, freed=freed)]


def _unequal(last: Blocking, until: datetime) -> tuple[tuple[Pause, ...], tuple[Pause, ...]]:
    """The pauses until the end: time that is not billed, and time in which the car drew nothing."""
    timeline, began = last.timeline, last.start.at
    return not_billed(timeline, began, until), suspensions(timeline, began, until)


def withdraw(last: Blocking, at: datetime, received_at: datetime) -> Sequence[SessionEvent]:
    """Withdraw a provisional end: the session goes on at ``at``, and every blocking fee is credited.

    Returns no events if another car has used the plug since.
    """
    if any(each.what == FOLLOWED for each in last.timeline):
        return []
    stands = outlook(last.timeline, last.start)
    withdrawn = EndWithdrawn(
        place=last.start.place,
        token=last.start.token,
        started_at=last.start.at,
        at=at,
        received_at=received_at,
        previous_ended_at=last.end.at,
        previous=last.end.bill,
        previous_energy_wh=last.end.energy_wh,
        idle_at=stands.idle_at,
        presume_ended_at=stands.presume_ended_at,
    )
    return [*give_back(last, at), withdrawn]


class _Moved(NamedTuple):
    """An end that replaces the present one."""

    ended_at: datetime
    stopped_at: datetime
    received_at: datetime
    meter_stop_wh: int | None
    reason: str
    stop_reason: str
    provisional: bool


def _reconciled(last: Blocking, moved: _Moved, *, freed: bool) -> EndReconciled:
    charging, running = last.charging, running_of(last)
    wh = moved.meter_stop_wh
    stop = None if wh is None else running.stop(moved.stopped_at, wh, moved.received_at)
    settled = running.settled(moved.ended_at, stop, charging.unplugged_at)
    reconciled = EndReconciled(
        place=charging.start.place,
        token=charging.start.token,
        started_at=charging.start.at,
        ended_at=moved.ended_at,
        previous_ended_at=last.end.at,
        at=moved.stopped_at,
        received_at=moved.received_at,
        energy_wh=settled.energy_wh,
        meter_stop_wh=moved.meter_stop_wh,
        reason=moved.reason,
        bill=settled.bill,
        previous=last.end.bill,
        previous_energy_wh=last.end.energy_wh,
        held_wh=settled.held_wh,
        findings=settled.findings[:MOST_FINDINGS],
        provisional=moved.provisional,
        stop_reason=moved.stop_reason if moved.stop_reason != moved.reason else "",
    )
    then = evolve(last, reconciled)
    due = next_due(then) if isinstance(then, Blocking) and not freed else None
    return msgspec.structs.replace(reconciled, fee_due_at=due)
