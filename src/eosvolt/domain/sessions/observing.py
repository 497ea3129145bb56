"""Observations of a session's plug: the events that record them, and the events that follow from them."""

from collections.abc import Sequence
from datetime import datetime

from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.sessions.blocking import next_due, settle_fees
from eosvolt.domain.sessions.ending import end_idle, move_end
from eosvolt.domain.sessions.events import (
    SessionEvent,
)
from eosvolt.domain.sessions.evolve import evolve
from eosvolt.domain.sessions.observations import CONNECTED, DISCONNECTED, FOLLOWED, Observation
from eosvolt.domain.sessions.outlook import outlook
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
from eosvolt.domain.sessions.seen import seen
from eosvolt.domain.sessions.state import Blocking, Charging, Closed, Session
from eosvolt.domain.sessions.timeline import (
    GONE,
    NO_STATUS,
    OUT_OF_ORDER,
    PRESUMED_END_AFTER_REBOOT,
    PRESUMED_END_AFTER_UNPLUGGING,
    TAKEN,
    Timeline,
    added,
    changes_status,
    freed_instant,
)

Running = Charging | Blocking | Closed


def observe(session: Running, observations: Sequence[Observation]) -> Sequence[SessionEvent]:
    """Return the event that records those observations that change the timeline; empty without any."""
    timeline, began = timeline_of(session), began_at(session)
    followed = next((each.at for each in timeline if each.what == FOLLOWED), None)
    if followed is not None:
        observations = [each for each in observations if each.at < followed]
    free = _surely_free(session)
    if free is not None:
        # Later states belong to the next car. FOLLOWED counts only if it cuts off known observations.
        last = timeline[-1].at if timeline else began
        observations = [
            each for each in observations if each.at < free or (each.what == FOLLOWED and each.at <= last)
        ]
    fresh: list[Observation] = []
    for observation in observations:
        if changes_status(timeline, observation, began):
            fresh.append(observation)
            timeline = added(timeline, observation)
    if not fresh:
        return []
    if len(fresh) == 1:
        return [_event_of(session, fresh[0], timeline)]
    return [_observed(session, tuple(fresh), timeline)]


def _surely_free(session: Running) -> datetime | None:
    """When the plug was free after the charger's own stop, an instant that no later observation moves.

    ``None`` while the plug is taken. ``None`` also for an end without a stop, which may still move.
    """
    if not isinstance(session, Closed) or session.last.end.stopped_at is None:
        return None
    return freed_instant(timeline_of(session), began_at(session), session.last.end.stopped_at)


def note(session: Running, observations: Sequence[Observation]) -> Sequence[SessionEvent]:
    """Record observations; return those events and what follows from them: ends, fees, a free plug.

    Conclusions reach up to the time of the latest observation. A charger's queue delivers in order, so
    nothing is known yet about the time after its last message.
    """
    noted = observe(session, observations)
    if not noted:
        return []
    moved = fold(session, noted)
    if not isinstance(moved, Running):
        return noted
    return [*noted, *settle(session, moved, timeline_of(moved)[-1].at)]


def settle(before: Running, now: Running, until: datetime) -> Sequence[SessionEvent]:
    """Return the events that the timeline of ``now`` demands by ``until`` and that of ``before`` did not."""
    if isinstance(now, Charging):
        return idle_by(now, until)
    last, known = _last(now), _last(before)
    moved = (
        [] if known is None or last is None else move_end(known, last, until, freed=isinstance(now, Closed))
    )
    then = fold(now, moved)
    if isinstance(then, Charging):
        return [*moved, *idle_by(then, until)]
    if not isinstance(then, Blocking | Closed):
        return moved
    return [*moved, *settle_fees(then, until)]


def idle_by(session: Charging, until: datetime) -> Sequence[SessionEvent]:
    """Return the end by idling if the car drew nothing for a full interval by ``until``, else no events."""
    due = session.outlook.idle_at
    if due is None or until < due:
        return []
    ended = end_idle(session, due)
    then = fold(session, ended)
    return [*ended, *(settle_fees(then, until) if isinstance(then, Blocking) else [])]


def fold(session: Session, events: Sequence[SessionEvent]) -> Session:
    """The session after ``events``."""
    for event in events:
        session = evolve(session, event)
    return session


def timeline_of(session: Running) -> Timeline:
    """The observations of the session's plug."""
    return session.last.timeline if isinstance(session, Closed) else session.timeline


def began_at(session: Running) -> datetime:
    """When the session began."""
    return (session.last if isinstance(session, Closed) else session).start.at


