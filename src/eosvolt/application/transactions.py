"""Which session a message belongs to.

Starts that are repeated, stops that come first, ids that nobody issued.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from eosvolt.application.execution import Application, Plan
from eosvolt.application.ports import Clock, Numbers
from eosvolt.domain.charge_points.commands import CloseTransaction, KeepReadings, KeepStop, OpenTransaction
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import StopOrphaned, TransactionOpened
from eosvolt.domain.charge_points.reports import ConnectorStatus, MeterReport, StartReport, StopReport
from eosvolt.domain.charge_points.state import ChargePoint, Known
from eosvolt.domain.kernel import Order, Provenance, Rejected
from eosvolt.domain.locations.commands import SettleCurrency
from eosvolt.domain.locations.decider import Location, locations
from eosvolt.domain.reactions.session_end import after_charging
from eosvolt.domain.sessions.commands import (
    EndCharging,
    FreeConnector,
    KeepOrphanStop,
    MeterEnergy,
    NoteConnector,
    StartSession,
)
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import Place
from eosvolt.domain.sessions.state import Blocking, Charging, Closed
from eosvolt.domain.tokens.commands import ReleaseToken, UseToken
from eosvolt.domain.tokens.decider import Token, TokenState, authorization, tokens
from eosvolt.domain.tokens.events import Authorization

# A stop without its start is given to a start that comes later, if this does not make too long a session.
LONGEST_SESSION = timedelta(days=7)
# Chargers say that a plug is free and that its session stopped in either order, at nearly the same time.
STOP_AFTER_LEAVING = timedelta(minutes=1)


class TokenAnswer(msgspec.Struct, frozen=True):
    """What the charger is told about a token."""

    authorization: Authorization
    group: str = ""
    expires_at: datetime | None = None


class StartAnswer(msgspec.Struct, frozen=True):
    """What the charger is told about a start."""

    transaction: int
    token: TokenAnswer


class _Site(NamedTuple):
    """A charger with its location."""

    charge_point: str
    state: Known
    location: Location

    def place(self, connector: int) -> Place:
        return Place(
            company=self.state.company,
            location=self.state.location,
            charge_point=self.state.charge_box_id,
            connector=connector,
            time_zone=self.location.tariff.time_zone,
        )


def known(state: ChargePoint) -> Known | None:
    """The charger, unless it is unknown or was removed."""
    return state if isinstance(state, Known) and not state.removed else None


class Transactions:
    """Carries out what concerns transactions. See ``Charging`` for what it promises."""

    def __init__(self, application: Application, numbers: Numbers, clock: Clock) -> None:
        """Work on ``application``; new sessions get their number from ``numbers``."""
        self._application = application
        self._numbers = numbers
        self._clock = clock

    async def authorization(self, charge_point: str, token: str) -> TokenAnswer:
        """Whether a token may charge at a charger's location now, whatever else it is charging."""
        site = await self._site(charge_point)
        state = await self._token(site, token)
        answer = authorization(state, self._clock.now())
        return _answer(
            state, site, token, Authorization.ACCEPTED if answer is Authorization.CONCURRENT else answer
        )

    async def start(self, charge_point: str, report: StartReport, why: Provenance) -> StartAnswer:
        """Open a session, or give the first answer again."""
        given: list[int] = []

        async def plan() -> Plan[StartAnswer]:
            site = await self._site(charge_point)
            again = _started_already(site.state, report)
            if again is not None:
                return Plan((), _answer_of(again))
            orphan = _waiting_stop(site.state, report)
            if orphan is None and not given:
                given.append(await self._numbers.next_session())
            number = given[0] if orphan is None else int(orphan.session)
            token = await self._token(site, report.token)
            may = authorization(token, max(report.at, report.received_at), str(number))
            answer = StartAnswer(number, _answer(token, site, report.token, may))
            orders = await self._superseded(site, report)
            orders += _opening(site, report, number, answer.token, late=orphan is not None)
            if isinstance(token, Token) and orphan is None:
                orders.append(
                    Order(tokens, _key(site, report.token), UseToken(session=str(number), at=report.at))
                )
            if orphan is not None:
                orders.append(
                    Order(charge_points, charge_point, CloseTransaction(session=str(number), at=orphan.at))
                )
            return Plan(orders, answer)

        return await self._application.perform(plan, why)

    async def meter(self, charge_point: str, report: MeterReport, why: Provenance) -> None:
        """Give the readings to the session they belong to, or keep them without one."""
        given: list[int] = []

        async def plan() -> Plan[None]:
            state = known(await self._application.state(charge_points, charge_point))
            if state is None or not report.readings:
                return Plan((), None)
            session = _metered_session(state, report)
            if session is not None:
                metered = MeterEnergy(received_at=report.received_at, readings=report.readings)
                return Plan((Order(sessions, session, metered),), None)
            if _is_foreign(state, report):
                if not given:
                    given.append(await self._numbers.next_session())
                return Plan(await self._adopted(charge_point, report, given[0]), None)
            return Plan((Order(charge_points, charge_point, KeepReadings(report=report)),), None)

        await self._application.perform(plan, why)

    async def stop(self, charge_point: str, report: StopReport, why: Provenance) -> TokenAnswer | None:
        """End the session the stop belongs to, or keep the stop for a start that is still to come."""
        given: list[int] = []

        async def plan() -> Plan[TokenAnswer | None]:
            site = await self._site(charge_point)
            answer: TokenAnswer | None = None
            if report.token:
                token = await self._token(site, report.token)
                may = authorization(token, max(report.at, report.received_at))
                lenient = Authorization.ACCEPTED if may is Authorization.CONCURRENT else may
                answer = _answer(token, site, report.token, lenient)
            session = await self._stopped_session(site, report)
            if session is not None:
                return Plan(await self._ending(charge_point, session, report), answer)
            if await self._stopped_already(site.state, report):
                return Plan((), answer)
            if not given:
                given.append(await self._numbers.next_session())
            return Plan(_kept(site, report, given[0]), answer)

        return await self._application.perform(plan, why)

    async def _site(self, charge_point: str) -> _Site:
        state = known(await self._application.state(charge_points, charge_point))
        if state is None:
            raise Rejected(f"There is no charger {charge_point.partition('/')[2]}.")
        location = await self._application.state(locations, state.location)
        if not isinstance(location, Location):
            raise Rejected(f"The charger {state.charge_box_id} has no location.")
        return _Site(charge_point, state, location)

    async def _token(self, site: _Site, token: str) -> TokenState:
        return await self._application.state(tokens, _key(site, token))

    async def _superseded(self, site: _Site, report: StartReport) -> list[Order]:
        """A plug has one car at a time: an older session still open on it is over."""
        orders: list[Order] = []
        for transaction in site.state.open():
            opened = transaction.opened
            if opened.connector != report.connector or opened.at > report.at:
                continue
            session = await self._application.state(sessions, opened.session)
            if not isinstance(session, Charging):
                continue
            end = EndCharging(
                at=report.at,
                received_at=report.received_at,
                reason="Superseded",
                meter_stop_wh=None if session.meter.sampled else report.meter_start_wh,
                provisional=True,
            )
            orders.append(Order(sessions, opened.session, end))
            orders += after_charging(session.start, sessions.decide(end, session), self._clock.now())
            orders.append(Order(sessions, opened.session, FreeConnector(at=report.at)))
        latest = site.state.latest_on(report.connector)
        if latest is not None and latest.closed and latest.opened.at <= report.at:
            # The plug's report that it was free got lost; a new car says as much.
            orders.append(Order(sessions, latest.opened.session, FreeConnector(at=report.at)))
        return orders

    async def _adopted(self, charge_point: str, report: MeterReport, number: int) -> list[Order]:
        """A transaction that the charger began with somebody else, or that we lost.

        It is a session all the same.
        """
        site = await self._site(charge_point)
        first = report.readings[0]
        begun = StartReport(
            connector=report.connector,
            token="",
            at=first.at,
            received_at=report.received_at,
            meter_start_wh=first.register_wh or 0,
        )
        nobody = TokenAnswer(Authorization.INVALID)
        return [
            *_opening(site, begun, number, nobody, transaction=report.transaction, flags=("adopted",)),
            Order(
                sessions, str(number), MeterEnergy(received_at=report.received_at, readings=report.readings)
            ),
        ]

    async def _stopped_session(self, site: _Site, report: StopReport) -> str | None:
        """The session that a stop names, or the only one it can mean where it names none."""
        state = site.state
        for transaction in reversed(state.transactions):
            if transaction.opened.transaction == report.transaction:
                return transaction.opened.session
        if report.transaction > 0:
            past = await self._application.state(sessions, str(report.transaction))
            if isinstance(past, Charging | Blocking | Closed):
                start = past.last.start if isinstance(past, Closed) else past.start
                if (start.place.company, start.place.charge_point) == (state.company, state.charge_box_id):
                    return str(report.transaction)
            return None
        if await self._stopped_already(state, report):
            return None
        return await self._meant(state, report)

    async def _meant(self, state: Known, report: StopReport) -> str | None:
        """The one session that a stop without a proper id can mean.

        Its car was there, and its register was lower.
        """
        for closed in ("", "provisional"):
            candidates = [
                t for t in state.transactions if t.closed == closed and await self._fits(t.opened, report)
            ]
            if len(candidates) == 1:
                return candidates[0].opened.session
            if candidates:
                return None
        return None

    async def _fits(self, opened: TransactionOpened, report: StopReport) -> bool:
        if report.token and opened.token != report.token.upper():
            return False
        if opened.at > report.at or opened.meter_start_wh > report.meter_stop_wh:
            return False
        session = await self._application.state(sessions, opened.session)
        left_at = session.unplugged_at if isinstance(session, Charging) else None
        return left_at is None or report.at <= left_at + STOP_AFTER_LEAVING

    async def _stopped_already(self, state: Known, report: StopReport) -> bool:
        """Whether this very stop was taken before."""
        for orphan in state.orphans:
            if (orphan.transaction, orphan.at, orphan.meter_stop_wh) == (
                report.transaction,
                report.at,
                report.meter_stop_wh,
            ):
                return True
        for transaction in reversed(state.transactions[-8:]):
            if transaction.closed != "final":
                continue
            session = await self._application.state(sessions, transaction.opened.session)
            last = session.last if isinstance(session, Closed) else session
            if isinstance(last, Blocking) and (last.end.meter_stop_wh, last.end.stopped_at) == (
                report.meter_stop_wh,
                max(report.at, last.start.at),
            ):
                return True
        return False

    async def _ending(self, charge_point: str, session: str, report: StopReport) -> list[Order]:
        end = EndCharging(
            at=report.at,
            received_at=report.received_at,
            reason=report.reason,
            meter_stop_wh=report.meter_stop_wh,
            readings=report.readings,
        )
        orders = [Order(sessions, session, end)]
        state = await self._application.state(sessions, session)
        if isinstance(state, Charging | Blocking | Closed):
            start = state.last.start if isinstance(state, Closed) else state.start
            orders.append(Order(charge_points, charge_point, CloseTransaction(session=session, at=report.at)))
            if start.token:
                key = f"{start.place.company}/{start.token}"
                orders.append(Order(tokens, key, ReleaseToken(session=session, at=report.at)))
        return orders


