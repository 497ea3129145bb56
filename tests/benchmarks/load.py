"""MeterValues a second through the whole system, each answered when it is durable, next to the raw limits.

    python -m tests.benchmarks.load [--chargers N] [--seconds N] [--rate N] [--storm N] [--idle N] [--json]

The server and its PostgreSQL (fsync on) share the first core; the chargers have the last one. Flat out, every
charger has one message of four values on its way; by the clock, ``--rate`` messages fall due each second
whether earlier ones were answered or not. ``--storm`` chargers connect, boot and report two statuses all at
once; ``--idle`` ones only stay connected. In the end ``eosvolt verify`` looks at all that this left behind.
"""

import argparse
import asyncio
import contextlib
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx2
import psutil  # type: ignore[import-untyped]  # it comes without types
import psycopg
import uvloop
from psycopg.conninfo import make_conninfo

from eosvolt.adapters.postgres.embedded import EmbeddedPostgres
from eosvolt.adapters.postgres.schema import migrate
from eosvolt.domain.sessions.events import EnergyMetered
from eosvolt.domain.vocabulary import tag
from tests.benchmarks.append import raw_copy
from tests.benchmarks.cores import Spent, on
from tests.benchmarks.figures import machine, show
from tests.benchmarks.park import Station, by_the_clock, each, flat_out
from tests.e2e.running import RunningSystem, free_port

COMPANY = 242
REQUESTS_AT_ONCE = 16
WARMING_SECONDS = 2.0
LOCATION = {
    "name": "Load",
    "type": "public",
    "timeZone": "Europe/Berlin",
    "currency": "EUR",
    "vatRate": "0.19",
    "tariff": {
        "strategy": "perKwh",
        "price": "0.50",
        "windows": [{"from": "00:00", "to": "06:00", "price": "0.30"}],
        "blockingFee": {"amount": "1.00", "intervalMinutes": 15},
    },
}


