"""``eosvolt demo``: run the system with the demo's company and a charger park."""

import asyncio
import contextlib
from functools import partial

import uvloop
from msgspec import structs
from rich.console import Console

from eosvolt import demo as demo_content
from eosvolt.adapters.postgres.schema import migrate
from eosvolt.composition.assembly import assembled
from eosvolt.composition.database import database
from eosvolt.composition.office import office
from eosvolt.config import Settings, load
from eosvolt.console.logs import configure_logs
from eosvolt.console.progress import shares, waiting
from eosvolt.console.serving import listening, until_stopped

PARK_LEAVES_WITHIN = 8
SETTLED_WITHIN = 120


def demo() -> None:
    """Run the system with the demo company and a charger park that really charges."""
    settings = load()
    # Log only errors unless EOSVOLT_LOG is set, so that the instructions stay visible.
    quiet = settings.log == Settings().log
    configure_logs(structs.replace(settings, log="warning") if quiet else settings)
    with until_stopped(), database(settings) as dsn:
        uvloop.run(_demo(settings, dsn))


async def _demo(settings: Settings, dsn: str) -> None:
    console = Console()
    await migrate(dsn)
    async with office(settings, dsn) as back:
        prepared = await demo_content.prepare(back, dsn, partial(shares, console))
        staff = await demo_content.staff_login(back)
        colleagues = await demo_content.colleagues_of(back)
        if not prepared.past:
            await demo_content.resume(back)
    async with contextlib.AsyncExitStack() as parts:
        with waiting(console, "Building the read models" if prepared.past else "Starting"):
            system = await parts.enter_async_context(assembled(settings, dsn))
            await system.engine.wait_until(await system.store.head(), SETTLED_WITHIN)
        server = await parts.enter_async_context(listening(system))
        await server.begun()
        demo_content.announce(system, console, prepared.login, colleagues, staff)
        park = asyncio.create_task(demo_content.live(system, prepared.past))
        try:
            await server.wait()
        finally:
            console.print("stopping …")
            park.cancel()
            await asyncio.wait([park], timeout=PARK_LEAVES_WITHIN)