def _key(site: _Site, token: str) -> str:
    return f"{site.state.company}/{token.upper()}"


def _answer(token: TokenState, site: _Site, uid: str, may: Authorization) -> TokenAnswer:
    if not isinstance(token, Token):
        return TokenAnswer(may)
    if may is Authorization.ACCEPTED and not site.location.admits(uid, token.group):
        may = Authorization.INVALID
    return TokenAnswer(may, token.group, token.expires_at)


def _answer_of(opened: TransactionOpened) -> StartAnswer:
    return StartAnswer(opened.transaction, TokenAnswer(opened.authorization, opened.group, opened.expires_at))


def _started_already(state: Known, report: StartReport) -> TransactionOpened | None:
    for transaction in reversed(state.transactions):
        opened = transaction.opened
        if (opened.connector, opened.token, opened.at, opened.meter_start_wh) == (
            report.connector,
            report.token.upper(),
            report.at,
            report.meter_start_wh,
        ):
            return opened
    return None


def _waiting_stop(state: Known, report: StartReport) -> StopOrphaned | None:
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


def _opening(
    site: _Site,
    report: StartReport,
    number: int,
    answer: TokenAnswer,
    *,
    transaction: int | None = None,
    flags: tuple[str, ...] = (),
    late: bool = False,
) -> list[Order]:
    state, token = site.state, report.token.upper()
    remote = next(
        (
            awaited.command
            for awaited in state.awaited
            if awaited.token == token
            and awaited.connector in (0, report.connector)
            and report.received_at <= awaited.until
        ),
        "",
    )
    issued = number if transaction is None else transaction
    begin = StartSession(
        number=number,
        place=site.place(report.connector),
        token=token,
        at=report.at,
        received_at=report.received_at,
        meter_start_wh=report.meter_start_wh,
        transaction=issued,
        tariff=site.location.tariff,
        max_power_w=state.max_power_w(report.connector),
        authorization=answer.authorization,
        group=answer.group,
        remote_command=remote,
        flags=(*flags, "lateStart") if late else flags,
    )
    opening = OpenTransaction(
        session=str(number),
        transaction=issued,
        connector=report.connector,
        token=token,
        at=report.at,
        meter_start_wh=report.meter_start_wh,
        authorization=answer.authorization,
        group=answer.group,
        expires_at=answer.expires_at,
    )
    orders = [Order(charge_points, site.charge_point, opening), Order(sessions, str(number), begin)]
    if not site.location.settled:
        orders.append(Order(locations, state.location, SettleCurrency(at=report.at)))
    note = _already_reported(state, report)
    if note is not None:
        orders.append(Order(sessions, str(number), note))
    return orders


