"""Finds the transaction that a message of a charger belongs to, in the charger's own state."""

from datetime import datetime, timedelta

import msgspec

from eosvolt.domain.charge_points.clocks import CLOCKS_DIFFER, true_at
from eosvolt.domain.charge_points.events import StopOrphaned, TransactionOpened
from eosvolt.domain.charge_points.recollection import PlugSeen, away_since
from eosvolt.domain.charge_points.reports import ConnectorStatus, MeterReport, Reading, StartReport
from eosvolt.domain.charge_points.state import Registered
from eosvolt.domain.sessions.observations import CONNECTED, DISCONNECTED, FOLLOWED, Observation
from eosvolt.domain.sessions.timeline import GONE, SAME_SECOND, SUSPENDED, SUSPENDED_BEFORE

UNDER_WAY = (ConnectorStatus.CHARGING, ConnectorStatus.SUSPENDED_EV, ConnectorStatus.SUSPENDED_EVSE)
# A stop whose start is missing is matched to a later start unless the session would be longer than this.
LONGEST_SESSION = timedelta(days=7)


def started_already(state: Registered, report: StartReport) -> TransactionOpened | None:
    """The transaction that the same start opened before, open or closed.

    A start with an impossible time counts as the same while the transaction is open, because our time, which
    replaces it, differs each time.
    """
    for transaction in reversed(state.transactions):
        opened = transaction.opened
        same = (opened.connector, opened.token, opened.meter_start_wh) == (
            report.connector,
            report.token.upper(),
            report.meter_start_wh,
        )
        if same and (opened.at == report.at or not (report.timed or transaction.closed)):
            return opened
    return None


def by_the_register(state: Registered, report: StartReport) -> StartReport:
    """The start, with its clock offset corrected if the plug's register contradicts its time.

    A register only grows. A start dated before another transaction with a lower register was dated by a clock
    that was set back; then its time of receipt counts.
    """
    began = true_at(report.at, report.received_at, report.clock_offset_s)
    overtaken = report.metered and any(
        transaction.opened.metered
        and transaction.opened.connector == report.connector
        and transaction.opened.meter_start_wh < report.meter_start_wh
        and transaction.began > began + CLOCKS_DIFFER
        for transaction in state.transactions
    )
    if not overtaken:
        return report
    clock_offset_s = int((report.at - report.received_at).total_seconds())
    return msgspec.structs.replace(report, clock_offset_s=clock_offset_s)


def waiting_stop(state: Registered, report: StartReport) -> StopOrphaned | None:
    """The stop that came before this start, if any; not one that names another transaction."""
    for orphan in state.orphans:
        fits = (
            report.at <= orphan.at <= report.at + LONGEST_SESSION
            and report.meter_start_wh <= orphan.meter_stop_wh
        )
        same_token = orphan.token.upper() in {"", report.token.upper()} or not report.token
        if fits and same_token and orphan.received_at <= report.received_at:
            return orphan
    return None


def recalled(state: Registered, report: StartReport) -> tuple[Observation, ...]:
    """The known observations of the plug from the session's start on, by our clock.

    A queued start arrives after status reports, later sessions and lost connections. A free plug within a
    second of a start without fractions of a second, or without a time, was free before the car came.
    """
    began = true_at(report.at, report.received_at, report.clock_offset_s)
    found: list[Observation] = []
    for since, until in away_since(state.links, began):
        found.append(Observation(since, DISCONNECTED))
        if until is not None:
            found.append(Observation(until, CONNECTED))
    later = state.next_on(report.connector, began)
    in_force: PlugSeen | None = None
    for seen in state.seen.get(report.connector, ()):
        if seen.at <= began:
            in_force = seen
        elif later is not None and seen.at >= later.began:
            break
        elif not _came_with(seen, report, began):
            found.append(Observation(seen.at, seen.status.value, seen.received_at))
    if in_force is not None and _of_this_car(state, report.connector, in_force, began):
        found.append(Observation(began, in_force.status.value, in_force.received_at))
    if later is not None:
        found.append(Observation(later.began, FOLLOWED, report.received_at))
    return tuple(found)


def _of_this_car(state: Registered, connector: int, seen: PlugSeen, began: datetime) -> bool:
    """Whether a suspension at the session's start belongs to its car.

    If the plug was not free in between, it belongs to the previous car.
    """
    if seen.status.value not in SUSPENDED or seen.at < began - SUSPENDED_BEFORE:
        return False
    before = state.previous_on(connector, began)
    if before is None or before.began > seen.at:
        return True
    return any(
        before.began < each.at <= seen.at and each.status.value in GONE
        for each in state.seen.get(connector, ())
    )


def _came_with(seen: PlugSeen, report: StartReport, began: datetime) -> bool:
    """Whether a free plug that is dated after the start was free before it."""
    if seen.status.value not in GONE or seen.received_at > report.received_at:
        return False
    return seen.at < began + SAME_SECOND or (not seen.timed and seen.at <= began + CLOCKS_DIFFER)


def on_its_plug(state: Registered, report: StartReport) -> StartReport:
    """The start, with the charger's only plug if it names none."""
    numbers = [number for number in state.numbers() if number > 0]
    if report.connector > 0 or len(numbers) != 1:
        return report
    return msgspec.structs.replace(report, connector=numbers[0])


def earlier_readings(state: Registered, report: MeterReport) -> tuple[Reading, ...]:
    """The plug's readings of this transaction from before it had a session; empty without an id."""
    first = report.readings[0].at
    return tuple(
        reading
        for kept in state.unassigned
        if kept.connector == report.connector and kept.transaction == report.transaction
        for reading in kept.readings
        if reading.at < first
    )


def is_foreign(state: Registered, report: MeterReport) -> bool:
    """Whether the readings are of a running transaction that we never opened, on a plug without one.

    The id of a past transaction does not count: the plug is free, or no energy flows.
    """
    if report.transaction is None or report.transaction <= 0 or report.connector <= 0:
        return False
    if state.open_on(report.connector) is not None:
        return False
    registers = [
        reading.register_wh
        for reading in (*earlier_readings(state, report), *report.readings)
        if reading.register_wh is not None
    ]
    if not registers:
        return False
    plug = state.plugs.get(report.connector)
    taken = plug is not None and plug.status in UNDER_WAY
    flows = any((reading.power_w or 0) > 0 or (reading.current_a or 0) > 0 for reading in report.readings)
    return taken or flows or max(registers) > min(registers)
