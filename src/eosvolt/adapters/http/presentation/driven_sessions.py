"""What drivers see of their charging: their own sessions, and the starts that led to none yet."""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.driver_payments import ShownPayment, shown_payment
from eosvolt.adapters.http.presentation.explanations import command_reason
from eosvolt.application.drivers import Driver
from eosvolt.application.questions import Page
from eosvolt.projections.charger_commands import GIVEN_UP, CommandRow
from eosvolt.projections.session_row import SessionRow, SessionStatus

Phase = Literal["paying", "starting", "failed", "charging", "blocking", "over"]


class OwnSession(NamedTuple):
    """A session of the driver's, or a start that has led to none yet; ``id`` is that of either.

    ``payment``: of drivers who pay each time.
    """

    id: str
    company: int
    row: SessionRow | None
    command: CommandRow | None
    payment: ShownPayment | None = None

    @property
    def reason(self) -> str:
        """Why a start led to nothing; empty if it did, or may still do."""
        if self.row is not None or self.phase != "failed":
            return ""
        if self.command is None:
            return "" if self.payment is None else self.payment.failure
        return command_reason(self.command, gettext)

    @property
    def charger(self) -> str:
        """The charge box id of the charger."""
        if self.row is not None:
            return self.row.charge_point
        if self.command is not None:
            return self.command.charge_point.partition("/")[2]
        return "" if self.payment is None else self.payment.row.state.request.charge_point

    @property
    def plug(self) -> int | None:
        """The number of the plug, if the start named one."""
        if self.row is not None:
            return self.row.connector
        if self.command is not None:
            return self.command.payload.get("plug")
        return None if self.payment is None else self.payment.row.state.request.connector

    @property
    def phase(self) -> Phase:
        """How far it is."""
        if self.row is None:
            if self.payment is not None and self.command is None:
                return "failed" if self.payment.failure else "paying"
            return "failed" if self.command is not None and _led_nowhere(self.command) else "starting"
        if self.row.status in (SessionStatus.COMPLETED, SessionStatus.FAILED):
            return "over"
        return "blocking" if self.row.ended_at is not None else "charging"


def _led_nowhere(command: CommandRow) -> bool:
    """Whether no session follows: it was not carried out, or the charger accepted and then began none."""
    if command.state in GIVEN_UP or command.state == "rejected":
        return True
    return command.state == "accepted" and (bool(command.reason) or command.explanation is not None)


async def own_session(dependencies: Dependencies, driver: Driver, session: str) -> OwnSession | None:
    """A session of the driver's by its id, or by that of the start that led to it; ``None`` for others'."""
    queries = dependencies.queries
    own = await dependencies.drivers.customers(driver)
    for each in own:
        row = await queries.session(each.company, session)
        if row is not None and row.customer == each.customer:
            return OwnSession(row.id, each.company, row, None)
    for each in own:
        command = await queries.command(each.company, session)
        if command is None or command.by != f"driver:{driver.id}":
            continue
        row = await queries.session(each.company, command.session) if command.session else None
        return OwnSession(session if row is None else row.id, each.company, row, command)
    return await _paid_session(dependencies, driver, session)


async def _paid_session(dependencies: Dependencies, driver: Driver, session: str) -> OwnSession | None:
    """A session that the driver pays for, by its id or by that of the payment; ``None`` for others'."""
    payment = await dependencies.driver_queries.payment(driver.id, session)
    if payment is None:
        return None
    queries, company = dependencies.queries, payment.company
    row = await queries.session(company, payment.session) if payment.session else None
    command = await queries.command(company, payment.id)
    shown = shown_payment(payment, row)
    return OwnSession(payment.id if row is None else row.id, company, row, command, shown)


def next_fee_at(row: SessionRow, now: datetime) -> datetime | None:
    """When the next blocking fee is due if nobody unplugs; ``None`` without one, or if charging goes on."""
    if (
        row.tariff is None
        or row.tariff.blocking_fee is None
        or row.ended_at is None
        or row.freed_at is not None
    ):
        return None
    if row.status != SessionStatus.BLOCKING:
        return None
    fee = row.tariff.blocking_fee
    began = max((line.until for line in row.fees), default=fee.clock_from(row.ended_at))
    due = began + timedelta(minutes=fee.interval_minutes)
    return due if due > now else None


async def own_sessions(
    dependencies: Dependencies, driver: Driver, *, cursor: str | None, limit: int
) -> Page[SessionRow]:
    """A page of the driver's sessions at all companies, the newest first."""
    own = await dependencies.drivers.customers(driver)
    return await dependencies.driver_queries.sessions(own, driver.id, cursor=cursor, limit=limit)
