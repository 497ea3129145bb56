"""Which transaction a message of a charger belongs to, by what the charger's own state tells."""

from datetime import timedelta

import msgspec

from eosvolt.domain.charge_points.clocks import CLOCKS_DIFFER, true_at
from eosvolt.domain.charge_points.events import StopOrphaned, TransactionOpened
from eosvolt.domain.charge_points.reports import ConnectorStatus, MeterReport, StartReport
from eosvolt.domain.charge_points.state import Known
from eosvolt.domain.sessions.commands import NoteConnector

# A stop without its start is given to a start that comes later, if this does not make too long a session.
LONGEST_SESSION = timedelta(days=7)


def started_already(state: Known, report: StartReport) -> TransactionOpened | None:
    """The transaction that this very start opened before, whatever became of it since.

    A start whose time cannot be is the same again while the transaction is open: our time, which stands for
    it, is another each time it is sent.
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


def by_the_register(state: Known, report: StartReport) -> StartReport:
    """The start, with what the plug's register betrays of the clock that dated it.

    A register only grows: what seems to have begun before another transaction, whose register was lower,
    was dated by a clock that was set back since. It is then taken to come when it happened.
    """
    began = true_at(report.at, report.received_at, report.ahead_s)
    overtaken = any(
        transaction.opened.connector == report.connector
        and transaction.opened.meter_start_wh < report.meter_start_wh
        and transaction.began > began + CLOCKS_DIFFER
        for transaction in state.transactions
    )
    if not overtaken:
        return report
    ahead_s = int((report.at - report.received_at).total_seconds())
    return msgspec.structs.replace(report, ahead_s=ahead_s)


def waiting_stop(state: Known, report: StartReport) -> StopOrphaned | None:
    """A stop that came before this start. One that named a transaction of its own right cannot be it."""
    for orphan in state.orphans:
        fits = (
            report.at <= orphan.at <= report.at + LONGEST_SESSION
            and report.meter_start_wh <= orphan.meter_stop_wh
        )
        same_token = not orphan.token or orphan.token.upper() == report.token.upper()
        if fits and same_token and orphan.received_at <= report.received_at:
            return orphan
    return None


def already_reported(state: Known, report: StartReport) -> NoteConnector | None:
    """What we know of the plug beyond the session's beginning: reports and later cars overtake the queue."""
    began = true_at(report.at, report.received_at, report.ahead_s)
    # As the clock that dated the start would have shown it.
    wrong = report.at - began
    later = state.next_on(report.connector, began)
    if later is not None:
        gone = ConnectorStatus.AVAILABLE
        return NoteConnector(status=gone, at=later.began + wrong, received_at=report.received_at)
    plug = state.plugs.get(report.connector)
    if plug is None:
        return None
    suspended = plug.status in (ConnectorStatus.SUSPENDED_EV, ConnectorStatus.SUSPENDED_EVSE)
    at = true_at(plug.at, plug.received_at, plug.ahead_s)
    if at <= began and not suspended:
        return None
    return NoteConnector(status=plug.status, at=max(at, began) + wrong, received_at=report.received_at)


def metered_session(state: Known, report: MeterReport) -> str | None:
    """The session that readings belong to: by their transaction, or by plug and time."""
    if report.transaction is not None and report.transaction > 0:
        for transaction in reversed(state.transactions):
            if transaction.opened.transaction == report.transaction:
                return transaction.opened.session
    if report.connector == 0:
        return None
    here = state.open_on(report.connector)
    if here is None:
        return None
    read_at = true_at(report.readings[-1].at, report.received_at, report.ahead_s)
    return here.opened.session if read_at >= here.began else None


def is_foreign(state: Known, report: MeterReport) -> bool:
    """Whether the readings are of a transaction that we never opened, on a plug that has none."""
    return (
        report.transaction is not None
        and report.transaction > 0
        and report.connector > 0
        and state.open_on(report.connector) is None
        and any(reading.register_wh is not None for reading in report.readings)
    )