def _already_reported(state: Known, report: StartReport) -> NoteConnector | None:
    """What we know of the plug beyond the session's beginning: reports and later cars overtake the queue."""
    later = state.next_on(report.connector, report.at)
    if later is not None:
        gone = ConnectorStatus.AVAILABLE
        return NoteConnector(status=gone, at=later.opened.at, received_at=report.received_at)
    plug = state.plugs.get(report.connector)
    if plug is None:
        return None
    suspended = plug.status in (ConnectorStatus.SUSPENDED_EV, ConnectorStatus.SUSPENDED_EVSE)
    if plug.at <= report.at and not suspended:
        return None
    return NoteConnector(status=plug.status, at=max(plug.at, report.at), received_at=report.received_at)


def _metered_session(state: Known, report: MeterReport) -> str | None:
    if report.transaction is not None and report.transaction > 0:
        for transaction in reversed(state.transactions):
            if transaction.opened.transaction == report.transaction:
                return transaction.opened.session
    if report.connector == 0:
        return None
    here = state.open_on(report.connector)
    return here.opened.session if here is not None and report.readings[-1].at >= here.opened.at else None


def _is_foreign(state: Known, report: MeterReport) -> bool:
    """Whether the readings are of a transaction that we never opened, on a plug that has none."""
    return (
        report.transaction is not None
        and report.transaction > 0
        and report.connector > 0
        and state.open_on(report.connector) is None
        and any(reading.register_wh is not None for reading in report.readings)
    )


def _kept(site: _Site, report: StopReport, number: int) -> list[Order]:
    keep = KeepOrphanStop(
        number=number,
        company=site.state.company,
        location=site.state.location,
        charge_point=site.state.charge_box_id,
        time_zone=site.location.tariff.time_zone,
        currency=site.location.tariff.currency,
        transaction=report.transaction,
        token=report.token.upper(),
        at=report.at,
        received_at=report.received_at,
        meter_stop_wh=report.meter_stop_wh,
        reason=report.reason,
    )
    return [
        Order(charge_points, site.charge_point, KeepStop(session=str(number), report=report)),
        Order(sessions, str(number), keep),
    ]
