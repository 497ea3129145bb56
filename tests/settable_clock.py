"""The system with a clock that another process sets: ``python -m tests.settable_clock FILE``.

``FILE`` holds the present instant: eight bytes, little-endian, in microseconds since 1970-01-01 UTC.
"""

import mmap
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvloop

from eosvolt.adapters.postgres.schema import migrate
from eosvolt.application.ports import Clock
from eosvolt.composition.assembly import assembled
from eosvolt.composition.database import database
from eosvolt.config import Settings, load
from eosvolt.console.logs import configure_logs
from eosvolt.console.serving import listening


class SettableClock:
    """Reads the present instant from a file."""

    def __init__(self, file: Path) -> None:
        """``file`` stays mapped into memory."""
        with file.open("rb") as opened:
            self._instant = mmap.mmap(opened.fileno(), 8, prot=mmap.PROT_READ)

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        microseconds = int.from_bytes(self._instant[:8], "little")
        return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)


def serve(clock: Clock) -> None:
    """Serve with ``clock`` until Ctrl-C, as ``eosvolt serve`` does with the machine's."""
    settings = load()
    configure_logs(settings)
    with database(settings) as dsn:
        uvloop.run(_serve(settings, dsn, clock))


async def _serve(settings: Settings, dsn: str, clock: Clock) -> None:
    await migrate(dsn)
    async with assembled(settings, dsn, clock=clock) as system, listening(system) as server:
        await server.begun()
        await server.wait()


if __name__ == "__main__":
    serve(SettableClock(Path(sys.argv[1])))
