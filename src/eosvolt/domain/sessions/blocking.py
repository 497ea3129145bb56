"""The taken plug.

Which blocking-fee intervals have elapsed, what was charged too much, and when the plug is free.
"""

from collections.abc import Sequence
from datetime import datetime

from eosvolt.domain.sessions.events import (
    BlockingFeeCharged,
    BlockingFeeCredited,
    BlockingPaused,
    BlockingResumed,
    ConnectorFreed,
    SessionEvent,
)
from eosvolt.domain.sessions.state import Blocking, Charging, idle_at, next_fee_at, paused
from eosvolt.domain.tariffs.blocking_fee import due_times, fee_line, intervals_due


def reach_fees(session: Blocking, until: datetime, *, freed: bool = False) -> Sequence[SessionEvent]:
    """Charge each interval that has fully elapsed by ``until`` and was not charged yet.

    ``freed``: none will follow.
    """
    tariff = session.start.tariff
    fee = tariff.blocking_fee
    if fee is None:
        return []
    pauses = paused(session.pauses, session.paused_since, until)
    elapsed = intervals_due(fee, session.end.at, until, pauses)
    charged = {number for number, _ in session.charged}
    events: list[SessionEvent] = []
    for number, at in enumerate(due_times(fee, session.end.at, elapsed, pauses), start=1):
        line = None if number in charged else fee_line(tariff, session.end.at, number, at)
        if line is None:
            continue
        following = next_fee_at(fee, session.end.at, number, pauses)
        events.append(
            BlockingFeeCharged(
                place=session.start.place,
                number=number,
                at=at,
                line=line,
                next_due_at=None if freed or session.paused_since is not None else following,
            )
        )
    return events


def credit_fees(session: Blocking, until: datetime, at: datetime) -> Sequence[SessionEvent]:
    """Give back each charged interval that had not elapsed by ``until`` after all."""
    fee = session.start.tariff.blocking_fee
    if fee is None:
        return []
    elapsed = intervals_due(fee, session.end.at, until, paused(session.pauses, session.paused_since, until))
    return [
        BlockingFeeCredited(place=session.start.place, number=number, at=at, line=line)
        for number, line in session.charged
        if number > elapsed
    ]


def free(session: Blocking, at: datetime) -> Sequence[SessionEvent]:
    """The plug became free at ``at``: settle the fees until then and close."""
    freed_at = max(at, session.end.at)
    return [
        *reach_fees(session, freed_at, freed=True),
        *credit_fees(session, freed_at, freed_at),
        ConnectorFreed(place=session.start.place, at=freed_at),
    ]


def pause(session: Charging | Blocking, at: datetime, reason: str) -> Sequence[SessionEvent]:
    """Stop counting: we cannot see the plug, or the driver cannot free it."""
    if session.paused_since is not None:
        return []
    if isinstance(session, Blocking):
        at = max(at, session.end.at)
        return [*reach_fees(session, at), BlockingPaused(at=at, reason=reason)]
    return [BlockingPaused(at=max(at, session.start.at), reason=reason)]


def resume(session: Charging | Blocking, at: datetime) -> Sequence[SessionEvent]:
    """Count again, with the pause left out."""
    since = session.paused_since
    if since is None:
        return []
    at = max(at, since)
    pauses = paused(session.pauses, since, at)
    if isinstance(session, Blocking):
        fee = session.start.tariff.blocking_fee
        due = next_fee_at(fee, session.end.at, len(session.charged), pauses)
        return [BlockingResumed(at=at, next_due_at=due)]
    suspended = session.suspended_since
    idle = None if suspended is None else idle_at(session.fee, suspended, pauses)
    return [BlockingResumed(at=at, idle_at=idle)]
