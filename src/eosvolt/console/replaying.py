"""``eosvolt replay``: rebuilds read models from the history."""

import asyncio
import difflib
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console

from eosvolt.adapters.clock import WallClock
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.rebuild import replay as rebuild
from eosvolt.adapters.postgres.schema import migrate, must_be_current
from eosvolt.adapters.postgres.verification import ModelVerdict, replayed_until
from eosvolt.composition.database import database
from eosvolt.config import load
from eosvolt.console.logs import configure_logs
from eosvolt.console.options import AsOf, Json
from eosvolt.console.progress import progress
from eosvolt.console.tables import table
from eosvolt.domain.vocabulary import EVENTS
from eosvolt.projections import READ_MODELS
from eosvolt.projections.read_model import ReadModel

NAMES = [model.name for model in READ_MODELS]
Models = Annotated[list[str] | None, typer.Option("--model", help=f"Only this one: {', '.join(NAMES)}.")]


def replay(model: Models = None, as_of: AsOf = None, as_json: Json = False) -> None:
    """Rebuild read models from the history beside the live ones and switch.

    With --as-of nothing is switched: prints what the models were at that instant, by their digests.
    """
    models = chosen(model)
    settings = load()
    configure_logs(settings)
    with database(settings) as dsn:
        if as_of is None:
            asyncio.run(_replay(dsn, models))
            found = None
        else:
            found = asyncio.run(_replay_until(dsn, models, as_of))
    if as_json:
        names: list[object] = [each.name for each in models]
        shown = {"rebuilt": names} if found is None else [_as_json(each) for each in found]
        typer.echo(msgspec.json.encode(shown).decode())
    elif found is None:
        Console().print(f"{len(models)} read models rebuilt.")
    else:
        rows = [(v.name, f"{v.events:,}", f"{v.rows:,}", v.replayed[:16]) for v in found]
        typer.echo("\n".join(table(("model", "events", "rows", "digest"), rows, frozenset({1, 2}))))


def chosen(names: Sequence[str] | None) -> list[ReadModel[Any]]:
    """The read models of these names, all of them without names. Raises ``ValueError``."""
    for name in names or ():
        if name not in NAMES:
            near = difflib.get_close_matches(name, NAMES, n=1)
            meant = f" Was {near[0]} meant?" if near else ""
            raise ValueError(f"There is no read model {name}.{meant} There are: {', '.join(NAMES)}.")
    return [model for model in READ_MODELS if not names or model.name in names]


async def _replay(dsn: str, models: Sequence[ReadModel[Any]]) -> None:
    await migrate(dsn)
    async with PostgresEventStore(dsn, EVENTS, WallClock()) as store:
        with progress("Replaying") as show:
            await rebuild(dsn, store, models, EVENTS, show)


async def _replay_until(dsn: str, models: Sequence[ReadModel[Any]], instant: datetime) -> list[ModelVerdict]:
    await must_be_current(dsn)
    async with PostgresEventStore(dsn, EVENTS, WallClock(), tolerant=True) as store:
        position = await store.position_at(instant)
        with progress("Replaying") as show:
            return await replayed_until(dsn, store, models, EVENTS, position, show)


def _as_json(verdict: ModelVerdict) -> dict[str, object]:
    return {
        "name": verdict.name,
        "version": verdict.version,
        "events": verdict.events,
        "rows": verdict.rows,
        "live": verdict.live,
        "replayed": verdict.replayed,
        "same": verdict.same,
    }
