"""Matches readings to sessions: by transaction id with plug and register, or by plug and time."""

from eosvolt.application.executor import Application
from eosvolt.application.recognition import Recognition
from eosvolt.application.transaction_matching import is_foreign
from eosvolt.domain.charge_points.clocks import true_at
from eosvolt.domain.charge_points.reports import MeterReport
from eosvolt.domain.charge_points.state import Registered, Transaction
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.state import Charging, Session, start_of

# By how many Wh a register may fall when a session begins or ends.
SETTLING_WH = 50


class ReadingsMatching:
    """Finds the sessions of readings."""

    def __init__(self, application: Application) -> None:
        """Read through ``application``."""
        self._application = application
        self._recognition = Recognition(application)

    async def session(self, charge_point: str, state: Registered, report: MeterReport) -> str | None:
        """The session that readings belong to, or ``None``.

        The transaction id alone does not decide: chargers send it with another plug's samples, and after the
        transaction's end. The plug of the samples, and whether its session is still running, count more.
        """
        here = self._open_then(state, report)
        if report.transaction is None or report.transaction <= 0:
            return None if here is None else here.opened.session
        # The common case: the id is that of the plug's open transaction.
        if here is not None and here.opened.transaction == report.transaction:
            return here.opened.session
        named = await self._recognition.session_of(charge_point, state, report.transaction)
        if named is None:
            return None if here is None else here.opened.session
        session = await self._application.state(sessions, named)
        start = start_of(session)
        elsewhere = report.connector > 0 and start is not None and start.place.connector != report.connector
        if not elsewhere:
            return named if here is None or not self._is_over(state, named) else here.opened.session
        if here is not None:
            return here.opened.session
        return named if _goes_on(session, report) else None

    async def foreign(self, charge_point: str, state: Registered, report: MeterReport) -> bool:
        """Whether readings without a session belong to a transaction whose start never arrived."""
        if not is_foreign(state, report):
            return False
        return await self._recognition.session_of(charge_point, state, report.transaction or 0) is None

    def _open_then(self, state: Registered, report: MeterReport) -> Transaction | None:
        """The plug's open transaction, unless it began after the readings."""
        here = state.open_on(report.connector) if report.connector > 0 else None
        if here is None:
            return None
        read_at = true_at(report.readings[-1].at, report.received_at, report.clock_offset_s)
        return here if read_at >= here.began else None

    def _is_over(self, state: Registered, session: str) -> bool:
        """Whether the charger reported the end of a session."""
        return not any(t.opened.session == session and t.closed != "final" for t in state.transactions)


def _goes_on(session: Session, report: MeterReport) -> bool:
    """Whether the registers continue those of a session."""
    if not isinstance(session, Charging):
        return False
    registers = [each.register_wh for each in report.readings if each.register_wh is not None]
    reach_wh = session.meter.last_wh + (session.start.max_power_w or 400_000)
    return all(session.meter.last_wh - SETTLING_WH <= register <= reach_wh for register in registers)
