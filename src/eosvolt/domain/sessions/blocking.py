"""Blocking fees: which intervals have elapsed, which fees were charged wrongly, when the plug is free.

All of it follows from the session's end and its timeline. The events are the difference between the fees
charged so far and the fees of the present timeline.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.sessions.events import (
    BlockingFeeCharged,
    BlockingFeeCredited,
    ConnectorFreed,
    SessionEvent,
)
from eosvolt.domain.sessions.state import Blocking, Closed, Spans
from eosvolt.domain.sessions.timeline import freed_instant, statuses, uncounted_blocking
from eosvolt.domain.tariffs.blocking_fee import due_time, due_times, fee_line, intervals_due, most_intervals
from eosvolt.domain.tariffs.rating import PriceLine

# The most fees that one decision charges, so that other work need not wait for a long list.
FEES_AT_ONCE = 200
SUSPENDED_EV = ConnectorStatus.SUSPENDED_EV.value


def settle_fees(session: Blocking | Closed, until: datetime) -> Sequence[SessionEvent]:
    """Return the charges, credits and the freed plug that the timeline demands by ``until``.

    An interval counts once it has fully elapsed by ``until``. A fee whose instant is not the end of its
    interval is credited and charged again. At most ``FEES_AT_ONCE`` fees are charged.
    """
    last = session.last if isinstance(session, Closed) else session
    freed = freed_instant(last.timeline, last.start.at, last.end.at)
    if freed is None and isinstance(session, Closed):
        freed = max(session.freed_at, last.end.at)
    due = _due(last, until if freed is None else freed)
    wrong = _wrong(last, due)
    right = tuple(each for each in last.charged if each not in wrong)
    charged = _charged(msgspec.structs.replace(last, charged=right), due, freed)
    events: list[SessionEvent] = [*_credited(last, wrong, due, until, freed), *charged]
    complete = len(right) + len(charged) >= due
    moved = not isinstance(session, Closed) or session.freed_at != freed
    if freed is not None and complete and moved:
        events.append(ConnectorFreed(place=last.start.place, at=freed, numbered=True))
    return events


def give_back(last: Blocking, at: datetime) -> Sequence[BlockingFeeCredited]:
    """Credit every fee that is charged at present."""
    return _credited(last, last.charged, 0, at, at)


def next_due(last: Blocking) -> datetime | None:
    """When the next fee falls due; ``None`` during an open pause, and if none will follow."""
    fee = last.start.tariff.blocking_fee
    following = len(last.charged) + 1
    if fee is None or not _may_cost(last) or following > (most_intervals(fee) or following):
        return None
    if fee.cap is not None and most_intervals(fee) == 0:
        return None
    return due_time(fee, last.end.at, following, pauses(last))


def pauses(last: Blocking) -> Spans:
    """The time after the end that is not billed as blocking; an open pause lasts for ever."""
    heard_at, by = last.end.heard_at, timedelta(seconds=last.clock_s)
    heard = None if heard_at is None else heard_at + by
    return uncounted_blocking(last.timeline, last.start.at, last.end.at, heard)


def _may_cost(last: Blocking) -> bool:
    """Whether blocking can cost anything: the session drew energy, or the plug reported SuspendedEV.

    A SuspendedEV after the plug was free belongs to the next car.
    """
    if last.end.energy_wh > 0:
        return True
    freed = freed_instant(last.timeline, last.start.at, last.end.at)
    states = statuses(last.timeline, last.start.at)
    return any(what == SUSPENDED_EV and (freed is None or at < freed) for at, what in states)


def _due(last: Blocking, until: datetime) -> int:
    """The number of fees due by ``until``."""
    fee = last.start.tariff.blocking_fee
    if fee is None or not _may_cost(last):
        return 0
    elapsed = intervals_due(fee, last.end.at, until, pauses(last))
    most = most_intervals(fee)
    return elapsed if most is None else min(elapsed, most)


def _charged(last: Blocking, due: int, freed: datetime | None) -> Sequence[BlockingFeeCharged]:
    """The missing fees up to the ``due``-th, at most ``FEES_AT_ONCE``. ``freed``: no fee follows later."""
    fee, tariff = last.start.tariff.blocking_fee, last.start.tariff
    standing = {number for number, _ in last.charged}
    missing = [number for number in range(1, due + 1) if number not in standing][:FEES_AT_ONCE]
    if fee is None or not missing:
        return []
    times = due_times(fee, last.end.at, missing[-1] + 1, pauses(last))
    most = most_intervals(fee)
    events: list[BlockingFeeCharged] = []
    for number in missing:
        line = fee_line(tariff, last.end.at, number, times[number - 1])
        if line is None:
            break
        none_follows = (freed is not None and number >= due) or (most is not None and number >= most)
        following = None if none_follows or len(times) <= number else times[number]
        events.append(
            BlockingFeeCharged(
                place=last.start.place, number=number, at=times[number - 1], line=line, next_due_at=following
            )
        )
    return events


def _wrong(last: Blocking, due: int) -> Sequence[tuple[int, PriceLine]]:
    """The charged fees that are not among the first ``due``, or fell due at another instant."""
    fee = last.start.tariff.blocking_fee
    if fee is None or not last.charged:
        return ()
    latest = min(max(number for number, _ in last.charged), due)
    times = due_times(fee, last.end.at, latest, pauses(last))
    return [
        (number, line)
        for number, line in last.charged
        if number > len(times) or line.until != times[number - 1]
    ]


def _credited(
    last: Blocking,
    wrong: Sequence[tuple[int, PriceLine]],
    due: int,
    until: datetime,
    freed: datetime | None,
) -> Sequence[BlockingFeeCredited]:
    """The credits of the fees ``wrong``. ``freed``: no fee follows the ``due``-th."""
    if not wrong:
        return []
    fee, at = last.start.tariff.blocking_fee, until if freed is None else freed
    following = (
        None if freed is not None or fee is None else due_time(fee, last.end.at, due + 1, pauses(last))
    )
    return [
        BlockingFeeCredited(place=last.start.place, number=number, at=at, line=line, next_due_at=following)
        for number, line in wrong
    ]
