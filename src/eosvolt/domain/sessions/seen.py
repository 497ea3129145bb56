"""The fold of a session's events into the timeline of its plug."""

from datetime import datetime
from typing import assert_never

from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.kernel import Event
from eosvolt.domain.sessions.observations import CONNECTED, DISCONNECTED, REBOOTED, Observation
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
from eosvolt.domain.sessions.timeline import (
    NO_STATUS,
    OUT_OF_ORDER,
    PRESUMED_END_AFTER_UNPLUGGING,
    Timeline,
    added,
)

Seen = (
    EvSuspended
    | EvseSuspended
    | ChargingResumed
    | ChargerRebooted
    | CableRemoved
    | BlockingPaused
    | BlockingResumed
    | PlugObserved
)


def seen(timeline: Timeline, event: Event) -> Timeline:
    """The timeline after an event of its session; the same object if the event says nothing of the plug."""
    if not isinstance(event, Seen):
        return timeline
    for observation in _observations(timeline, event):
        timeline = added(timeline, observation)
    return timeline


def _observations(timeline: Timeline, event: Seen) -> tuple[Observation, ...]:
    """The observations in an event. Only ``PlugObserved`` lists them; others imply one by their type."""
    match event:
        case PlugObserved(observations=observations):
            return observations
        case EvSuspended(at=at):
            return (Observation(at, ConnectorStatus.SUSPENDED_EV.value),)
        case EvseSuspended(at=at):
            return (Observation(at, ConnectorStatus.SUSPENDED_EVSE.value),)
        case ChargingResumed(at=at):
            return (Observation(at, ConnectorStatus.CHARGING.value),)
        case ChargerRebooted(at=at):
            return (Observation(at, REBOOTED),)
        case CableRemoved(at=at, presume_ended_at=until):
            heard_at = until - PRESUMED_END_AFTER_UNPLUGGING
            return (Observation(at, ConnectorStatus.AVAILABLE.value, heard_at),)
        case BlockingPaused(at=at, reason=reason):
            return (Observation(at, reason),)
        case BlockingResumed(at=at):
            return _resumed(timeline, at)
        case _:
            assert_never(event)


def _resumed(timeline: Timeline, at: datetime) -> tuple[Observation, ...]:
    """The observation that ends a pause: the connection, or the plug's state from before the fault."""
    link = next(
        (each.what for each in reversed(timeline) if each.what in (CONNECTED, DISCONNECTED)), CONNECTED
    )
    latest = next((each.what for each in reversed(timeline) if each.what not in NO_STATUS), "")
    if latest not in OUT_OF_ORDER:
        return (Observation(at, CONNECTED),) if link == DISCONNECTED else ()
    before = (each.what for each in reversed(timeline) if each.what not in NO_STATUS | OUT_OF_ORDER)
    return (Observation(at, next(before, ConnectorStatus.FINISHING.value)),)
