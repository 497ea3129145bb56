"""No request holds the event loop: a watchdog looks at every step of it while all that can be asked is asked.

A step counts by the processor time of its own thread, and only if it takes as long each time that the same
is asked: how busy the machine is changes nothing about that.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import httpx2
import pytest

from eosvolt.adapters.http.pages import page_routes
from eosvolt.composition.assembly import Role, assembled
from eosvolt.config import Settings
from eosvolt.console.serving import listening
from tests.e2e.api.charger import charge_once
from tests.e2e.running import OWNER_PASSWORD, RunningSystem, free_port

COMPANY = 242
BOX, TOKEN = "LOOP-1", "LOOP1"
MOST_SECONDS = 0.05
TIMES = 3
QUERIES = (
    "",
    "asOf=3028-01-01T00:00:00Z",
    "asOf=9999-12-31T23:59:59Z",
    "asOf=0001-01-01T00:00:00Z",
    "asOf=2020-02-29T00:00:00Z",
    "period=year&date=9999-12-31",
    "period=year&date=0001-01-01",
    "from=0001-01-01&to=9999-12-31",
    "from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z&limit=200",
    "type=" + "a" * 8_000,
)
MANY = b"[" + b"{}," * 20_000 + b"{}]"
BODIES = (
    b"{}",
    b"[" * 100_000,
    MANY,
    b"[" + b"{}," * 600_000 + b"{}]",
    b'{"name":"' + b"x" * 1_900_000 + b'"}',
    b'{"name":' + MANY + b"}",
    b'{"tariff":{"strategy":"perKwh","windows":' + MANY + b"}}",
    b'{"plugs":' + MANY + b',"chargers":' + MANY + b',"command":' + MANY + b"}",
    b'{"type":"sendLocalList","localAuthorizationList":' + MANY + b"}",
    b'{"type":"setChargingProfile","chargingProfile":{"chargingSchedule":{"chargingSchedulePeriod":'
    + MANY
    + b"}}}",
    b"{" + b",".join(b'"a%d":1' % number for number in range(10_000)) + b"}",
)

SendRequest = Callable[[], Awaitable[httpx2.Response]]


class Watchdog:
    """Measures each step of the loop, and keeps the longest since ``begun``."""

    def __init__(self) -> None:
        self.longest, self.step = 0.0, ""

    @contextmanager
    def watching(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        run = asyncio.Handle._run

        def measured(handle: asyncio.Handle) -> Any:
            since = time.thread_time()
            try:
                return run(handle)
            finally:
                took = time.thread_time() - since
                if took > self.longest:
                    self.longest, self.step = took, repr(handle)[:400]

        with monkeypatch.context() as patched:
            patched.setattr(asyncio.Handle, "_run", measured)
            yield

    async def held(self, asking: SendRequest) -> str:
        """The step that holds the loop whenever this is asked; nothing where none does."""
        for _ in range(TIMES):
            self.longest = 0.0
            answer = await asking()
            assert answer.status_code < 500, answer.request.url
            if self.longest <= MOST_SECONDS:
                return ""
        return f"{self.longest:.3f} s in {self.step}"


@pytest.fixture
async def tab(system: RunningSystem) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody signed in at a web server that runs in this very loop, on the system's database."""
    api = system.api(COMPANY)
    api.charger(api.location({"strategy": "perKwh", "price": "0.50"}), BOX)
    api.token(TOKEN)
    await asyncio.to_thread(charge_once, system, BOX, TOKEN)
    settings = Settings(
        database_url=system.database,
        data_dir=Path(system.folder / "data"),
        host="127.0.0.1",
        port=free_port(),
    )
    async with assembled(settings, system.database, Role.WEB) as inside, listening(inside) as server:
        await server.begun()
        base = f"http://127.0.0.1:{settings.port}"
        async with httpx2.AsyncClient(base_url=base, headers={"Origin": base}, timeout=60) as client:
            entry = {"email": f"owner@{COMPANY}.example", "password": OWNER_PASSWORD}
            assert (await client.post("/sign-in", data=entry)).status_code == 303
            yield client


async def test_no_request_holds_the_loop(
    system: RunningSystem, tab: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    watchdog, held = Watchdog(), {}
    requests = await _requests(system, tab)
    assert len(requests) > 900
    with watchdog.watching(monkeypatch):
        for name, asking in requests.items():
            if step := await watchdog.held(asking):
                held[name] = step
    assert held == {}


async def _requests(system: RunningSystem, tab: httpx2.AsyncClient) -> dict[str, SendRequest]:
    """Every page and every operation of the API, with every query or body, and signing in."""
    names = await asyncio.to_thread(_names, system)
    document: dict[str, Any] = (await tab.get("/api/openapi.json")).json()
    places = _pages(names)
    requests: dict[str, SendRequest] = {}

    def add(method: str, address: str, **more: Any) -> None:
        name = f"{method} {address[:120]} {str(more)[:60]}"
        requests[name] = lambda: tab.request(method, address, **more)

    for path, operations in document["paths"].items():
        if "get" in operations and path != "/stream":
            places.append("/api/v1" + _filled(path, names))
        for method in ("post", "put", "patch"):
            if "requestBody" in operations.get(method, {}):
                for body in BODIES:
                    headers = {"Content-Type": "application/json"}
                    add(method.upper(), "/api/v1" + _filled(path, {}), content=body, headers=headers)
    for place in places:
        for query in QUERIES:
            add("GET", f"{place}?{query}")
    for email in (f"owner@{COMPANY}.example", "nobody@loop.example"):
        add("POST", "/sign-in", data={"email": email, "password": "wrong wrong wrong"})
    return requests


def _names(system: RunningSystem) -> dict[str, str]:
    """A value for each name in a path that has one here."""
    api = system.api(COMPANY)
    return {
        "charger": BOX,
        "location": api.get("/locations")["items"][0]["id"],
        "session": api.get("/sessions", charger=BOX)["items"][0]["id"],
        "fault": api.get("/faults", charger=BOX)["items"][0]["id"],
        "token": TOKEN,
        "key": api.get("/api-keys")["items"][0]["id"],
        "company": str(COMPANY),
    }


def _filled(path: str, names: dict[str, str]) -> str:
    return re.sub(r"{(\w+)(:\w+)?}", lambda match: quote(names.get(match[1], "none"), safe=""), path)


def _pages(names: dict[str, str]) -> list[str]:
    routes = page_routes(cast("Any", None), cast("Any", None))
    return [
        _filled(route.path, names)
        for route in routes
        if "GET" in (route.methods or ()) and route.path != "/live"
    ]
