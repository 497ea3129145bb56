"""The whole system, but for its clock: ``python -m tests.faults.server BEGUN WALL SPEED``."""

import sys

import uvloop

from eosvolt.adapters.postgres.schema import migrate
from eosvolt.composition.assembly import assembled
from eosvolt.composition.database import database
from eosvolt.config import Settings, load
from eosvolt.console.logs import configure_logs
from eosvolt.console.serving import listening
from tests.faults.clock import FastClock


async def _serve(settings: Settings, dsn: str, clock: FastClock) -> None:
    await migrate(dsn)
    async with assembled(settings, dsn, clock=clock) as system, listening(system) as server:
        await server.begun()
        await server.wait()


def main() -> None:
    """Serve until Ctrl-C."""
    settings = load()
    configure_logs(settings)
    with database(settings) as dsn:
        uvloop.run(_serve(settings, dsn, FastClock.of(*sys.argv[1:4])))


if __name__ == "__main__":
    main()
