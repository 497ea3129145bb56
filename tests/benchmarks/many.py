"""Five thousand chargers in one process: their memory, and how all of them come back when it was killed.

    python -m tests.benchmarks.many [--chargers N] [--tls] [--json]

The server and its PostgreSQL (fsync on) share the first core; the chargers have the last one. Each charger
boots and reports three statuses, its own and those of two plugs. Then the server is killed with SIGKILL and
started again. Every charger tries once a second from the moment on at which the server is gone, which is
harsher than real ones are, and boots and reports as before. The first hundred that are back send a heartbeat
a second until all are. ``--tls``: security profile 2, with passwords and the ECDSA certificate.
"""

import argparse
import asyncio
import os
import random
import resource
import ssl
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]  # it comes without types
import uvloop

from eosvolt.adapters.postgres.embedded import EmbeddedPostgres
from tests.benchmarks.cores import on
from tests.benchmarks.figures import machine, show
from tests.benchmarks.load import COMPANY, furnish, quantiles
from tests.benchmarks.park import Station, each
from tests.e2e.running import RunningSystem, free_port

AT_ONCE = 200
SETTLING_SECONDS = 5.0
PLUGS = 2
PATIENCE = 300.0
WATCHING = 100
PASSWORD = b"benchmark-password-1"


class System(RunningSystem):
    """With a listener for TLS, whose certificate it makes itself."""

    def __init__(self, database: str, folder: Path) -> None:
        super().__init__(database, folder)
        self.tls_port = free_port()

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"EOSVOLT_TLS_PORT": str(self.tls_port)}


@dataclass
class Return:
    """What the chargers find after the kill: how long answers took, in ms, and when all were back."""

    reports: list[float] = field(default_factory=list)
    heartbeats: list[float] = field(default_factory=list)
    refused: int = 0
    back: int = 0
    first_at: float = 0.0
    done_at: float = 0.0

    async def come(self, station: Station, count: int) -> None:
        """One charger, from its first attempt until all are back."""
        # A charger has its clock and its plugs from the outset; nothing but the system makes it wait.
        while True:
            try:
                await station.connect()
                self.first_at = self.first_at or time.perf_counter()
                await report(station, self.reports)
            except OSError:
                self.refused += 1
                await asyncio.sleep(random.random() + 0.5)
            else:
                break
        self.back += 1
        self.done_at = time.perf_counter()
        if self.back > WATCHING:
            return
        while self.back < count:
            await asyncio.sleep(1)
            begin = time.perf_counter()
            await station.call("Heartbeat", {})
            self.heartbeats.append((time.perf_counter() - begin) * 1_000)


async def report(station: Station, taken: list[float] | None = None) -> None:
    """Boot and tell three statuses, the charger's own and each plug's."""
    for number in range(-1, PLUGS + 1):
        begin = time.perf_counter()
        await (station.boot() if number < 0 else station.status("Available", number))
        if taken is not None:
            taken.append((time.perf_counter() - begin) * 1_000)


async def lives(system: System, stations: list[Station], core: int) -> dict[str, Any]:
    """Connect all, weigh them, kill the server and see how they come back."""
    count, process = len(stations), psutil.Process(system.pid)
    before = process.memory_full_info().uss
    await each(stations, Station.connect, AT_ONCE)
    await each(stations, report, AT_ONCE)
    await asyncio.sleep(SETTLING_SECONDS)
    grown = process.memory_full_info().uss - before
    figures: dict[str, Any] = {
        "server without chargers, MB": before / 2**20,
        f"{count} connected, booted, two plugs each: MB": (before + grown) / 2**20,
        "memory of a connected charger, KiB": grown / 1_024 / count,
    }
    system.kill()
    returning = Return()
    comings = [asyncio.create_task(returning.come(station, count)) for station in stations]
    begin = time.perf_counter()
    with on(core):
        await asyncio.to_thread(system.start, PATIENCE)
    await asyncio.gather(*comings)
    figures |= {
        "killed until the first was back, s": returning.first_at - begin,
        "killed until all were back and had reported, s": returning.done_at - begin,
        "attempts that found no server": returning.refused,
    }
    figures |= quantiles("boots and statuses meanwhile", returning.reports)
    if returning.heartbeats:
        figures |= quantiles("heartbeats of those back meanwhile", returning.heartbeats)
    process = psutil.Process(system.pid)
    figures["server after all came back, MB"] = process.memory_full_info().uss / 2**20
    for station in stations:
        station.leave()
    return figures


async def drive(system: System, key: str, options: argparse.Namespace, core: int) -> Any:
    """What the chargers find."""
    password = PASSWORD if options.tls else None
    await furnish(system, key, options.chargers, PLUGS, password)
    scheme, port, trust = "ws", system.port, None
    if options.tls:
        scheme, port = "wss", system.tls_port
        authority = system.folder / "data" / "certificates" / "authority-ecdsa.pem"
        trust = ssl.create_default_context(cafile=str(authority))
    url = f"{scheme}://127.0.0.1:{port}/ocpp/{COMPANY}"
    stations = [Station(url, f"LG{n:05}", password, trust) for n in range(options.chargers)]
    return await lives(system, stations, core)


def measure(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """All figures."""
    cores = sorted(os.sched_getaffinity(0))
    with on(cores[0]):
        server = EmbeddedPostgres(folder / "postgres")
        server.__enter__()
    try:
        figures: dict[str, Any] = {**machine(server.dsn), "cores": len(cores), "TLS": str(options.tls)}
        system = System(server.dsn, folder)
        with on(cores[0]):
            key = system.create_company(COMPANY, "Many")
            system.start()
        try:
            with on(cores[-1]):
                figures |= uvloop.run(drive(system, key, options, cores[0]))
        finally:
            system.close()
        verdict = system.run("verify")
        same = verdict.returncode == 0
        figures["eosvolt verify"] = "all the same" if same else verdict.stdout + verdict.stderr
    finally:
        server.__exit__(None, None, None)
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--chargers", type=int, default=5_000)
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory(prefix="eosvolt-benchmark-") as folder:
        show("many", measure(options, Path(folder)))


if __name__ == "__main__":
    main()
