"""The timeline of a session's plug: the observations that decide idling, pauses and blocking fees.

Observations are sorted by when they were true, not by when they were received. All results are pure functions
of the timeline. So a message that comes late, twice or out of order has the same effect as a punctual one.
Instants are by the session's clock.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from eosvolt.domain.charge_points.clocks import CLOCKS_DIFFER, came_late
from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.sessions.observations import (
    CONNECTED,
    DISCONNECTED,
    FOLLOWED,
    GOES_ON,
    REBOOTED,
    Observation,
)
from eosvolt.domain.tariffs.pauses import FOR_EVER, Pause, full_at, merged
from eosvolt.domain.tariffs.tariff import BlockingFee

NO_STATUS = frozenset({DISCONNECTED, CONNECTED, REBOOTED, GOES_ON})

GONE = frozenset(
    {
        ConnectorStatus.AVAILABLE.value,
        ConnectorStatus.PREPARING.value,
        ConnectorStatus.RESERVED.value,
        FOLLOWED,
    }
)
OUT_OF_ORDER = frozenset({ConnectorStatus.FAULTED.value, ConnectorStatus.UNAVAILABLE.value})
SUSPENDED = frozenset({ConnectorStatus.SUSPENDED_EV.value, ConnectorStatus.SUSPENDED_EVSE.value})
THROTTLED = frozenset({ConnectorStatus.SUSPENDED_EVSE.value})
UNDER_WAY = SUSPENDED | {ConnectorStatus.CHARGING.value}
TAKEN = SUSPENDED | {ConnectorStatus.FINISHING.value}
BY_OUR_CLOCK = frozenset({DISCONNECTED, CONNECTED, REBOOTED})
NOT_BILLED = OUT_OF_ORDER | THROTTLED

# A plug's repeated status is kept once in this time, unless it was reported late.
REPEATED_AFTER = timedelta(seconds=60)
# A suspension within this time before the start belongs to this session, an earlier one to another car.
SUSPENDED_BEFORE = timedelta(minutes=3)
# Chargers send times in whole seconds, so what is dated within this time after the start may precede it.
SAME_SECOND = timedelta(seconds=1)
# No real session has more observations; from here on repetitions are dropped.
OBSERVATIONS_KEPT = 400
PRESUMED_END_AFTER_UNPLUGGING = timedelta(minutes=10)
PRESUMED_END_AFTER_REBOOT = timedelta(minutes=5)
NEVER = FOR_EVER


Timeline = tuple[Observation, ...]


def added(timeline: Timeline, observation: Observation) -> Timeline:
    """The timeline with one more observation; it comes after those of the same instant."""
    index = bisect_right(timeline, observation.at, key=_at)
    return (*timeline[:index], observation, *timeline[index:])


def moved(timeline: Timeline, by: timedelta) -> Timeline:
    """The timeline with all times by our clock moved by ``by``, for a change of the session's clock."""
    return tuple(sorted((_moved(each, by) for each in timeline), key=_at))


def changes_status(timeline: Timeline, observation: Observation, began: datetime) -> bool:
    """Whether an observation can change a result of the timeline; repetitions cannot."""
    at, what = observation.at, observation.what
    if at < began and what not in SUSPENDED:
        return False
    before = timeline[: bisect_right(timeline, at, key=_at)]
    if any(each.what == what for each in _at_once(before, at)):
        return False
    if what in (DISCONNECTED, CONNECTED):
        last = next(
            (each.what for each in reversed(before) if each.what in (DISCONNECTED, CONNECTED)), CONNECTED
        )
        return last != what
    if what == REBOOTED:
        return True
    if what == GOES_ON:
        since = {REBOOTED, GOES_ON} | UNDER_WAY
        return next((each.what for each in reversed(before) if each.what in since), "") == REBOOTED
    same = next((each for each in reversed(before) if each.what not in NO_STATUS), None)
    if same is None or same.what != what:
        return True
    # Keep a repetition that was reported late: another state in between may be reported even later.
    late = observation.heard_at is not None and came_late(at, observation.heard_at)
    return (late or at - same.at >= REPEATED_AFTER) and len(timeline) < OBSERVATIONS_KEPT


def statuses(
    timeline: Timeline, began: datetime, ended: datetime | None = None
) -> list[tuple[datetime, str]]:
    """The plug's states from the session's start on, each with the instant from which it holds.

    Of the states before the start only a suspension counts, because some chargers start the transaction of a
    car that waits. A free plug within a second of the start was free before it, unless that is after
    ``ended``.
    """
    found: list[tuple[datetime, str]] = []
    free_before = min(began + SAME_SECOND, ended or NEVER)
    for each in timeline:
        if each.what in NO_STATUS:
            continue
        if each.at < began:
            found = [(began, each.what)] if each.what in SUSPENDED else []
        elif each.what in GONE and each.what != FOLLOWED and each.at < free_before:
            continue
        else:
            found.append((each.at, each.what))
        if each.what == FOLLOWED:
            # Later states belong to the next car.
            break
    return found