def quantiles(name: str, taken: list[float]) -> dict[str, float]:
    """The median and the 99th percentile."""
    taken.sort()
    return {f"{name}, p50 ms": taken[len(taken) // 2], f"{name}, p99 ms": taken[len(taken) * 99 // 100]}


def limit_of_sockets(core: int, chargers: int, seconds: float) -> float:
    """Messages a second that a server does which only answers."""
    port = free_port()
    with on(core):
        server = subprocess.Popen(
            [sys.executable, "-c", "from tests.benchmarks.echo import main; main()", str(port)]
        )
    try:
        wait_for(port)

        async def drive() -> float:
            stations = [Station(f"ws://127.0.0.1:{port}", f"LG{n:05}") for n in range(chargers)]
            await each(stations, Station.connect)
            answered = len(await flat_out(stations, seconds))
            for station in stations:
                station.leave()
            await asyncio.sleep(0.2)
            return answered / seconds

        return uvloop.run(drive())
    finally:
        server.kill()
        server.wait()


def wait_for(port: int) -> None:
    """Until somebody listens there."""
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise TimeoutError(f"nobody listens on port {port}")


def limit_of_table(dsn: str) -> float:
    """Rows a second by COPY into a table of events like ours, in another database of the same server."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("CREATE DATABASE raw")
    raw = make_conninfo(dsn, dbname="raw")
    asyncio.run(migrate(raw))
    return raw_copy(raw, 1_000)


async def furnish(
    system: RunningSystem, key: str, count: int, plugs: int = 1, password: bytes | None = None
) -> None:
    """A location with so many chargers, and a token of the same name for each."""
    more = {} if password is None else {"password": password.hex()}
    async with httpx2.AsyncClient(
        base_url=f"{system.base_url}/api/v1", headers={"Authorization": f"Bearer {key}"}, timeout=60
    ) as api:

        async def post(path: str, body: dict[str, Any]) -> Any:
            while (answer := await api.post(path, json=body)).status_code == 429:
                await asyncio.sleep(0.5)
            answer.raise_for_status()
            return answer.json()

        location = (await post("/locations", LOCATION))["id"]
        numbers = iter(range(count))
        each = [{"number": n, "type": "iec62196T2", "maxPowerW": 22_000} for n in range(1, plugs + 1)]

        async def work() -> None:
            for n in numbers:
                name = f"LG{n:05}"
                charger = {"locationId": location, "chargeBoxId": name, "plugs": each, **more}
                await post("/chargers", charger)
                await post("/tokens", {"uid": name, "status": "accepted"})

        async with asyncio.TaskGroup() as group:
            for _ in range(REQUESTS_AT_ONCE):
                group.create_task(work())


async def metering(url: str, options: argparse.Namespace, spent: dict[str, int]) -> dict[str, Any]:
    """Flat out, then by the clock."""
    stations = [Station(url, f"LG{n:05}") for n in range(options.chargers)]
    await each(stations, Station.connect)
    await each(stations, Station.boot)
    await each(stations, lambda station: station.status("Preparing"))
    await each(stations, Station.start)
    await each(stations, lambda station: station.status("Charging"))
    answered = len(await flat_out(stations, WARMING_SECONDS))
    figures: dict[str, Any] = {}
    watched = Spent(**spent)
    begin = time.perf_counter()
    taken = await flat_out(stations, options.seconds)
    answered += len(taken)
    figures["MeterValues/s, flat out"] = len(taken) / (time.perf_counter() - begin)
    figures |= quantiles("flat out", taken)
    figures |= {f"flat out, {name}, share of the core": share for name, share in watched.shares().items()}
    await asyncio.sleep(WARMING_SECONDS)
    watched = Spent(**spent)
    begin = time.perf_counter()
    taken = await by_the_clock(stations, options.seconds, options.rate)
    answered += len(taken)
    figures["by the clock, MeterValues/s due"] = options.rate
    figures["by the clock, MeterValues/s"] = len(taken) / (time.perf_counter() - begin)
    figures |= quantiles("by the clock", taken)
    figures |= {f"by the clock, {name}, share of the core": share for name, share in watched.shares().items()}
    figures["MeterValues answered"] = answered
    for station in stations:
        station.leave()
    return figures


async def storm(url: str, count: int) -> dict[str, Any]:
    """All connect, boot and report two statuses at once."""
    stations = [Station(url, f"LG{n:05}") for n in range(count)]

    async def arrive(station: Station) -> None:
        await station.connect()
        await station.boot()
        await station.status("Available", 0)
        await station.status("Available")

    begin = time.perf_counter()
    await each(stations, arrive, count)
    taken = time.perf_counter() - begin
    for station in stations:
        station.leave()
    return {f"{count} connect, boot, two statuses, s": taken}


async def idle(url: str, count: int, server: int) -> dict[str, Any]:
    """Memory that so many connections take after their boot."""
    process = psutil.Process(server)
    before = process.memory_full_info().pss
    stations = [Station(url, f"LG{n:05}") for n in range(count)]
    await each(stations, Station.connect)
    await each(stations, Station.boot)
    await asyncio.sleep(WARMING_SECONDS)
    grown = process.memory_full_info().pss - before
    for station in stations:
        station.leave()
    return {
        "server before connections, MB": before / 2**20,
        f"{count} idle connections, MB per 1,000": grown / 2**20 / count * 1_000,
    }


def measure(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """All figures."""
    cores = sorted(os.sched_getaffinity(0))
    with on(cores[0]):
        server = EmbeddedPostgres(folder / "postgres")
        server.__enter__()
    try:
        figures: dict[str, Any] = {**machine(server.dsn), "cores": len(cores), "chargers": options.chargers}
        with on(cores[0]):
            figures["raw COPY, 1,000 rows a transaction, rows/s"] = limit_of_table(server.dsn)
        with on(cores[-1]):
            limit = limit_of_sockets(cores[0], options.chargers, 5.0)
            figures["raw WebSocket echo, messages/s"] = limit
        system = RunningSystem(server.dsn, folder)
        with on(cores[0]):
            key = system.create_company(COMPANY, "Load")
            system.start()
        try:
            with on(cores[-1]):
                figures |= drive(system, key, options, server.pid or 0)
            figures["flat out, share of raw WebSocket echo"] = figures["MeterValues/s, flat out"] / limit
        finally:
            system.stop()
        figures["MeterValues in the history"] = kept(server.dsn)
        verdict = system.run("verify")
        figures["eosvolt verify"] = (
            "all the same" if verdict.returncode == 0 else verdict.stdout + verdict.stderr
        )
    finally:
        server.__exit__(None, None, None)
    return figures


def kept(dsn: str) -> int:
    """How many readings the history holds."""
    with psycopg.connect(dsn) as connection:
        found = connection.execute(
            "SELECT count(*) FROM stored_events WHERE topic = %s", (tag(EnergyMetered),)
        ).fetchone()
    assert found is not None
    return int(found[0])


def drive(system: RunningSystem, key: str, options: argparse.Namespace, postgres: int) -> dict[str, Any]:
    """What the chargers find."""
    url = f"ws://127.0.0.1:{system.port}/ocpp/{COMPANY}"
    figures: dict[str, Any] = {}
    uvloop.run(furnish(system, key, max(options.chargers, options.storm, options.idle)))
    if options.idle:
        figures |= uvloop.run(idle(url, options.idle, system.pid))
        time.sleep(WARMING_SECONDS)
    figures |= uvloop.run(metering(url, options, {"server": system.pid, "PostgreSQL": postgres}))
    if options.storm:
        time.sleep(WARMING_SECONDS)
        figures |= uvloop.run(storm(url, options.storm))
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--chargers", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--rate", type=float, default=4_000.0)
    parser.add_argument("--storm", type=int, default=0)
    parser.add_argument("--idle", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory(prefix="eosvolt-benchmark-") as folder:
        show("load", measure(options, Path(folder)))


if __name__ == "__main__":
    main()
