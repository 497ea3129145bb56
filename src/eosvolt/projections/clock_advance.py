"""How a charger's clock goes on with a fact, and which stretches of time come to an end.

Stretches of a plug follow each other without a gap from its first report on; none is revised, except that a
session that is learnt late uses a stretch in which the charger was offline.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace

from eosvolt.domain.charge_points.events import (
    ChargePointAdded,
    ChargePointChanged,
    ChargePointConnected,
    ChargePointDisconnected,
    ChargePointRemoved,
    ConnectorReported,
    ConnectorSpec,
    StationReported,
    TransactionClosed,
    TransactionOpened,
    TransactionReopened,
)
from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.kernel import Fact
from eosvolt.domain.maintenance.events import AvailabilityChanged
from eosvolt.projections.plug_clock import ChargerClock, Engagement, OpenSession, PlugClock, PlugStretch
from eosvolt.projections.uptime import OFFLINE, OUT_OF_ORDER, RECONNECT, cause_of

# Of so many stretches, and for so long, it is remembered that a session learnt late may have used them.
MOST_QUIET = 8
QUIET_FOR = timedelta(days=40)
_BY_STATUS = {
    ConnectorStatus.PREPARING: Engagement.PREPARING,
    ConnectorStatus.CHARGING: Engagement.REPORTED,
    ConnectorStatus.SUSPENDED_EV: Engagement.REPORTED,
    ConnectorStatus.SUSPENDED_EVSE: Engagement.REPORTED,
    ConnectorStatus.FINISHING: Engagement.REPORTED,
}

Ended = tuple[ChargerClock, list[PlugStretch]]


def advanced(clock: ChargerClock, fact: Fact) -> Ended:
    """The charger after the fact, and the stretches that ended with it."""
    match fact.event:
        case ChargePointAdded(location=location, connectors=specs, at=at):
            added = replace(clock, location=location, removed=False, rated_w=_rated(specs))
            return _all(added, at)
        case ChargePointChanged(location=location, connectors=specs, at=at):
            # The time until now belongs to where the charger stood, and to the power that it had.
            ended, stretches = _cut(clock, at)
            return replace(ended, location=location, rated_w=_rated(specs)), stretches
        case ChargePointRemoved(at=at):
            return _all(replace(clock, removed=True, online=False), at)
        case ChargePointConnected(at=at):
            return _all(replace(clock, online=True), at)
        case ChargePointDisconnected(at=at):
            return _all(replace(clock, online=False), at)
        case StationReported(status=status, at=at, received_at=received):
            return _all(replace(clock, reported=OUT_OF_ORDER.get(status, "")), min(at, received))
        case ConnectorReported() as report:
            return _report(clock, report)
        case AvailabilityChanged(connector=0, operative=operative, at=at):
            return _all(replace(clock, out_of_service=not operative, planned_plugs=()), at)
        case AvailabilityChanged(connector=number, operative=operative, at=at):
            others = {each for each in clock.planned_plugs if each != number}
            planned = others if operative else others | {number}
            return _all(replace(clock, planned_plugs=tuple(sorted(planned))), at)
        case (
            TransactionOpened(session=session, connector=connector, at=at)
            | TransactionReopened(session=session, connector=connector, at=at)
        ):
            return _opened(clock, OpenSession(session, connector, min(at, fact.recorded_at)))
        case TransactionClosed(session=session, at=at):
            return _session_ended(clock, session, min(at, fact.recorded_at))
        case _:
            return clock, []


def until_now(clock: ChargerClock, now: datetime) -> list[PlugStretch]:
    """The stretches that would end if something happened ``now``."""
    return [stretch for plug in clock.plugs for stretch in _ending(clock, plug, now)]


def settled_at(clock: ChargerClock) -> datetime | None:
    """The instant after which ``until_now`` changes only by the ends of its stretches; ``None`` for always.

    Until then an absence may turn out to be too short to count.
    """
    return max((plug.offline_since + RECONNECT for plug in clock.plugs if plug.offline_since), default=None)


def _rated(specs: Iterable[ConnectorSpec]) -> tuple[tuple[int, int], ...]:
    """By number. Cables of one plug exclude each other: its power is that of the strongest."""
    found: dict[int, int] = {}
    for spec in specs:
        found[spec.number] = max(found.get(spec.number, 0), spec.max_power_w)
    return tuple(sorted((number, power) for number, power in found.items() if power))


def _report(clock: ChargerClock, report: ConnectorReported) -> Ended:
    known = next((plug for plug in clock.plugs if plug.connector == report.connector), None)
    # The first contact is when we heard of it, whatever the charger's clock says.
    at = min(report.at, report.received_at) if known else report.received_at
    before = known or PlugClock(connector=report.connector, observed_since=at, since=at)
    # A plug that nobody described is heard through a charger that is connected.
    clock = replace(
        clock,
        online=clock.online or not clock.plugs,
        location=clock.location or report.location,
        plugs=tuple(plug for plug in clock.plugs if plug.connector != report.connector),
    )
    after = replace(
        before,
        reported=OUT_OF_ORDER.get(report.status, ""),
        available=report.status == ConnectorStatus.AVAILABLE,
        by_status=_BY_STATUS.get(report.status, Engagement.IDLE),
    )
    plug, stretches = _moved(clock, before, after, at)
    plugs = sorted((*clock.plugs, plug), key=lambda each: each.connector)
    return replace(clock, plugs=tuple(plugs)), stretches


def _opened(clock: ChargerClock, session: OpenSession) -> Ended:
    others = tuple(each for each in clock.sessions if each.session != session.session)
    return _all(replace(clock, sessions=(*others, session)), session.at)


def _session_ended(clock: ChargerClock, session: str, at: datetime) -> Ended:
    known = next((each for each in clock.sessions if each.session == session), None)
    if known is None:
        return clock, []
    rest = tuple(each for each in clock.sessions if each is not known)
    after, stretches = _all(replace(clock, sessions=rest), at)
    plugs = []
    for plug in after.plugs:
        if plug.connector == known.connector:
            free, claimed = _claimed(plug, known.at, at)
            plugs.append(replace(plug, quiet=free))
            stretches.extend(claimed)
        else:
            plugs.append(plug)
    return replace(after, plugs=tuple(plugs)), stretches


def _claimed(
    plug: PlugClock, since: datetime, until: datetime
) -> tuple[tuple[tuple[datetime, datetime], ...], list[PlugStretch]]:
    """What a session from ``since`` to ``until`` leaves of the quiet time, and what it used of it."""
    free: list[tuple[datetime, datetime]] = []
    claimed: list[PlugStretch] = []
    for begin, end in plug.quiet:
        used = max(begin, since), min(end, until)
        if used[0] >= used[1]:
            free.append((begin, end))
            continue
        claimed.append(PlugStretch(plug.connector, *used, OFFLINE, Engagement.SESSION, claimed=True))
        free += [part for part in ((begin, used[0]), (used[1], end)) if part[0] < part[1]]
    return tuple(free), claimed


def _all(clock: ChargerClock, at: datetime) -> Ended:
    plugs: list[PlugClock] = []
    stretches: list[PlugStretch] = []
    for plug in clock.plugs:
        moved, ended = _moved(clock, plug, plug, at)
        plugs.append(moved)
        stretches += ended
    return replace(clock, plugs=tuple(plugs)), stretches


def _cut(clock: ChargerClock, at: datetime) -> Ended:
    """End what is under way, so that what follows is counted elsewhere."""
    plugs: list[PlugClock] = []
    stretches: list[PlugStretch] = []
    for plug in clock.plugs:
        if plug.offline_since is not None and at - plug.offline_since <= RECONNECT:
            plugs.append(plug)
            continue
        ended = _ending(clock, plug, max(at, plug.since))
        stretches += ended
        plugs.append(_remembering(replace(plug, since=max(at, plug.since), pending=()), ended))
    return replace(clock, plugs=tuple(plugs)), stretches


def _moved(
    clock: ChargerClock, before: PlugClock, after: PlugClock, at: datetime
) -> tuple[PlugClock, list[PlugStretch]]:
    """The plug, of which ``after`` is true from ``at`` on, and what ended."""
    cause = cause_of(clock, after, online=clock.online)
    use = _use(clock, after)
    if (cause, use) == (before.cause, before.use):
        return after, []
    at = max(at, before.since)
    offline_since = before.offline_since if before.cause == OFFLINE else at
    now = replace(
        after,
        since=at,
        cause=cause,
        use=use,
        offline_since=offline_since if cause == OFFLINE else None,
        pending=(),
    )
    if before.offline_since is not None and at - before.offline_since <= RECONNECT and cause == OFFLINE:
        return replace(now, pending=(*before.pending, (before.since, at, before.use))), []
    ended = _ending(clock, after, at, was=before)
    return _remembering(now, ended), ended


def _ending(
    clock: ChargerClock, plug: PlugClock, at: datetime, was: PlugClock | None = None
) -> list[PlugStretch]:
    """The stretches up to ``at`` of a plug that is as ``was`` until then, and ``plug`` from then on."""
    before = was or plug
    cause = before.cause
    if before.offline_since is not None and at - before.offline_since <= RECONNECT:
        # A short absence was none: what is true again has gone on.
        cause = cause_of(clock, plug, online=True)
    parts = (*before.pending, (before.since, at, before.use))
    return [
        PlugStretch(plug.connector, since, until, cause, _counted(use, cause))
        for since, until, use in parts
        if since < until
    ]


def _counted(use: Engagement, cause: str) -> Engagement:
    """Of a charger that is away only what its sessions say is known."""
    return Engagement.IDLE if cause == OFFLINE and use is not Engagement.SESSION else use


def _remembering(plug: PlugClock, ended: Iterable[PlugStretch]) -> PlugClock:
    quiet = [
        (each.since, each.until) for each in ended if each.cause == OFFLINE and each.use is Engagement.IDLE
    ]
    if not quiet:
        return plug
    kept = (*plug.quiet, *quiet)
    return replace(plug, quiet=tuple(span for span in kept if span[1] > plug.since - QUIET_FOR)[-MOST_QUIET:])


def _use(clock: ChargerClock, plug: PlugClock) -> Engagement:
    if any(each.connector == plug.connector for each in clock.sessions):
        return Engagement.SESSION
    return plug.by_status
