"""Recognises repeated messages of a charger, however old, and the session of a transaction id.

The charger's own state has its last transactions. Older ones are found by the session's number, or by the
stream that records each start, and each stop without a session number.
"""

from eosvolt.application.charge_point_context import ChargePointContext, StartAnswer, TokenAnswer, answer_of
from eosvolt.application.executor import Application
from eosvolt.application.transaction_matching import started_already
from eosvolt.domain.charge_points.reports import StartReport, StopReport
from eosvolt.domain.charge_points.state import Registered
from eosvolt.domain.deliveries.commands import TakeDelivery
from eosvolt.domain.deliveries.decider import Taken, deliveries, start_key, stop_key, transaction_key
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.state import Blocking, Closed, start_of


class Recognition:
    """Looks up earlier messages."""

    def __init__(self, application: Application) -> None:
        """Read through ``application``."""
        self._application = application

    async def first_answer(self, context: ChargePointContext, report: StartReport) -> StartAnswer | None:
        """The earlier answer to the same start; ``None`` for a new one.

        Plug, register and time identify a start, also after the session's end. An impossible time is replaced
        by ours, which differs each time; such a start is recognised by the charger's own state only.
        """
        again = started_already(context.state, report)
        if again is not None:
            return answer_of(again)
        if not report.timed:
            return await self._answer_before_the_end(context.state, report)
        taken = await self._application.state(deliveries, _start(context.charge_point, report))
        if not isinstance(taken, Taken):
            return None
        last = taken.last
        return StartAnswer(last.transaction, TokenAnswer(last.authorization, last.group, last.expires_at))

    async def _answer_before_the_end(self, state: Registered, report: StartReport) -> StartAnswer | None:
        """The earlier answer to a start without a usable time, sent before its transaction's stop.

        A dead connection may delay a message until after the stop, which came over the next connection.
        """
        for transaction in reversed(state.transactions[-8:]):
            opened = transaction.opened
            reported = (report.connector, report.token.upper(), report.meter_start_wh)
            if (opened.connector, opened.token, opened.meter_start_wh) != reported:
                continue
            session = await self._application.state(sessions, opened.session)
            last = session.last if isinstance(session, Closed) else session
            if isinstance(last, Blocking) and report.received_at <= (last.end.stopped_at or last.end.at):
                return answer_of(opened)
        return None

    async def session_of(self, charge_point: str, state: Registered, transaction: int) -> str | None:
        """The session of a transaction id on this charger; ``None`` for an unknown id."""
        if transaction <= 0:
            return None
        for known in reversed(state.transactions):
            if known.opened.transaction == transaction:
                return known.opened.session
        start = start_of(await self._application.state(sessions, str(transaction)))
        if start is not None and start.transaction == transaction:
            place = start.place
            if (place.company, place.charge_point) == (state.company, state.charge_box_id):
                return str(transaction)
        taken = await self._application.state(deliveries, transaction_key(charge_point, transaction))
        return taken.last.session if isinstance(taken, Taken) else None

    async def stopped(self, charge_point: str, report: StopReport) -> bool:
        """Whether the same stop, which names no session of ours, was recorded before."""
        if not report.timed:
            return False
        taken = await self._application.state(deliveries, _stop(charge_point, report))
        return isinstance(taken, Taken)


def start_taken(charge_point: str, report: StartReport, answer: StartAnswer, session: str) -> CommandEnvelope:
    """The command that records a start with its answer."""
    token = answer.token
    take = TakeDelivery(
        session=session,
        transaction=answer.transaction,
        at=report.received_at,
        authorization=token.authorization,
        group=token.group,
        expires_at=token.expires_at,
    )
    return CommandEnvelope(deliveries, _start(charge_point, report), take)


def stop_taken(charge_point: str, report: StopReport, session: str) -> CommandEnvelope:
    """The command that records a stop that names no session of ours."""
    take = TakeDelivery(session=session, transaction=report.transaction, at=report.received_at)
    return CommandEnvelope(deliveries, _stop(charge_point, report), take)


def adopted(charge_point: str, transaction: int, report: StartReport, session: str) -> CommandEnvelope:
    """The command that records the session of a transaction id that the charger chose."""
    take = TakeDelivery(session=session, transaction=transaction, at=report.received_at)
    return CommandEnvelope(deliveries, transaction_key(charge_point, transaction), take)


def _start(charge_point: str, report: StartReport) -> str:
    return start_key(charge_point, report.connector, report.token, report.meter_start_wh, report.at)


def _stop(charge_point: str, report: StopReport) -> str:
    return stop_key(charge_point, report.transaction, report.meter_stop_wh, report.at)
