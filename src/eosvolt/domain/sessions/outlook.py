"""The present state and the deadlines of a running session, derived from its timeline."""

from datetime import datetime

from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.sessions.events import SessionStarted
from eosvolt.domain.sessions.observations import CONNECTED, DISCONNECTED, GOES_ON, REBOOTED
from eosvolt.domain.sessions.state import Outlook
from eosvolt.domain.sessions.timeline import (
    GONE,
    OUT_OF_ORDER,
    PRESUMED_END_AFTER_REBOOT,
    PRESUMED_END_AFTER_UNPLUGGING,
    UNDER_WAY,
    Timeline,
    idle_instant,
    statuses,
)


def outlook(timeline: Timeline, start: SessionStarted) -> Outlook:
    """The present state and deadlines of the session that began with ``start``."""
    if not timeline:
        return Outlook()
    states = statuses(timeline, start.at)
    unplugged_at = _trailing(states, GONE)
    return Outlook(
        suspended_since=_suspended_since(states),
        idle_at=idle_instant(timeline, start.at, start.tariff.blocking_fee),
        throttled_since=_trailing(states, frozenset({ConnectorStatus.SUSPENDED_EVSE.value})),
        unplugged_at=unplugged_at,
        presume_ended_at=_presumed(timeline, unplugged_at),
        paused_for=_paused_for(timeline, states),
    )


def _trailing(states: list[tuple[datetime, str]], which: frozenset[str]) -> datetime | None:
    """Since when the plug has been in one of the states ``which``; ``None`` if it is not."""
    since: datetime | None = None
    for at, what in states:
        since = (at if since is None else since) if what in which else None
    return since


def _suspended_since(states: list[tuple[datetime, str]]) -> datetime | None:
    since: datetime | None = None
    for at, what in states:
        if what == ConnectorStatus.SUSPENDED_EV.value:
            since = at if since is None else since
        elif what not in OUT_OF_ORDER:
            since = None
    return since


def _presumed(timeline: Timeline, unplugged_at: datetime | None) -> datetime | None:
    if unplugged_at is not None:
        heard = max(
            (each.heard_at or each.at for each in timeline if each.at == unplugged_at and each.what in GONE),
            default=unplugged_at,
        )
        return max(unplugged_at, heard) + PRESUMED_END_AFTER_UNPLUGGING
    for each in reversed(timeline):
        if each.what == REBOOTED:
            return each.at + PRESUMED_END_AFTER_REBOOT
        if each.what in UNDER_WAY or each.what == GOES_ON:
            return None
    return None


def _paused_for(timeline: Timeline, states: list[tuple[datetime, str]]) -> str:
    if states and states[-1][1] in OUT_OF_ORDER:
        return states[-1][1]
    link = next(
        (each.what for each in reversed(timeline) if each.what in (CONNECTED, DISCONNECTED)), CONNECTED
    )
    return DISCONNECTED if link == DISCONNECTED else ""
