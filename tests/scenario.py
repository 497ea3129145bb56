"""A charger, its back office and a clock in memory: what happens, told in the order in which it happens.

``Scenario`` carries every message to the real application on the in-memory store and looks at the same read
models as the screens do.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.memory.event_store import MemoryEventStore
from eosvolt.adapters.memory.numbers import MemoryNumbers
from eosvolt.adapters.memory.read_models import MemoryReadModels
from eosvolt.application.charging import ChargingService, StartAnswer, TokenAnswer
from eosvolt.application.commands.dispatch import CommandDispatch
from eosvolt.application.commands.expire import CommandExpiry
from eosvolt.application.commands.payloads import CommandPayloads
from eosvolt.application.commands.request import CommandRequests
from eosvolt.application.commands.results import CommandResults
from eosvolt.application.deadline_actions import DeadlineActions
from eosvolt.application.executor import Application
from eosvolt.application.operations.operation import Operations
from eosvolt.application.operations.ports import Ports
from eosvolt.application.ports import Due, TokenListing
from eosvolt.domain.charge_points.commands import AddChargePoint
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.reports import (
    Boot,
    ConnectorStatus,
    MeterReport,
    Reading,
    StartReport,
    StatusReport,
    StopReport,
)
from eosvolt.domain.commands.events import CommandRequested
from eosvolt.domain.kernel import Event, Fact, Provenance
from eosvolt.domain.locations.commands import AddLocation, ChangeTariff
from eosvolt.domain.locations.decider import locations as location_decider
from eosvolt.domain.tariffs.tariff import Tariff
from eosvolt.domain.tokens.commands import PutToken
from eosvolt.domain.tokens.decider import tokens
from eosvolt.domain.tokens.events import TokenStatus
from eosvolt.projections import READ_MODELS
from eosvolt.projections.deadlines import deadlines
from eosvolt.projections.faults import FaultRow, faults
from eosvolt.projections.session_history import session_history
from eosvolt.projections.session_row import SessionRow
from eosvolt.projections.tokens import tokens as token_model
from tests.estate_in_memory import MemoryEstate
from tests.examples import (
    CHARGE_BOX_ID,
    CHARGE_POINT,
    COMPANY,
    DETAILS,
    FLAT_TARIFF,
    LOCATION,
    MORNING,
    TOKEN,
    TWO_PLUGS,
    after,
)
from tests.gateway import Charger, Passwords
from tests.operation_requests import OperationRequests

WHY = Provenance(company=COMPANY, by="admin:test")


class Scenario(MemoryEstate):
    """Times are minutes after ``examples.MORNING``.

    The clock follows the messages unless they are said to be late.
    """

    def __init__(self) -> None:
        self.why = WHY
        # What the charger's clock shows more than ours, what of it is known, and whether it can be true.
        self.ahead, self.known_clock_offset_s, self.timed = timedelta(0), 0, True
        self.clock = SteppedClock(MORNING - timedelta(minutes=5))
        self.store = MemoryEventStore(self.clock)
        super().__init__(MemoryReadModels(self.store, READ_MODELS))
        self.application = Application(self.store)
        self.charger, self.passwords, self._ids = Charger(), Passwords(), 0
        payloads = CommandPayloads(self.application, self, self._new_id, "http://eosvolt.example")
        self.requests = CommandRequests(self.application, self._new_id, self.charger, payloads)
        ports = Ports(commands=self.requests, gateway=self.charger, estate=self)
        self.operations = Operations(self.application, self.clock, ports)
        self.commands = OperationRequests(self.operations)
        self.charging = ChargingService(self.application, MemoryNumbers(), self.clock, self)
        self.results = CommandResults(self.application, self.clock, payloads)
        outside = (self.charger, self.passwords, self.results)
        self.dispatch = CommandDispatch(self.application, self.clock, *outside)
        expiry = CommandExpiry(self.application, self.clock, self.results)
        self.deadlines = DeadlineActions(self.application, expiry, self, self.clock)

    def _new_id(self) -> str:
        self._ids += 1
        return f"command-{self._ids}"

    async def only_company(self) -> int | None:
        return COMPANY

    async def tokens_to_list(self, company: int) -> Sequence[TokenListing]:
        found = self.models.rows(token_model, lambda row: row.company == company)
        rows = sorted(found, key=lambda row: row.uid)
        return [TokenListing(row.uid, row.status, row.group, row.expires_at, row.customer) for row in rows]

    async def due(self, now: datetime, limit: int) -> Sequence[Due]:
        rows = sorted(self.models.rows(deadlines, lambda row: row.due_at <= now), key=lambda row: row.due_at)
        return [Due(row.stream, row.company, row.due_at) for row in rows[:limit]]

    async def looks(self) -> None:
        """Whatever is due now is carried out, the earliest first."""
        for each in await self.deadlines.due():
            await self.deadlines.carry_out(each.stream)

    async def opened(self, tariff: Tariff = FLAT_TARIFF) -> "Scenario":
        """A location with one connected charger and one accepted token."""
        now = self.clock.now()
        add = AddLocation(location=LOCATION, company=COMPANY, at=now, details=DETAILS, tariff=tariff)
        await self.application.execute(location_decider, LOCATION, add, WHY)
        await self.application.execute(
            charge_points,
            CHARGE_POINT,
            AddChargePoint(
                company=COMPANY, charge_box_id=CHARGE_BOX_ID, location=LOCATION, connectors=TWO_PLUGS, at=now
            ),
            WHY,
        )
        await self.token(TOKEN)
        await self.connects(-4)
        await self.charging.booted(
            CHARGE_POINT, Boot(received_at=self.clock.now(), vendor="ACME", model="AC22")
        )
        return self

    async def token(
        self,
        uid: str,
        status: TokenStatus = TokenStatus.ACCEPTED,
        *,
        group: str = "",
        concurrent: bool = False,
    ) -> None:
        now = self.clock.now()
        put = PutToken(company=COMPANY, uid=uid, at=now, status=status, group=group, concurrent=concurrent)
        await self.application.execute(tokens, f"{COMPANY}/{uid}", put, WHY)

    def _now(self, minutes: float, received: float | None = None) -> tuple[datetime, datetime]:
        at = after(minutes)
        received_at = max(self.clock.now(), at if received is None else after(received))
        self.clock.set(received_at)
        return at + self.ahead, received_at

    async def connects(self, minutes: float, *, secure: bool = False) -> None:
        _, at = self._now(minutes)
        self.charger.online = True
        await self.charging.connected(
            CHARGE_POINT, at=at, protocol="ocpp1.6", secure=secure, authenticated=False, address="127.0.0.1"
        )

    async def disconnects(self, minutes: float) -> None:
        _, at = self._now(minutes)
        self.charger.online = False
        await self.charging.disconnected(CHARGE_POINT, at=at, reason="closed")

    async def boots(self, minutes: float) -> None:
        _, received_at = self._now(minutes)
        await self.charging.booted(CHARGE_POINT, Boot(received_at=received_at, vendor="ACME", model="AC22"))

    async def reports(
        self,
        minutes: float,
        status: str,
        plug: int = 1,
        *,
        error: str = "NoError",
        received: float | None = None,
    ) -> None:
        at, received_at = self._now(minutes, received)
        report = StatusReport(
            connector=plug,
            status=ConnectorStatus(status),
            at=at,
            received_at=received_at,
            error_code=error,
            clock_offset_s=self.known_clock_offset_s,
        )
        await self.charging.reported(CHARGE_POINT, report)

    async def starts(
        self,
        minutes: float,
        meter: int = 1000,
        *,
        token: str = TOKEN,
        plug: int = 1,
        received: float | None = None,
    ) -> StartAnswer:
        at, received_at = self._now(minutes, received)
        report = StartReport(
            connector=plug,
            token=token,
            at=at,
            received_at=received_at,
            meter_start_wh=meter,
            timed=self.timed,
            clock_offset_s=self.known_clock_offset_s,
        )
        return await self.charging.started(CHARGE_POINT, report)

    async def meters(
        self,
        minutes: float,
        register: int | None,
        *,
        plug: int = 1,
        transaction: int | None = None,
        received: float | None = None,
        **measured: Any,
    ) -> None:
        at, received_at = self._now(minutes, received)
        reading = Reading(at=at if self.timed else received_at, register_wh=register, **measured)
        report = MeterReport(
            connector=plug,
            received_at=received_at,
            readings=(reading,),
            transaction=transaction,
            timed=self.timed,
            clock_offset_s=self.known_clock_offset_s,
        )
        await self.charging.metered(CHARGE_POINT, report)

    async def stops(
        self,
        minutes: float,
        transaction: int,
        meter: int | None,
        *,
        token: str = "",
        reason: str = "Local",
        received: float | None = None,
        readings: tuple[Reading, ...] = (),
    ) -> TokenAnswer | None:
        at, received_at = self._now(minutes, received)
        report = StopReport(
            transaction=transaction,
            at=at,
            received_at=received_at,
            meter_stop_wh=meter,
            token=token,
            reason=reason,
            readings=readings,
            timed=self.timed,
            clock_offset_s=self.known_clock_offset_s,
        )
        return await self.charging.stopped(CHARGE_POINT, report)

    async def passes(self, minutes: float) -> None:
        """Time passes until ``minutes``.

        Whatever falls due until then happens, and queued commands are delivered.
        """
        until = after(minutes)
        while True:
            waiting = sorted(row.due_at for row in self.models.rows(deadlines) if row.due_at <= until)
            if not waiting:
                break
            self.clock.set(max(self.clock.now(), waiting[0]))
            before = len(self.store.facts)
            await self.looks()
            await self.delivers()
            idle = [row for row in self.models.rows(deadlines) if row.due_at <= self.clock.now()]
            assert len(self.store.facts) > before, f"a deadline came and nothing happened: {idle}"
        self.clock.set(max(self.clock.now(), until))

    async def delivers(self) -> None:
        for fact in list(self.store.facts):
            if isinstance(fact.event, CommandRequested):
                await self.dispatch.deliver(fact.event.command)

    def session(self, number: int) -> SessionRow:
        row = self.models.row(session_history, str(number))
        assert row is not None, f"there is no session {number}"
        return row

    def sessions(self) -> list[SessionRow]:
        return sorted(self.models.rows(session_history), key=lambda row: row.number)

    def faults(self) -> list[FaultRow]:
        return sorted(self.models.rows(faults), key=lambda row: row.id)

    async def reprices(self, tariff: Tariff) -> None:
        change = ChangeTariff(at=self.clock.now(), tariff=tariff)
        await self.application.execute(location_decider, LOCATION, change, WHY)

    def events(self, kind: type[Event]) -> list[Fact]:
        return [fact for fact in self.store.facts if isinstance(fact.event, kind)]
