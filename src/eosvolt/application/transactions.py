"""The use cases of transactions: repeated starts, stops that come first, ids that were not issued here."""

from datetime import datetime

from eosvolt.application.booked_prices import booked_terms
from eosvolt.application.booked_starts import booked_start
from eosvolt.application.charge_point_context import (
    ChargePointContext,
    StartAnswer,
    StartVerdict,
    TokenAnswer,
    answer_to_start,
    answer_to_stop,
    token_key,
    verdict_at_start,
)
from eosvolt.application.executor import Application, Plan
from eosvolt.application.memberships import Membership, membership
from eosvolt.application.ports import Clock, Numbers
from eosvolt.application.readings_matching import ReadingsMatching
from eosvolt.application.recognition import Recognition, adopted, start_taken, stop_taken
from eosvolt.application.refused_starts import refused_start
from eosvolt.application.start_transaction import start_transaction
from eosvolt.application.stop_matching import StopMatching
from eosvolt.application.transaction_matching import (
    by_the_register,
    earlier_readings,
    on_its_plug,
    waiting_stop,
)
from eosvolt.domain.bookings.starts import BookedStart
from eosvolt.domain.charge_points.clocks import came_late, true_at
from eosvolt.domain.charge_points.commands import KeepReadings, KeepStop
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.descriptions import Description
from eosvolt.domain.charge_points.reports import MeterReport, StartReport, StopReport
from eosvolt.domain.charge_points.state import known
from eosvolt.domain.kernel import CommandEnvelope, Provenance, Rejected
from eosvolt.domain.locations.decider import Location, locations
from eosvolt.domain.reactions.faults_power import after_stop
from eosvolt.domain.sessions.commands import (
    EndCharging,
    FreeConnector,
    MeterEnergy,
)
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import SessionStarted
from eosvolt.domain.sessions.state import Charging, start_of
from eosvolt.domain.tokens.decider import Token, TokenState, as_of, authorization, tokens
from eosvolt.domain.tokens.events import Authorization