def _last(session: Running) -> Blocking | None:
    match session:
        case Closed(last=last):
            return last
        case Blocking():
            return session
        case _:
            return None


def _event_of(session: Running, observation: Observation, timeline: Timeline) -> SessionEvent:
    """The event of one observation: an event type of its own for a current state, else ``PlugObserved``."""
    named: SessionEvent | None = None
    if timeline[-1] is observation:
        named = (
            _named_while_charging(session, observation, timeline)
            if isinstance(session, Charging)
            else _named_while_blocking(session, observation, timeline)
        )
    if named is not None and _implies(named, observation, timeline_of(session)):
        return named
    return _observed(session, (observation,), timeline)


def _implies(event: SessionEvent, observation: Observation, timeline: Timeline) -> bool:
    """Whether the event's type implies the same plug state as the observation.

    The end of a fault implies the state before it, which may not be known yet. All states of a free plug
    count as the same.
    """
    what = seen(timeline, event)[-1].what
    return what == observation.what or {what, observation.what} <= GONE


def _named_while_charging(
    session: Charging, observation: Observation, timeline: Timeline
) -> SessionEvent | None:
    at, plug = max(observation.at, session.start.at), session.start.place.plug
    was, now = session.outlook, outlook(timeline, session.start)
    match observation.what:
        case ConnectorStatus.SUSPENDED_EV if was.suspended_since is None or was.paused_for in OUT_OF_ORDER:
            return EvSuspended(at=at, plug=plug, idle_at=now.idle_at)
        case ConnectorStatus.SUSPENDED_EVSE if was.throttled_since is None:
            return EvseSuspended(at=at, plug=plug)
        case ConnectorStatus.CHARGING if was != now:
            return ChargingResumed(at=at, plug=plug)
        case ConnectorStatus.FAULTED | ConnectorStatus.UNAVAILABLE | "Disconnected" if not was.paused_for:
            return BlockingPaused(at=at, reason=str(observation.what))
        case "Connected" if now.paused_for == "":
            return BlockingResumed(at=at, idle_at=now.idle_at)
        case "Rebooted":
            return ChargerRebooted(at=at, presume_ended_at=at + PRESUMED_END_AFTER_REBOOT)
        case what if what in GONE and was.unplugged_at is None:
            until = max(at, observation.heard_at or at) + PRESUMED_END_AFTER_UNPLUGGING
            return CableRemoved(at=at, plug=plug, presume_ended_at=until)
        case _:
            return None


def _named_while_blocking(
    session: Blocking | Closed, observation: Observation, timeline: Timeline
) -> SessionEvent | None:
    if isinstance(session, Closed) or observation.at < session.end.at:
        return None
    broken = _in_force(session.timeline) in OUT_OF_ORDER
    cut = _connected(session.timeline) == DISCONNECTED
    match observation.what:
        case ConnectorStatus.FAULTED | ConnectorStatus.UNAVAILABLE | "Disconnected" if not (broken or cut):
            return BlockingPaused(at=observation.at, reason=str(observation.what))
        case "Connected" if not broken:
            return _resumed(session, observation, timeline)
        case what if broken and not cut and what in TAKEN and what != ConnectorStatus.SUSPENDED_EVSE:
            return _resumed(session, observation, timeline)
        case _:
            return None


def _resumed(session: Blocking, observation: Observation, timeline: Timeline) -> BlockingResumed:
    return BlockingResumed(at=observation.at, next_due_at=_due(session, timeline))


def _observed(session: Running, observations: tuple[Observation, ...], timeline: Timeline) -> PlugObserved:
    start = (session.last if isinstance(session, Closed) else session).start
    at = max(each.at for each in observations)
    if isinstance(session, Charging):
        now = outlook(timeline, start)
        return PlugObserved(
            at=at,
            plug=start.place.plug,
            observations=observations,
            idle_at=now.idle_at,
            presume_ended_at=now.presume_ended_at,
        )
    due = _due(session, timeline) if isinstance(session, Blocking) else None
    return PlugObserved(at=at, plug=start.place.plug, observations=observations, fee_due_at=due)


def _due(session: Blocking, timeline: Timeline) -> datetime | None:
    return next_due(
        Blocking(session.charging, session.end, timeline, session.charged, clock_s=session.clock_s)
    )


def _in_force(timeline: Timeline) -> str:
    return next((each.what for each in reversed(timeline) if each.what not in NO_STATUS), "")


def _connected(timeline: Timeline) -> str:
    return next(
        (each.what for each in reversed(timeline) if each.what in (CONNECTED, DISCONNECTED)), CONNECTED
    )
