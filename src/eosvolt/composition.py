"""The only place where adapters meet. It knows everybody and decides nothing."""

import asyncio
import contextlib
import signal
import threading
import uuid
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import structlog
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette

from eosvolt.adapters.clock import WallClock
from eosvolt.adapters.http.app import create_app
from eosvolt.adapters.http.auth import Gate
from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.web import error_page, web_routes
from eosvolt.adapters.ocpp.endpoint import ChargerEndpoint, Manners
from eosvolt.adapters.ocpp.presence import Presence
from eosvolt.adapters.ocpp.tally import Tally
from eosvolt.adapters.postgres.accounts import PostgresAccounts
from eosvolt.adapters.postgres.duties import PostgresDuties
from eosvolt.adapters.postgres.embedded import EmbeddedPostgres
from eosvolt.adapters.postgres.embedded_home import EmbeddedPostgresError
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.frame_log import FrameLog
from eosvolt.adapters.postgres.numbers import PostgresNumbers
from eosvolt.adapters.postgres.projection_engine import ProjectionEngine
from eosvolt.adapters.postgres.pulse import Pulse
from eosvolt.adapters.postgres.queries import PostgresQueries
from eosvolt.adapters.postgres.queries.feed import LogFeed
from eosvolt.adapters.postgres.seals import Sealer
from eosvolt.application.charging import Charging
from eosvolt.application.commanding import Commanding
from eosvolt.application.execution import Application
from eosvolt.application.ports import Clock
from eosvolt.application.watch import Watch
from eosvolt.config import Settings
from eosvolt.domain.commands.events import CommandRequested
from eosvolt.domain.vocabulary import EVENTS, tag
from eosvolt.metrics import SystemMetrics
from eosvolt.projections import READ_MODELS

log = structlog.get_logger("eosvolt")

WATCH_EVERY_SECONDS = 0.25
DISCONNECTIONS_AT_ONCE = 500
COMMANDS_PER_PAGE = 1_000
KEEPER_LOOKS_EVERY_SECONDS = 0.5
# Events that the read models may be behind while the system still counts as ready.
READY_LAG = 10_000
READ_MODELS_BUILT_WITHIN = 120


class Role(StrEnum):
    """What a process does: hold chargers, answer people and programs, or keep up with the history."""

    ALL = "all"
    GATEWAY = "gateway"
    WEB = "web"
    WORKER = "worker"


@contextlib.contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The address of the database.

    The one that is set, or the embedded server for as long as it is needed.
    """
    if settings.database_url:
        yield settings.database_url
        return
    with EmbeddedPostgres(settings.data_dir) as server, _kept_alive(server):
        yield server.dsn


@contextlib.contextmanager
def _kept_alive(server: EmbeddedPostgres) -> Iterator[None]:
    """Start the embedded server again whenever something kills it; everybody else just waits for it."""
    leaving = threading.Event()

    def keep() -> None:
        while not leaving.wait(KEEPER_LOOKS_EVERY_SECONDS):
            try:
                if server.revive():
                    log.warning("the embedded PostgreSQL had died and was started again")
            except EmbeddedPostgresError:
                log.exception("the embedded PostgreSQL cannot be started again")

    keeper = threading.Thread(target=keep, name="keeper of the embedded PostgreSQL", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        leaving.set()
        keeper.join()


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What is enough to change something: the history and the accounts."""

    settings: Settings
    clock: Clock
    store: PostgresEventStore
    application: Application
    accounts: PostgresAccounts


@dataclass(frozen=True, slots=True, kw_only=True)
class System(Office):
    """Everything that runs in one process."""

    dsn: str
    charging: Charging
    commanding: Commanding
    queries: PostgresQueries
    engine: ProjectionEngine
    frames: FrameLog
    feed: LogFeed
    duties: PostgresDuties
    numbers: PostgresNumbers
    presence: Presence
    metrics: CollectorRegistry

    def app(self) -> Starlette:
        """The web application with the chargers' door in it."""
        dependencies = Dependencies(
            application=self.application,
            commanding=self.commanding,
            queries=self.queries,
            accounts=self.accounts,
            feed=self.feed,
            clock=self.clock,
            public_url=self.settings.base_url,
            readiness=self._troubles,
            metrics=self.metrics,
        )
        gate = Gate(dependencies)
        manners = Manners(heartbeat_seconds=self.settings.ocpp_heartbeat_interval)
        door = ChargerEndpoint(self.charging, self.accounts, self.frames, self.clock, self.presence, manners)
        return create_app(
            dependencies,
            gate,
            [*door.routes, *web_routes(dependencies, gate)],
            error_page(dependencies, gate),
        )

    async def _troubles(self) -> Sequence[str]:
        """Why the system cannot answer well just now; nothing where it can."""
        try:
            async with asyncio.timeout(2):
                behind = await self.store.head() - await self.engine.bookmark()
        except Exception as error:  # noqa: BLE001 - whatever it is, the database does not answer
            return [f"The database does not answer: {type(error).__name__}."]
        if behind > READY_LAG:
            return [f"The read models are {behind} events behind."]
        return []


@contextlib.asynccontextmanager
async def office(settings: Settings, dsn: str, clock: Clock | None = None) -> AsyncIterator[Office]:
    """For the commands that change something and end: no read models, no tasks of one's own."""
    clock = clock or WallClock()
    async with (
        PostgresEventStore(dsn, EVENTS, clock) as store,
        PostgresAccounts(dsn, settings.secret().encode()) as accounts,
    ):
        yield Office(
            settings=settings, clock=clock, store=store, application=Application(store), accounts=accounts
        )


