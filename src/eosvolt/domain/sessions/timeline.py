"""The timeline of a session's plug: the observations from which idling, pauses and blocking fees follow.

Observations are sorted by when they were true, not by when they were received. Everything derived from them
is a pure function of the timeline, so that a message that comes late, twice or out of order has the same
effect as one that comes at once. Instants are by the session's clock.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from eosvolt.domain.charge_points.clocks import CLOCKS_DIFFER
from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.sessions.observations import (
    CONNECTED,
    DISCONNECTED,
    FOLLOWED,
    GOES_ON,
    REBOOTED,
    Observation,
)
from eosvolt.domain.tariffs.blocking_fee import FOR_EVER, full_at
from eosvolt.domain.tariffs.pauses import Pause, merged
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

# Of a plug that repeats its status as we listen, one report in this time is kept.
REPEATED_AFTER = timedelta(seconds=60)
# A car that is suspended so shortly before its start is that car; earlier it was another one.
SUSPENDED_BEFORE = timedelta(minutes=3)
# Chargers write times in whole seconds: what is dated within the second of the start may have been before it.
SAME_SECOND = timedelta(seconds=1)
# More than any real session has; beyond it repetitions are dropped.
OBSERVATIONS_KEPT = 400
PRESUMED_END_AFTER_UNPLUGGING = timedelta(minutes=10)
PRESUMED_END_AFTER_REBOOT = timedelta(minutes=5)
NEVER = FOR_EVER


Timeline = tuple[Observation, ...]


def added(timeline: Timeline, observation: Observation) -> Timeline:
    """The timeline with one more observation; of two at one instant the one heard later is the later one."""
    index = bisect_right(timeline, observation.at, key=_at)
    return (*timeline[:index], observation, *timeline[index:])


def moved(timeline: Timeline, by: timedelta) -> Timeline:
    """The timeline where what our clock dated is so much later by the session's clock."""
    return tuple(sorted((_moved(each, by) for each in timeline), key=_at))


def changes_status(timeline: Timeline, observation: Observation, began: datetime) -> bool:
    """Whether an observation can change anything that follows from the timeline."""
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
    # Of late reports, the one in between may come later still.
    late = observation.heard_at is not None and observation.heard_at - at > CLOCKS_DIFFER
    return (late or at - same.at >= REPEATED_AFTER) and len(timeline) < OBSERVATIONS_KEPT


def statuses(
    timeline: Timeline, began: datetime, ended: datetime | None = None
) -> list[tuple[datetime, str]]:
    """The plug's states from the session's start on.

    How the plug was before says nothing of this car, unless it was suspended already: some chargers start the
    transaction of a car that waits. A plug that is free within the second of the start was so before it, but
    not where it is free after the session's end, if that is told.
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
            # What the plug says from here on is of another car.
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
    """When neither idling nor blocking counts: we cannot see the plug, or the driver cannot free it."""
    return tuple(merged([*away(timeline), *spans(statuses(timeline, began), OUT_OF_ORDER)]))


def uncounted_blocking(
    timeline: Timeline, began: datetime, ended: datetime, heard_at: datetime | None
) -> tuple[Pause, ...]:
    """The time after the end that is not billed as blocking; what is open lasts until ``NEVER``.

    The charger was away or out of order, the operator throttled the plug, or nobody can know that the car was
    there: of an end that was heard (``heard_at``) much later only the first sign counts that the plug was
    taken.
    """
    unseen: tuple[Pause, ...] = ()
    if heard_at is not None and heard_at > ended + CLOCKS_DIFFER:
        sign = occupied_from(timeline, began, ended)
        unseen = ((ended, NEVER if sign is None else sign),)
    throttled = spans(statuses(timeline, began), THROTTLED)
    return (*uncounted(timeline, began), *throttled, *unseen)


def not_billed(timeline: Timeline, began: datetime, until: datetime) -> tuple[Pause, ...]:
    """The times that are not billed as minutes: SuspendedEVSE, Faulted, Unavailable; up to ``until``."""
    found = spans(statuses(timeline, began), NOT_BILLED)
    return tuple((since, min(to, until)) for since, to in found if since < until)


def suspensions(timeline: Timeline, began: datetime, until: datetime) -> tuple[Pause, ...]:
    """The times at which the car drew nothing (SuspendedEV), up to ``until``."""
    found = spans(statuses(timeline, began), frozenset({ConnectorStatus.SUSPENDED_EV.value}))
    return tuple((since, min(to, until)) for since, to in found if since < until)


def idle_instant(timeline: Timeline, began: datetime, fee: BlockingFee | None) -> datetime | None:
    """When the car had been in SuspendedEV for a full interval, or will have been as far as is known.

    ``None`` where no fee is set or that never happens. A fault interrupts the count and does not end it;
    every other state ends it.
    """
    if fee is None:
        return None
    pauses = uncounted(timeline, began)
    interval = timedelta(minutes=fee.interval_minutes)
    for since, until in _suspensions(statuses(timeline, began)):
        due = full_at(since, interval, pauses)
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
    """When the plug was free after the end, never before it; ``None`` while it is not known to be."""
    latest: str | None = None
    for at, what in statuses(timeline, began, ended):
        if at <= ended:
            # Within the second of the end this is how charging was before it.
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
    """The first sign at or after the end that the car was still there; ``None`` where there is none.

    Of a sign that follows the end at once, as the state after a stop does, the end itself is told.
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
