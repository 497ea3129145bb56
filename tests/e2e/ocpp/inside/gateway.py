"""A gateway on a real port of this machine: the OCPP endpoint on uvicorn, the application in memory."""

import asyncio
import base64
import hmac
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal

import uvicorn
from starlette.applications import Starlette

from eosvolt.adapters.memory.event_store import Change, MemoryEventStore
from eosvolt.adapters.memory.numbers import MemoryNumbers
from eosvolt.adapters.ocpp.action_router import UseCaseHandlers
from eosvolt.adapters.ocpp.connection_registry import ConnectionRegistry
from eosvolt.adapters.ocpp.counters import ConnectionCounters
from eosvolt.adapters.ocpp.endpoint import DEFAULT_SETTINGS, ChargerEndpoint, OcppSettings
from eosvolt.adapters.ocpp.websocket_server import WEBSOCKETS
from eosvolt.application.certification import Certification
from eosvolt.application.charger_authentication import ChargerAuthentication
from eosvolt.application.charging import ChargingService
from eosvolt.application.executor import Application
from eosvolt.application.maintenance import Maintenance
from eosvolt.application.ports import (
    Alongside,
    Clock,
    ConnectionAttempt,
    Frame,
    PasswordVerdict,
    StreamAppend,
)
from eosvolt.domain.charge_points.commands import AddChargePoint, ChangeChargePoint
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import ConnectorSpec
from eosvolt.domain.kernel import Event, Fact, Provenance
from eosvolt.domain.locations.commands import AddLocation
from eosvolt.domain.locations.decider import locations
from eosvolt.domain.locations.events import Details
from eosvolt.domain.tariffs.tariff import Strategy, Tariff
from eosvolt.domain.tokens.commands import PutToken
from eosvolt.domain.tokens.decider import tokens
from eosvolt.domain.tokens.events import TokenStatus
from tests.e2e.ocpp.site import until

COMPANY = 242
BY_TEST = Provenance(COMPANY, "admin:test")
PLUGS = (ConnectorSpec(1, "iec62196T2", 22_000), ConnectorSpec(2, "iec62196T2", 22_000))
TARIFF = Tariff("EUR", Strategy.PER_KWH, Decimal("0.50"), Decimal("0.19"), "Europe/Berlin")


class RealClock:
    """The time of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)


MACHINE = RealClock()


class SlowStore(MemoryEventStore):
    """A history whose database can be made to hang, as one does that is away."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.there = asyncio.Event()
        self.there.set()

    async def append(
        self, entries: Sequence[StreamAppend], why: Provenance, alongside: Sequence[Alongside] = ()
    ) -> int:
        await self.there.wait()
        return await super().append(entries, why, alongside)


class Passwords(dict[str, bytes]):
    """Chargers' passwords in the open: as bytes, and as the hex text that many chargers send instead."""

    async def judged(self, charge_point: str, given: bytes) -> PasswordVerdict:
        stored = self[charge_point]
        right = hmac.compare_digest(given, stored) or given.lower() == stored.hex().encode()
        return PasswordVerdict.RIGHT if right else PasswordVerdict.WRONG

    def change(self, charge_point: str, password: str | bytes | None) -> Change:
        return Change(lambda: self._changed(charge_point, password))

    def _changed(self, charge_point: str, password: str | bytes | None) -> None:
        if password is None:
            self.pop(charge_point, None)
        else:
            self[charge_point] = password.encode() if isinstance(password, str) else password


class FrameList(list[Frame]):
    """The frames' record in a list."""

    def put(self, frame: Frame) -> None:
        self.append(frame)

    def outcomes(self, action: str, direction: str = "in") -> list[str]:
        return [f.outcome for f in self if f.action == action and f.direction == direction]


class Attempts(list[ConnectionAttempt]):
    """The record of unknown_chargers in a list."""

    def attempted(self, attempt: ConnectionAttempt) -> None:
        self.append(attempt)


class Gateway:
    """The running system with what a test may look at."""

    def __init__(self, clock: Clock = MACHINE) -> None:
        self.clock = clock
        self.store = SlowStore(clock)
        self.application = Application(self.store)
        self.passwords = Passwords()
        self.frames = FrameList()
        self.start_again()
        self.charging = ChargingService(self.application, MemoryNumbers(), self.clock, self)
        self.unknown_chargers = Attempts()
        self.charger_authentication = ChargerAuthentication(
            self.application, self.passwords, self.unknown_chargers, self.clock
        )
        self.port = 0

    def start_again(self) -> None:
        """Forget what only the process knows that chargers are connected to."""
        self.counters = ConnectionCounters()
        self.connections = ConnectionRegistry(self.counters)

    async def only_company(self) -> int | None:
        return COMPANY

    async def add_charger(
        self,
        charge_box_id: str,
        password: bytes | None = None,
        company: int = COMPANY,
        disabled: bool = False,
    ) -> str:
        """Make a charger known and return its key."""
        location, now, key = f"{company}-location", self.clock.now(), f"{company}/{charge_box_id}"
        why = Provenance(company, "admin:test")
        await self.application.execute(
            locations, location, AddLocation(location, company, now, Details(name="Yard"), TARIFF), why
        )
        if password is not None:
            self.passwords[key] = password
        add = AddChargePoint(company, charge_box_id, location, PLUGS, now, has_password=password is not None)
        await self.application.execute(charge_points, key, add, why)
        if disabled:
            change = ChangeChargePoint(location, PLUGS, now, has_password=password is not None, disabled=True)
            await self.application.execute(charge_points, key, change, why)
        return key

    async def add_token(
        self,
        uid: str,
        status: TokenStatus = TokenStatus.ACCEPTED,
        group: str = "",
        expires_at: datetime | None = None,
    ) -> None:
        """Issue a token."""
        put = PutToken(COMPANY, uid, self.clock.now(), status, group=group, expires_at=expires_at)
        await self.application.execute(tokens, f"{COMPANY}/{uid}", put, BY_TEST)

    def endpoint(self, ocpp_settings: OcppSettings = DEFAULT_SETTINGS) -> ChargerEndpoint:
        """The endpoint for chargers, before it is served."""
        handlers = UseCaseHandlers(
            self.charging,
            Maintenance(self.application, self.clock),
            Certification(self.application, self.clock),
        )
        return ChargerEndpoint(
            handlers, self.charger_authentication, self.frames, self.clock, self.connections, ocpp_settings
        )

    def url(self, path: str) -> str:
        return f"ws://127.0.0.1:{self.port}/ocpp/{path}"

    def events(self, kind: type[Event]) -> list[Fact]:
        """The facts of one kind, oldest first."""
        return [fact for fact in self.store.facts if isinstance(fact.event, kind)]


@asynccontextmanager
async def serving(
    ocpp_settings: OcppSettings = DEFAULT_SETTINGS, gateway: Gateway | None = None
) -> AsyncIterator[Gateway]:
    """A gateway, a new one unless it is given, for as long as the block lasts."""
    gateway = gateway or Gateway()
    config = uvicorn.Config(
        Starlette(routes=gateway.endpoint(ocpp_settings).routes),
        host="127.0.0.1",
        port=0,
        log_level="warning",
        lifespan="off",
        **WEBSOCKETS,
    )
    server = uvicorn.Server(config)
    serve = asyncio.create_task(server._serve())
    await until(lambda: server.started)
    gateway.port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield gateway
    finally:
        gateway.store.there.set()
        server.should_exit = True
        await serve


def basic(user: bytes, password: bytes) -> dict[str, str]:
    """The header of HTTP Basic."""
    return {"Authorization": "Basic " + base64.b64encode(user + b":" + password).decode()}