@contextlib.asynccontextmanager
async def assembled(
    settings: Settings, dsn: str, role: Role = Role.ALL, clock: Clock | None = None
) -> AsyncIterator[System]:
    """Put the parts together and run those that ``role`` needs, until the context is left.

    The schema must be there.
    """
    clock = clock or WallClock()
    presence = Presence(Tally())
    frames = FrameLog(dsn)
    async with contextlib.AsyncExitStack() as running:
        back = await running.enter_async_context(office(settings, dsn, clock))
        store, application = back.store, back.application
        numbers = await running.enter_async_context(PostgresNumbers(dsn))
        duties = await running.enter_async_context(PostgresDuties(dsn))
        engine = ProjectionEngine(dsn, store, READ_MODELS, EVENTS)
        queries = await running.enter_async_context(PostgresQueries(dsn, store, engine))
        feed = LogFeed(store, engine)
        charging = Charging(application, numbers, clock, queries)
        commanding = Commanding(application, clock, _new_id, presence)
        system = System(
            settings=settings,
            dsn=dsn,
            clock=clock,
            store=store,
            application=application,
            charging=charging,
            commanding=commanding,
            queries=queries,
            accounts=back.accounts,
            engine=engine,
            frames=frames,
            feed=feed,
            duties=duties,
            numbers=numbers,
            presence=presence,
            metrics=_metrics(presence, store, engine, frames),
        )
        tasks: list[Coroutine[Any, Any, None]] = []
        later: list[Coroutine[Any, Any, None]] = []
        if role in (Role.ALL, Role.WORKER):
            watch = Watch(application, commanding, duties, clock)
            tasks += [engine.run(), Sealer(dsn, settings.secret().encode()).run()]
            later.append(_keep_watch(watch))
        await running.enter_async_context(_running(tasks))
        await _read_models_built(duties)
        if role in (Role.ALL, Role.GATEWAY):
            pulse = Pulse(dsn, clock)
            await _declare_gone(system, pulse)
            later += [pulse.run(), frames.run(), _deliver_commands(system)]
        await running.enter_async_context(_running(later))
        yield system


async def _read_models_built(duties: PostgresDuties) -> None:
    """Nothing can be asked before the read models have their tables.

    A worker makes them at its first start.
    """
    async with asyncio.timeout(READ_MODELS_BUILT_WITHIN):
        while not await duties.built():  # noqa: ASYNC110 - another process may be the one that builds them
            await asyncio.sleep(0.05)


def _new_id() -> str:
    return uuid.uuid4().hex


def _metrics(
    presence: Presence, store: PostgresEventStore, engine: ProjectionEngine, frames: FrameLog
) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(SystemMetrics(presence.tally, store, engine, frames))
    return registry


@contextlib.asynccontextmanager
async def _running(work: Sequence[Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(each) for each in work]
    for task in tasks:
        task.add_done_callback(_give_up)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _complain(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("a command could not be carried out", exc_info=task.exception())


def _give_up(task: "asyncio.Task[None]") -> None:
    """Without one of its parts the system would only seem to work.

    End, so that whoever started it does so again.
    """
    if not task.cancelled() and task.exception() is not None:
        log.critical("a part of the system has stopped", part=str(task.get_coro()), exc_info=task.exception())
        signal.raise_signal(signal.SIGTERM)


async def _keep_watch(watch: Watch) -> None:
    """Carry out what falls due, for ever. What fails is tried again: deadlines follow from the history."""
    while True:
        try:
            busy = await watch.look()
        except Exception as error:  # noqa: BLE001 - the watch goes on whatever one deadline does
            log.warning("a deadline could not be carried out", error=str(error))
            busy = 0
        await asyncio.sleep(WATCH_EVERY_SECONDS if not busy else WATCH_EVERY_SECONDS / 5)


async def _declare_gone(system: System, pulse: Pulse) -> None:
    """Chargers that a gateway held when it died have been away since; those that are there connect again."""
    last = await pulse.taken_over()
    if last is None:
        return
    await system.queries.settled(seconds=30)
    since = min(last, system.clock.now())
    room = asyncio.Semaphore(DISCONNECTIONS_AT_ONCE)

    async def declare(charge_point: str) -> None:
        async with room:
            await system.charging.disconnected(charge_point, at=since, reason="the gateway stopped")

    online = await system.duties.online()
    async with asyncio.TaskGroup() as group:
        for charge_point in online:
            group.create_task(declare(charge_point))


async def _deliver_commands(system: System) -> None:
    """Follow the history for commands to chargers that are connected here."""
    wanted = frozenset({tag(CommandRequested)})
    news = asyncio.Event()
    unsubscribe = system.store.subscribe(news.set)
    under_way: set[asyncio.Task[None]] = set()
    try:
        after = await system.store.head()
        while True:
            news.clear()
            page = await system.store.read_log(after, COMMANDS_PER_PAGE, wanted)
            for fact in page.facts:
                task = asyncio.create_task(system.commanding.deliver(fact.key))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
                task.add_done_callback(_complain)
            after = max(after, page.last)
            if page.passed < COMMANDS_PER_PAGE:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(1):
                        await news.wait()
    finally:
        unsubscribe()
