"""Which status reports are news: chargers repeat them, delay them and send them out of order."""

from datetime import timedelta

from eosvolt.domain.charge_points.reports import StatusReport
from eosvolt.domain.charge_points.state import Known, PlugState

# Chargers stamp reports when they send them; one that is only a little older can still be the newer news.
REORDERED_WITHIN = timedelta(seconds=5)


def holds_now(report: StatusReport, known: Known) -> bool:
    """Whether a report tells how the plug is, rather than how it was before something we know."""
    last = known.plugs.get(report.connector)
    if last is None:
        return True
    newer = report.at >= last.at or not report.timed
    return newer or (report.received_at >= last.received_at and report.at >= last.at - REORDERED_WITHIN)


def is_news(report: StatusReport, known: Known) -> bool:
    """Whether a report holds now and is not just the same again."""
    last = known.plugs.get(report.connector)
    return holds_now(report, known) and (last is None or not _same(report, last))


def _same(report: StatusReport, last: PlugState) -> bool:
    return (report.status, report.error_code, report.vendor_error, report.info) == (
        last.status,
        last.error_code,
        last.vendor_error,
        last.info,
    )
