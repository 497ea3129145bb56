"""``eosvolt rate``: applies a draft tariff to past sessions and stores nothing."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec
import typer

from eosvolt.adapters.clock import WallClock
from eosvolt.adapters.http.api.tariffs import TariffShape, tariff
from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.queries.live import LiveRows, readers_of
from eosvolt.adapters.postgres.queries.rating import PostgresRatingQueries
from eosvolt.adapters.postgres.schema import must_be_current
from eosvolt.composition.database import database
from eosvolt.config import load
from eosvolt.console.logs import configure_logs
from eosvolt.console.options import Json, instant
from eosvolt.console.tables import table
from eosvolt.domain.money import Money
from eosvolt.domain.tariffs.tariff import Tariff
from eosvolt.domain.vocabulary import EVENTS
from eosvolt.projections import READ_MODELS
from eosvolt.projections.session_row import SessionRow
from eosvolt.projections.what_if import WhatIf


class Wanted(NamedTuple):
    """Which sessions are rated: those of a company or of all, that ended in ``[since, until)``."""

    company: int | None
    since: datetime
    until: datetime
    locations: Sequence[str]


def rate(
    draft: Annotated[Path, typer.Option("--tariff", help="A JSON file with a tariff as in the API.")],
    since: Annotated[
        datetime,
        typer.Option(
            "--from", parser=instant, metavar="INSTANT", help="Sessions that ended at or after this."
        ),
    ],
    until: Annotated[
        datetime, typer.Option("--to", parser=instant, metavar="INSTANT", help="… and before this.")
    ],
    location: Annotated[str, typer.Option(help="Only of this location.")] = "",
    company: Annotated[int, typer.Option(help="Only of this company.")] = 0,
    as_json: Json = False,
) -> None:
    """Print what past sessions would have cost under a draft tariff, beside what they did cost."""
    try:
        shape = msgspec.json.decode(draft.read_bytes(), type=TariffShape)
    except OSError as error:
        raise ValueError(f"{draft} cannot be read: {error.strerror}.") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"{draft} is no tariff: {error}") from None
    if until <= since:
        raise ValueError("--to has to be after --from.")
    settings = load()
    configure_logs(settings)
    wanted = Wanted(company or None, since, until, (location,) if location else ())
    with database(settings) as dsn:
        asyncio.run(_print(dsn, shape, wanted, as_json=as_json))


async def _print(dsn: str, shape: TariffShape, wanted: Wanted, *, as_json: bool) -> None:
    await must_be_current(dsn)
    then: dict[str, int] = {}
    now: dict[str, int] = {}
    lines: list[tuple[str, ...]] = []
    async with PostgresEventStore(dsn, EVENTS, WallClock()) as store:
        async for row, found in _rated(dsn, store, shape, wanted):
            then[row.currency] = then.get(row.currency, 0) + found.then
            now[row.currency] = now.get(row.currency, 0) + found.now.gross.minor
            if as_json:
                typer.echo(_json_line(row, found))
            else:
                lines.append(_line(row, found))
    if not as_json:
        header = ("session", "charger", "did cost", "would cost", "difference")
        typer.echo("\n".join(table(header, lines, frozenset({0, 2, 3, 4}))))
        typer.echo("")
    for currency in sorted(then):
        before, after = Money(currency, then[currency]), Money(currency, now[currency])
        typer.echo(f"{before} became {after}: {after - before}", err=as_json)


async def _rated(
    dsn: str, store: PostgresEventStore, shape: TariffShape, wanted: Wanted
) -> AsyncIterator[tuple[SessionRow, WhatIf]]:
    reading = ReadPool(dsn, "rate", size=1)
    await reading.open()
    try:
        found = PostgresRatingQueries(LiveRows(reading, readers_of(READ_MODELS)), store).rated_sessions(
            wanted.company, wanted.since, wanted.until, partial(_drafted, shape), wanted.locations
        )
        async for some in found:
            for each in some:
                yield each
    except KeyError:
        raise ValueError("The read models are not built yet: start the server once.") from None
    finally:
        await reading.close()


def _drafted(shape: TariffShape, pinned: Tariff) -> Tariff:
    drafted, wrong = tariff(
        shape, currency=pinned.currency, vat_rate=str(pinned.vat_rate), time_zone=pinned.time_zone
    )
    if wrong:
        raise ValueError(" ".join(sentence for _, sentence in wrong))
    return drafted


def _line(row: SessionRow, found: WhatIf) -> tuple[str, ...]:
    then, now = Money(row.currency, found.then), found.now.gross
    return str(row.number), row.charge_point, str(then), str(now), str(now - then)


def _json_line(row: SessionRow, found: WhatIf) -> str:
    return msgspec.json.encode(
        {
            "session": row.id,
            "location": row.location,
            "then": Money(row.currency, found.then),
            "now": found.now.gross,
            "lines": found.lines,
        }
    ).decode()
