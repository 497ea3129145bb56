"""``eosvolt serve``: run the system as a process."""

import asyncio
import contextlib
import gc
import secrets
import signal
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import timedelta
from hashlib import sha256
from time import monotonic
from typing import Annotated, Any

import typer
import uvicorn
import uvloop

from eosvolt.adapters.http.web import compile_templates
from eosvolt.adapters.ocpp.websocket_server import WEBSOCKETS
from eosvolt.adapters.postgres.schema import migrate
from eosvolt.adapters.web_server.descriptors import connections_within, raise_limit
from eosvolt.adapters.web_server.http_protocol import Bounds, http_protocol
from eosvolt.adapters.web_server.limits import ConnectionLimits
from eosvolt.adapters.web_server.tls_arrival import arrival
from eosvolt.application import actor
from eosvolt.application.operations import registration
from eosvolt.application.operations.registration import Invitation
from eosvolt.composition.assembly import Role, assembled
from eosvolt.composition.database import database
from eosvolt.composition.system import System
from eosvolt.config import Settings, load
from eosvolt.console.logs import configure_logs

FIRST_COMPANY = 1
INVITATION_VALID = timedelta(days=7)
# The listen backlog: many chargers connect at once after an outage.
BACKLOG = 4096
OBJECTS_BEFORE_COLLECTION = 50_000
# Longer than reverse proxies and clients keep an idle connection (60 s at most by default): who closes first
# must not be us, for a request may be under way.
KEPT_ALIVE_SECONDS = 75


def serve(
    role: Annotated[Role, typer.Option(help="What this process does; all of it by default.")] = Role.ALL,
) -> None:
    """Run the system."""
    settings = load()
    configure_logs(settings)
    with until_stopped(), database(settings) as dsn:
        uvloop.run(_serve(settings, dsn, role))


@contextlib.contextmanager
def until_stopped() -> Iterator[None]:
    """Print when everything has stopped, also after Ctrl-C during the start."""
    with contextlib.suppress(KeyboardInterrupt):
        yield
    typer.echo("stopped")


async def _serve(settings: Settings, dsn: str, role: Role) -> None:
    await migrate(dsn)
    async with assembled(settings, dsn, role) as system, listening(system) as server:
        await server.begun()
        typer.echo(f"eosvolt is listening on {settings.base_url}")
        if role in (Role.ALL, Role.WEB):
            await _invite_first_company(system)
        await server.wait()


class Listening:
    """A web server with one or several listeners that runs beside other tasks."""

    def __init__(self, configs: Sequence[uvicorn.Config]) -> None:
        """One listener for each of ``configs``."""
        self._asked_to_end = asyncio.Event()
        self._started = [asyncio.Event() for _ in configs]
        self._servers = [
            _Server(config, started.set, self._asked_to_end.set)
            for config, started in zip(configs, self._started, strict=True)
        ]
        self._tasks = [asyncio.create_task(server.serve()) for server in self._servers]

    async def begun(self) -> None:
        """Wait until all listeners are open. Raises ``OSError``, e.g. if a port is taken."""
        await self._unless_ended(asyncio.gather(*(started.wait() for started in self._started)))

    async def wait(self) -> None:
        """Wait for Ctrl-C, SIGTERM or the server's end. Raises the server's error."""
        await self._unless_ended(asyncio.ensure_future(self._asked_to_end.wait()))

    async def stop(self) -> None:
        """Stop the server and wait for its connections to close."""
        for server in self._servers:
            server.should_exit = True
        await asyncio.wait(self._tasks)

    async def _unless_ended(self, awaited: "asyncio.Future[Any]") -> None:
        await asyncio.wait([awaited, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
        awaited.cancel()
        for task in self._tasks:
            if task.done():
                task.result()


class _Server(uvicorn.Server):
    """A uvicorn server that reports when it listens, and leaves its shutdown to ``Listening``."""

    def __init__(
        self, config: uvicorn.Config, started: Callable[[], None], asked_to_end: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._report_started = started
        self._asked_to_end = asked_to_end

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ctrl-C and SIGTERM stop the whole process, not the server alone."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._asked_to_end)
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        except SystemExit:
            place = f"{self.config.host}:{self.config.port}"
            raise OSError(f"Nobody can listen on {place}: is another system running there?") from None
        if self.started:
            self._report_started()


@contextlib.asynccontextmanager
async def listening(system: System) -> AsyncIterator[Listening]:
    """Serve the system's application until the context is left."""
    await asyncio.to_thread(compile_templates)
    # Long-lived state is large and rarely garbage; frequent full collections would delay all chargers.
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION, 20, 50)
    server = Listening(_configs(system))
    try:
        yield server
    finally:
        await server.stop()


def _configs(system: System) -> list[uvicorn.Config]:
    """The plain listener, and one for each configured OCPP security profile with TLS."""
    settings, app = system.settings, system.app()

    def config(port: int, context: ssl.SSLContext | None) -> uvicorn.Config:
        return uvicorn.Config(
            app,
            host=settings.host,
            port=port,
            loop="none",
            http=arrival(protocol, context),
            **WEBSOCKETS,
            backlog=BACKLOG,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=5,
            timeout_keep_alive=KEPT_ALIVE_SECONDS,
            # With TLS termination here there is no proxy, so its headers are not trusted.
            proxy_headers=context is None,
            forwarded_allow_ips=settings.trusted_proxies,
        )

    allowed = connections_within(raise_limit())
    limits = ConnectionLimits(
        min(settings.connections or allowed, allowed), settings.connections_per_address, monotonic
    )
    protocol = http_protocol(limits, Bounds())
    found = [config(settings.port, None)]
    if system.tls is not None and system.tls.password is not None:
        found.append(config(settings.tls_port, system.tls.password))
    if system.tls is not None and system.tls.certificate is not None:
        found.append(config(settings.mtls_port, system.tls.certificate))
    return found


async def _invite_first_company(system: System) -> None:
    """Print a registration link for the first company if there is none yet."""
    if await system.accounts.anybody():
        return
    secret = secrets.token_urlsafe(24)
    now = system.clock.now()
    wanted = Invitation(
        secret_digest=sha256(secret.encode()).hexdigest(),
        expires_at=now + INVITATION_VALID,
    )
    setup = actor.system("setup", FIRST_COMPANY)
    await system.operations.run(registration.invite, setup, wanted, "first start")
    link = f"{system.settings.base_url}/register/{FIRST_COMPANY}/{secret}"
    typer.echo(f"Register your company within 7 days: {link}")
    typer.echo("To invite further companies, create a member of the platform staff: eosvolt create-staff")
