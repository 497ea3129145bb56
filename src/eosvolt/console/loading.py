"""``eosvolt load``: a large history for load tests, made by the system itself."""

import asyncio
import os
from typing import Annotated

import typer

from eosvolt.adapters.postgres.rebuild import replay
from eosvolt.adapters.postgres.schema import migrate
from eosvolt.composition.database import database
from eosvolt.composition.office import office
from eosvolt.config import Settings
from eosvolt.config import load as settings_of
from eosvolt.console.logs import configure_logs
from eosvolt.console.passwords import PasswordFile, password_of
from eosvolt.console.progress import progress
from eosvolt.demo.load import Load
from eosvolt.demo.load import load as load_history
from eosvolt.demo.load_park import LoadSize
from eosvolt.domain.vocabulary import EVENTS
from eosvolt.projections import READ_MODELS


def load(
    company: Annotated[int, typer.Argument(min=1, help="The number of the new company.")],
    email: Annotated[str, typer.Option(help="The owner's login.", prompt=True)],
    locations: Annotated[int, typer.Option(min=1, max=1_000, help="How many locations.")] = 200,
    chargers: Annotated[
        int, typer.Option(min=1, max=20_000, help="How many chargers; each has two plugs.")
    ] = 2_000,
    days: Annotated[int, typer.Option(min=1, max=1_000, help="How many days up to now they charge.")] = 70,
    processes: Annotated[
        int, typer.Option(min=1, max=64, help="How many processes play the chargers.")
    ] = os.cpu_count() or 1,
    password_file: PasswordFile = None,
) -> None:
    """Load a large history into an empty installation, for load tests.

    The real application decides every event, as in the demo, by a clock that shows the past. A plug has
    about four sessions a day: the defaults give a million. The messages of the chargers are not kept.
    """
    password = password_of("", password_file, asked=True)
    settings = settings_of()
    configure_logs(settings)
    wanted = Load(LoadSize(company, email, locations, chargers), days, processes)
    with database(settings) as dsn:
        events = asyncio.run(_load(settings, dsn, wanted, password))
    typer.echo(f"{events:,} events loaded. Start the server and sign in as {email}.")


async def _load(settings: Settings, dsn: str, wanted: Load, password: str) -> int:
    await migrate(dsn)
    async with office(settings, dsn) as here:
        with progress("Loading") as show:
            events = await load_history(
                here, dsn, wanted, password, lambda done, share: show(done, int(done / max(share, 1e-9)))
            )
        with progress("Building the read models") as show:
            await replay(dsn, here.store, READ_MODELS, EVENTS, show)
    return events
