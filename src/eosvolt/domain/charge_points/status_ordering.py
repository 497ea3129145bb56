"""The order of status reports: chargers repeat them, delay them and send them out of order.

Reports are ordered by when they were true: by their timestamps, corrected by the known offset of the
charger's clock, and never later than received. After a clock was set back all reports look old; therefore the
first report of a plug on a new connection, or after a boot, is the present status whatever its timestamp is.
"""

from datetime import datetime, timedelta

from eosvolt.domain.charge_points.clocks import came_late, true_at
from eosvolt.domain.charge_points.recollection import PlugState
from eosvolt.domain.charge_points.reports import StatusReport
from eosvolt.domain.charge_points.state import Registered

# Two reports sent within this time may carry timestamps in the wrong order; the one received later is newer.
REORDERED_WITHIN = timedelta(seconds=5)
# Of a plug that repeats its status as we listen, one report in this time is kept.
REPEATED_AFTER = timedelta(minutes=5)


def holds_now(report: StatusReport, known: Registered) -> bool:
    """Whether a report is the present status of its plug, rather than an older one delivered late."""
    last = known.plugs.get(report.connector)
    if last is None or not report.timed:
        return True
    at, before = _true(report), _true(last)
    if at >= before or _first_since_it_came(report, last, known):
        return True
    return report.received_at >= last.received_at and at >= before - REORDERED_WITHIN


def changes_status(report: StatusReport, known: Registered) -> bool:
    """Whether a report is the present status of its plug and differs from the last one."""
    last = known.plugs.get(report.connector)
    return holds_now(report, known) and (last is None or not _same(report, last))


def adds_to_history(report: StatusReport, known: Registered) -> bool:
    """Whether a report that does not change the status tells what it was at a time of which we knew nothing.

    It does where the status before it was another. Of a plug that repeats its status, one report in
    ``REPEATED_AFTER`` does, and the first after a connection, a boot or a transaction's start. A late
    one always does: the status in between may be reported later still.
    """
    at, seen = _true(report), known.seen.get(report.connector, ())
    before = [each for each in seen if each.at <= at]
    if not before:
        return bool(seen)
    if any(each.at == at and each.status is report.status for each in before):
        return False
    last = before[-1]
    if last.status is not report.status or came_late(at, report.received_at):
        return True
    doubts = [known.since, known.booted_at]
    doubts += [t.began for t in known.transactions if t.opened.connector == report.connector]
    return at - last.at >= REPEATED_AFTER or any(each is not None and last.at < each <= at for each in doubts)


def clock_was_set_back(report: StatusReport, known: Registered) -> bool:
    """Whether the present status has an older timestamp than the one before it."""
    last = known.plugs.get(report.connector)
    return last is not None and report.timed and report.at < last.at - REORDERED_WITHIN


def _true(report: StatusReport | PlugState) -> datetime:
    return true_at(report.at, report.received_at, report.clock_offset_s)


def _first_since_it_came(report: StatusReport, last: PlugState, known: Registered) -> bool:
    """Whether this is the first report of the plug since the charger connected or booted.

    Chargers report all plugs then. A repetition with the same timestamp as before does not count.
    """
    came = max((at for at in (known.since, known.booted_at) if at is not None), default=None)
    return (
        came is not None
        and known.online
        and last.received_at < came <= report.received_at
        and report.at != last.at
    )


def _same(report: StatusReport, last: PlugState) -> bool:
    return (report.status, report.error_code, report.vendor_error, report.info) == (
        last.status,
        last.error_code,
        last.vendor_error,
        last.info,
    )