def spans(states: Sequence[tuple[datetime, str]], which: frozenset[str]) -> list[Pause]:
    """When the plug was in one of ``which`` states; the last span may last until ``NEVER``."""
    found: list[Pause] = []
    since: datetime | None = None
    for at, what in states:
        if what in which:
            since = at if since is None else since
        elif since is not None:
            found.append((since, at))
            since = None
    if since is not None:
        found.append((since, NEVER))
    return found


def away(timeline: Timeline) -> list[Pause]:
    """When the charger was not connected; the last span may last until ``NEVER``."""
    links = [(each.at, each.what) for each in timeline if each.what in (DISCONNECTED, CONNECTED)]
    return spans(links, frozenset({DISCONNECTED}))


def uncounted(timeline: Timeline, began: datetime) -> tuple[Pause, ...]:
    """The pauses of idling and blocking: the charger is not connected, or the plug is out of order."""
    return tuple(merged([*away(timeline), *spans(statuses(timeline, began), OUT_OF_ORDER)]))


def uncounted_blocking(
    timeline: Timeline, began: datetime, ended: datetime, heard_at: datetime | None
) -> tuple[Pause, ...]:
    """The pauses in which blocking is not billed; an open one lasts until ``NEVER``.

    The charger was not connected or out of order, or the operator throttled the plug. If the end was received
    (``heard_at``) much later than it happened, blocking counts from the first sign that the car was there.
    """
    unseen: tuple[Pause, ...] = ()
    if heard_at is not None and came_late(ended, heard_at):
        sign = occupied_from(timeline, began, ended)
        unseen = ((ended, NEVER if sign is None else sign),)
    throttled = spans(statuses(timeline, began), THROTTLED)
    return (*uncounted(timeline, began), *throttled, *unseen)


def not_billed(timeline: Timeline, began: datetime, until: datetime) -> tuple[Pause, ...]:
    """The time up to ``until`` that is not billed per minute: SuspendedEVSE, Faulted, Unavailable."""
    found = spans(statuses(timeline, began), NOT_BILLED)
    return tuple((since, min(to, until)) for since, to in found if since < until)


def suspensions(timeline: Timeline, began: datetime, until: datetime) -> tuple[Pause, ...]:
    """The time up to ``until`` in which the car drew nothing (SuspendedEV)."""
    found = spans(statuses(timeline, began), frozenset({ConnectorStatus.SUSPENDED_EV.value}))
    return tuple((since, min(to, until)) for since, to in found if since < until)


def idle_instant(timeline: Timeline, began: datetime, fee: BlockingFee | None) -> datetime | None:
    """When the plug has been in SuspendedEV for a full fee interval, past or future.

    ``None`` if no fee is set or that never happens. A fault interrupts the count; every other state ends it.
    Who has booked the plug may leave the car suspended in the booked time.
    """
    if fee is None:
        return None
    pauses = uncounted(timeline, began)
    interval = timedelta(minutes=fee.interval_minutes)
    for since, until in _suspensions(statuses(timeline, began)):
        due = full_at(fee.clock_from(since), interval, pauses)
        if due is not None and due < until:
            return due
    return None


def _suspensions(states: Sequence[tuple[datetime, str]]) -> Iterator[Pause]:
    since: datetime | None = None
    for at, what in states:
        if what == ConnectorStatus.SUSPENDED_EV.value:
            since = at if since is None else since
        elif what not in OUT_OF_ORDER and since is not None:
            yield since, at
            since = None
    if since is not None:
        yield since, NEVER


def freed_instant(timeline: Timeline, began: datetime, ended: datetime) -> datetime | None:
    """When the plug was free, not earlier than the end; ``None`` while it is not known to be free."""
    latest: str | None = None
    for at, what in statuses(timeline, began, ended):
        if at <= ended:
            # The status Charging within a second of the end is the state before it.
            latest = what
            continue
        if latest in GONE:
            break
        if what == ConnectorStatus.CHARGING.value and at < ended + SAME_SECOND:
            continue
        if what in GONE or what == ConnectorStatus.CHARGING.value:
            return at
    return ended if latest in GONE else None


def occupied_from(timeline: Timeline, began: datetime, ended: datetime) -> datetime | None:
    """The first sign at or after the end that the car was still there; ``None`` without one.

    For a sign that follows the end at once, such as the status after a stop, returns ``ended``.
    """
    latest: str | None = None
    for at, what in statuses(timeline, began):
        if at <= ended:
            latest = what
        elif latest in TAKEN:
            break
        elif what in TAKEN:
            return ended if at <= ended + CLOCKS_DIFFER else at
    return ended if latest in TAKEN else None


def _at_once(before: Timeline, at: datetime) -> Iterator[Observation]:
    for each in reversed(before):
        if each.at != at:
            return
        yield each


def _moved(observation: Observation, by: timedelta) -> Observation:
    at, what, heard_at = observation.at, observation.what, observation.heard_at
    return Observation(
        at + by if what in BY_OUR_CLOCK else at, what, None if heard_at is None else heard_at + by
    )


def _at(observation: Observation) -> datetime:
    return observation.at
