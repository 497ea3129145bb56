"""Matches a stop to a session: the one it names, or the only possible one."""

from datetime import timedelta

from eosvolt.application.charge_point_context import ChargePointContext
from eosvolt.application.executor import Application
from eosvolt.application.recognition import Recognition
from eosvolt.domain.charge_points.clocks import true_at
from eosvolt.domain.charge_points.reports import StopReport
from eosvolt.domain.charge_points.state import Registered, Transaction
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.state import Blocking, Charging, Closed

# Chargers report the free plug and the stop in either order, at most this far apart.
STOP_AFTER_LEAVING = timedelta(minutes=1)


class StopMatching:
    """Finds the sessions of stops."""

    def __init__(self, application: Application) -> None:
        """Read through ``application``."""
        self._application = application
        self._recognition = Recognition(application)

    async def session(self, context: ChargePointContext, report: StopReport) -> str | None:
        """The session that a stop names, or the only possible one if it names none."""
        if report.transaction > 0:
            return await self._recognition.session_of(context.charge_point, context.state, report.transaction)
        if await self.taken(context, report):
            return None
        return await self._meant(context.state, report)

    async def taken(self, context: ChargePointContext, report: StopReport) -> bool:
        """Whether the same stop, which names no session, was recorded before.

        An impossible time is replaced by ours, which differs each time, so it is not compared.
        """
        for orphan in context.state.orphans:
            reported = (report.transaction, report.meter_stop_wh or 0)
            if (orphan.transaction, orphan.meter_stop_wh) == reported and (
                orphan.at == report.at or not report.timed
            ):
                return True
        for transaction in reversed(context.state.transactions[-8:]):
            if transaction.closed == "final" and await self._ended_by(context.state, transaction, report):
                return True
        return await self._recognition.stopped(context.charge_point, report)

    async def _ended_by(self, state: Registered, transaction: Transaction, report: StopReport) -> bool:
        """Whether a session already has the end that a stop reports.

        Without a usable time the register decides, as long as no other session is on the plug.
        """
        opened = transaction.opened
        session = await self._application.state(sessions, opened.session)
        last = session.last if isinstance(session, Closed) else session
        if not isinstance(last, Blocking) or last.end.meter_stop_wh != report.meter_stop_wh:
            return False
        if report.timed:
            return last.end.stopped_at == max(report.at, last.start.at)
        same_token = not report.token or opened.token == report.token.upper()
        return same_token and all(other.opened.connector != opened.connector for other in state.open())

    async def _meant(self, state: Registered, report: StopReport) -> str | None:
        """The only possible session of a stop without a known transaction id.

        The session was open at the stop's time, and its register was lower. If no time fits, the clock may
        have been set since the start; then register, token and order of arrival decide.
        """
        for in_time in (True, False):
            for closed in ("", "provisional"):
                candidates = [
                    transaction
                    for transaction in state.transactions
                    if transaction.closed == closed and await self._fits(transaction, report, in_time=in_time)
                ]
                if len(candidates) == 1:
                    return candidates[0].opened.session
                if candidates:
                    return None
        return None

    async def _fits(self, transaction: Transaction, report: StopReport, *, in_time: bool) -> bool:
        opened, register_wh = transaction.opened, report.meter_stop_wh
        if report.token and opened.token not in {"", report.token.upper()}:
            return False
        if register_wh is not None and opened.meter_start_wh > register_wh:
            return False
        session = await self._application.state(sessions, opened.session)
        if not in_time:
            return (
                isinstance(session, Charging)
                and session.start.received_at <= report.received_at
                and (register_wh is None or session.meter.last_wh <= register_wh)
            )
        if transaction.began > true_at(report.at, report.received_at, report.clock_offset_s):
            return False
        left_at = session.unplugged_at if isinstance(session, Charging) else None
        return left_at is None or report.at <= left_at + STOP_AFTER_LEAVING
