"""Which status reports are news: chargers repeat them, delay them and send them out of order.

What counts is when a report was true. Its own time says so, corrected by what is known of the charger's
clock, and never later than we heard it. A clock that was set back makes all that follows look old: therefore
the first report of a plug on a new connection, or after a start, holds whatever its time is.
"""

from datetime import datetime, timedelta

from eosvolt.domain.charge_points.clocks import true_at
from eosvolt.domain.charge_points.recollection import PlugState
from eosvolt.domain.charge_points.reports import StatusReport
from eosvolt.domain.charge_points.state import Known

# Chargers stamp reports when they send them; one that is only a little older can still be the newer news.
REORDERED_WITHIN = timedelta(seconds=5)
# Of a plug that repeats itself one report in so long is kept.
REPEATED_AFTER = timedelta(minutes=5)


def holds_now(report: StatusReport, known: Known) -> bool:
    """Whether a report tells how the plug is, rather than how it was before something we know."""
    last = known.plugs.get(report.connector)
    if last is None or not report.timed:
        return True
    at, before = _true(report), _true(last)
    if at >= before or _first_since_it_came(report, last, known):
        return True
    return report.received_at >= last.received_at and at >= before - REORDERED_WITHIN


def is_news(report: StatusReport, known: Known) -> bool:
    """Whether a report holds now and is not just the same again."""
    last = known.plugs.get(report.connector)
    return holds_now(report, known) and (last is None or not _same(report, last))


def is_news_of_when(report: StatusReport, known: Known) -> bool:
    """Whether a report that changes nothing says for a time what nobody knows: what held then.

    Of a plug that says the same again and again one report in ``REPEATED_AFTER`` does, and the first after a
    connection, a start or a transaction.
    """
    at, seen = _true(report), known.seen.get(report.connector, ())
    before = [each for each in seen if each.at <= at]
    if not before:
        return bool(seen)
    last = before[-1]
    if last.status is not report.status:
        return True
    doubts = [known.since, known.booted_at]
    doubts += [t.began for t in known.transactions if t.opened.connector == report.connector]
    return at - last.at >= REPEATED_AFTER or any(each is not None and last.at < each <= at for each in doubts)


def clock_was_set_back(report: StatusReport, known: Known) -> bool:
    """Whether a report that holds now is dated before what it follows."""
    last = known.plugs.get(report.connector)
    return last is not None and report.timed and report.at < last.at - REORDERED_WITHIN


def _true(report: StatusReport | PlugState) -> datetime:
    return true_at(report.at, report.received_at, report.clock_offset_s)


def _first_since_it_came(report: StatusReport, last: PlugState, known: Known) -> bool:
    """Whether nothing was heard of the plug since the charger connected or started.

    It then says how its plugs are now; a repetition of what it had said before is no such report.
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