class Transactions:
    """Starts, readings and stops. All methods are idempotent, see ``ChargingService``."""

    def __init__(self, application: Application, numbers: Numbers, clock: Clock) -> None:
        """Work on ``application``; new sessions get their number from ``numbers``."""
        self._application = application
        self._numbers = numbers
        self._clock = clock
        self._recognition = Recognition(application)
        self._stops = StopMatching(application)
        self._readings = ReadingsMatching(application)

    async def authorization(self, charge_point: str, token: str, why: Provenance) -> TokenAnswer:
        """Whether a token may charge at a charger's location now, regardless of its other transactions.

        A token whose session runs on the charger, or whose group's does, may stop it whatever the location's
        rules are. A refusal is recorded with its reason.
        """

        async def plan() -> Plan[TokenAnswer]:
            context = await self._context(charge_point)
            state, now = await self._token(context, token), self._clock.now()
            may = authorization(state, now)
            may = Authorization.ACCEPTED if may is Authorization.CONCURRENT else may
            if isinstance(state, Token) and context.charges(token, state.group):
                return Plan((), TokenAnswer(may, state.group, state.expires_at))
            who = await self._member(context, token, state)
            booked = await self._booked(context, who, 0, now)
            verdict = answer_to_start(state, context, who.bearer, may, now, booked=booked)
            return Plan(refused_start(context, token, verdict, now), verdict.answer)

        return await self._application.perform(plan, why)

    async def start(self, charge_point: str, received: StartReport, why: Provenance) -> StartAnswer:
        """Open a session; a repeated start gets the first answer again."""
        given: list[int] = []

        async def plan() -> Plan[StartAnswer]:
            context = await self._context(charge_point)
            start = on_its_plug(context.state, received)
            again = await self._recognition.first_answer(context, start)
            if again is not None:
                return Plan((), again)
            report = by_the_register(context.state, start)
            began = true_at(report.at, report.received_at, report.clock_offset_s)
            context = await self._context(charge_point, began)
            orphan = waiting_stop(context.state, report)
            if orphan is None and not given:
                given.append(await self._numbers.next_session())
            number = given[0] if orphan is None else int(orphan.session)
            token = await self._token(context, report.token)
            envelopes = await self._superseded(context, report)
            ended = {each.key for each in envelopes}
            may = authorization(token, max(report.at, report.received_at), str(number), ended=ended)
            who = await self._member(context, report.token, token)
            booked = await self._booked(context, who, report.connector, began)
            verdict = answer_to_start(token, context, who.bearer, may, began, booked=booked)
            answer = StartAnswer(number, verdict.answer)
            late = came_late(began, report.received_at)
            then = None
            if late:
                token = as_of(token, began)
                who = await self._member(context, report.token, token, began)
                booked = await self._booked(context, who, report.connector, began)
                then = verdict_at_start(token, context, who.bearer, began, {str(number), *ended}, booked)
            judged = verdict if then is None else then
            booking = judged.booked.booking
            terms = await booked_terms(self._application, booking, str(number), report.received_at)
            envelopes += start_transaction(
                context,
                report,
                number,
                verdict,
                then=then,
                member=who,
                late=orphan is not None,
                terms=terms,
            )
            envelopes.append(start_taken(charge_point, start, answer, str(number)))
            envelopes += refused_start(context, report.token, judged, began, report.connector, number)
            return Plan(envelopes, answer)

        return await self._application.perform(plan, why)

    async def meter(self, charge_point: str, report: MeterReport, why: Provenance) -> None:
        """Record readings in their session, or without one if there is none."""
        given: list[int] = []

        async def plan() -> Plan[None]:
            state = known(await self._application.state(charge_points, charge_point))
            if state is None or not report.readings:
                return Plan((), None)
            session = await self._readings.session(charge_point, state, report)
            if session is not None:
                metered = MeterEnergy(
                    received_at=report.received_at,
                    readings=report.readings,
                    clock_offset_s=report.clock_offset_s,
                    timed=report.timed,
                    transaction=report.transaction,
                )
                return Plan((CommandEnvelope(sessions, session, metered),), None)
            if await self._readings.foreign(charge_point, state, report):
                if not given:
                    given.append(await self._numbers.next_session())
                return Plan(await self._adopted(charge_point, report, given[0]), None)
            return Plan((CommandEnvelope(charge_points, charge_point, KeepReadings(report=report)),), None)

        await self._application.perform(plan, why)

    async def stop(self, charge_point: str, report: StopReport, why: Provenance) -> TokenAnswer | None:
        """End the session of the stop, or keep the stop for a start that is still to come."""
        given: list[int] = []

        async def plan() -> Plan[TokenAnswer | None]:
            context = await self._context(charge_point)
            answer: TokenAnswer | None = None
            if report.token:
                token = await self._token(context, report.token)
                may = authorization(token, max(report.at, report.received_at))
                lenient = Authorization.ACCEPTED if may is Authorization.CONCURRENT else may
                who = await self._member(context, report.token, token)
                answer = answer_to_stop(token, context, who.bearer, lenient)
            session = await self._stops.session(context, report)
            if session is not None:
                envelopes = await self._ending(context, session, report)
                if report.transaction <= 0 and report.timed:
                    envelopes.append(stop_taken(charge_point, report, session))
                return Plan(envelopes, answer)
            if await self._stops.taken(context, report):
                return Plan((), answer)
            if not given:
                given.append(await self._numbers.next_session())
            keep = KeepStop(session=str(given[0]), report=report)
            envelopes = [CommandEnvelope(charge_points, charge_point, keep)]
            if report.timed:
                envelopes.append(stop_taken(charge_point, report, str(given[0])))
            return Plan(envelopes, answer)

        return await self._application.perform(plan, why)

    async def _context(self, charge_point: str, at: datetime | None = None) -> ChargePointContext:
        """The charger with its location now or, by our clock, at an instant."""
        state = known(await self._application.state(charge_points, charge_point))
        if state is None:
            raise Rejected(f"There is no charger {charge_point.partition('/')[2]}.")
        present = Description(state.location, state.connectors)
        described = present if at is None else state.described_at(at)
        location = await self._application.state(locations, described.location)
        if not isinstance(location, Location):
            raise Rejected(f"The charger {state.charge_box_id} has no location.")
        return ChargePointContext(charge_point, state, described, location)

    async def _token(self, context: ChargePointContext, token: str) -> TokenState:
        return await self._application.state(tokens, token_key(context, token))

    async def _member(
        self, context: ChargePointContext, uid: str, token: TokenState, at: datetime | None = None
    ) -> Membership:
        return await membership(self._application, context.state.company, uid, token, at)

    async def _booked(
        self, context: ChargePointContext, who: Membership, connector: int, at: datetime
    ) -> BookedStart:
        """What bookings say of a start on a plug, or on whichever plug (0)."""
        return await booked_start(
            self._application, context.state, context.location, connector, who.bearer, at
        )

    async def _superseded(self, context: ChargePointContext, report: StartReport) -> list[CommandEnvelope]:
        """End the older session that is still open on the plug: a plug has one car at a time."""
        envelopes: list[CommandEnvelope] = []
        began = true_at(report.at, report.received_at, report.clock_offset_s)
        for transaction in context.state.open():
            opened = transaction.opened
            if opened.connector != report.connector or transaction.began > began:
                continue
            session = await self._application.state(sessions, opened.session)
            if not isinstance(session, Charging):
                continue
            proves = report.metered and not session.meter.sampled
            end = EndCharging(
                at=report.at,
                received_at=report.received_at,
                reason="Superseded",
                meter_stop_wh=report.meter_start_wh if proves else None,
                provisional=True,
                clock_offset_s=report.clock_offset_s,
            )
            envelopes.append(CommandEnvelope(sessions, opened.session, end))
            envelopes.append(CommandEnvelope(sessions, opened.session, FreeConnector(at=began)))
        before = context.state.previous_on(report.connector, began)
        if before is not None and before.closed:
            # The report of the free plug got lost; a new car proves that it was free.
            envelopes.append(CommandEnvelope(sessions, before.opened.session, FreeConnector(at=began)))
        return envelopes

    async def _adopted(self, charge_point: str, report: MeterReport, number: int) -> list[CommandEnvelope]:
        """The session of a transaction that was started with another back office, or whose start was lost."""
        context = await self._context(charge_point)
        readings = (*earlier_readings(context.state, report), *report.readings)
        first = readings[0]
        context = await self._context(charge_point, min(first.at, report.received_at))
        begun = StartReport(
            connector=report.connector,
            token="",
            at=first.at,
            received_at=report.received_at,
            meter_start_wh=first.register_wh or 0,
        )
        nobody = StartVerdict(TokenAnswer(Authorization.INVALID))
        envelopes = start_transaction(
            context, begun, number, nobody, transaction=report.transaction, flags=("adopted",)
        )
        if report.transaction is not None:
            envelopes.append(adopted(charge_point, report.transaction, begun, str(number)))
        metered = MeterEnergy(received_at=report.received_at, readings=readings, timed=report.timed)
        return [*envelopes, CommandEnvelope(sessions, str(number), metered)]

    async def _ending(
        self, context: ChargePointContext, session: str, report: StopReport
    ) -> list[CommandEnvelope]:
        state = await self._application.state(sessions, session)
        start = start_of(state)
        end = EndCharging(
            at=report.at,
            received_at=report.received_at,
            reason=report.reason,
            meter_stop_wh=report.meter_stop_wh,
            readings=report.readings,
            clock_offset_s=report.clock_offset_s,
            provisional=not _proves(report, start),
            reported=True,
        )
        envelopes = [CommandEnvelope(sessions, session, end)]
        if start is not None:
            envelopes += after_stop(context.state, start.place.connector, report)
        return envelopes


def _proves(report: StopReport, start: SessionStarted | None) -> bool:
    """Whether a stop's register can be the last of its session.

    It cannot if it is missing, or 0 after a loss of power: such chargers send the right register later.
    """
    if report.meter_stop_wh is None:
        return False
    return report.meter_stop_wh != 0 or start is None or start.meter_start_wh == 0
