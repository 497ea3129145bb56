"""``eosvolt events``: prints the history for auditors, past events or also new ones."""

import asyncio
import contextlib
import difflib
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, NamedTuple

import msgspec
import typer

from eosvolt.adapters.clock import WallClock
from eosvolt.adapters.http.presentation.event_view import EventView, event_view
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.schema import must_be_current
from eosvolt.composition.database import database
from eosvolt.config import load
from eosvolt.console.logs import configure_logs
from eosvolt.console.options import Json, Since, Until
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import EVENTS

LOOK_EVERY_SECONDS = 1.0
EVENTS_AT_ONCE = 1_000
HEADER = f"{'position':>9}  {'recordedAt':24}  {'stream':28}  {'type':24}  {'by':20}  data"


class EventFilter(NamedTuple):
    """A filter of events."""

    stream: str
    charger: str
    types: frozenset[str]
    since: datetime | None
    until: datetime | None
    limit: int | None
    follow: bool


def events(
    stream: Annotated[str, typer.Option(help="Only of this stream, e.g. session:170001.")] = "",
    session: Annotated[int | None, typer.Option(min=1, help="Only of the session of this number.")] = None,
    charger: Annotated[
        str, typer.Option(help="Only about this charger: its id, or 242/its id for that of a company.")
    ] = "",
    kind: Annotated[
        list[str] | None, typer.Option("--type", help="Only of this type, e.g. charging-ended.")
    ] = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many, the oldest first.")] = None,
    follow: Annotated[
        bool,
        typer.Option("--follow", help="Go on with what happens, until Ctrl-C. Without --since only that."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Print the history: what happened, when, by whom and caused by what.

    With --json one object a line, with the names of the API.
    """
    for name in kind or ():
        if name not in EVENTS:
            near = difflib.get_close_matches(name, EVENTS, n=1)
            meant = f" Was {near[0]} meant?" if near else ""
            raise ValueError(f"There is no event type {name}.{meant} docs/glossary.md lists them all.")
    if stream and session is not None:
        raise ValueError("Give a stream or a session, not both.")
    chosen = f"session:{session}" if session is not None else stream
    wanted = EventFilter(chosen, charger, frozenset(kind or ()), since, until, limit, follow)
    settings = load()
    configure_logs(settings)
    with database(settings) as dsn, contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_print(dsn, wanted, as_json=as_json))


async def _print(dsn: str, wanted: EventFilter, *, as_json: bool) -> None:
    await must_be_current(dsn)
    async with PostgresEventStore(dsn, EVENTS, WallClock()) as store:
        if not as_json:
            typer.echo(HEADER)
        printed = 0
        async for fact in _found(store, wanted):
            typer.echo(_json_line(fact) if as_json else _line(fact))
            printed += 1
            if printed == wanted.limit:
                return


async def _found(store: PostgresEventStore, wanted: EventFilter) -> AsyncIterator[Fact]:
    about = _About(store, wanted.charger)
    after = await store.head() if wanted.follow and wanted.since is None else 0
    since = wanted.since
    while True:
        head = await store.head()
        found = store.search(
            stream=wanted.stream or None,
            tags=wanted.types or None,
            since=since,
            until=wanted.until,
            after=after,
        )
        async for fact in found:
            after = max(after, fact.position)
            if await about.concerns(fact):
                yield fact
        if not wanted.follow:
            return
        after, since = max(after, head), None
        await asyncio.sleep(LOOK_EVERY_SECONDS)


class _About:
    """Matches the events about one charger: of its streams, naming it, or of its sessions."""

    def __init__(self, store: PostgresEventStore, charger: str) -> None:
        """``charger`` is a charge box id, optionally after its company and ``/``; empty for all."""
        self._store = store
        self._charger = charger
        self._others: dict[str, bool] = {}

    async def concerns(self, fact: Fact) -> bool:
        if not self._charger:
            return True
        named = getattr(fact.event, "charge_point", None)
        company = fact.why.company
        if isinstance(named, str):
            return self._meant(company, named)
        if self._meant(company, fact.key.rpartition("#")[0] or fact.key):
            return True
        if fact.stream not in self._others:
            if len(self._others) > EVENTS_AT_ONCE * 100:
                self._others.clear()
            self._others[fact.stream] = await self._began_here(company, fact.stream)
        return self._others[fact.stream]

    async def _began_here(self, company: int, stream: str) -> bool:
        """Whether the stream's first event names the charger."""
        facts = await self._store.read(stream)
        plain = msgspec.to_builtins(facts[0].event) if facts else {}
        named = [plain.get("charge_point"), *(each.get("charge_point") for each in _parts(plain))]
        return any(isinstance(each, str) and self._meant(company, each) for each in named)

    def _meant(self, company: int, name: str) -> bool:
        """Whether ``name``, a charge box id with or without its company, is the charger."""
        box = name.removeprefix(f"{company}/")
        return self._charger in {box, f"{company}/{box}"}


def _parts(plain: dict[str, object]) -> list[dict[str, object]]:
    return [part for part in plain.values() if isinstance(part, dict)]


class _Line(EventView, frozen=True, kw_only=True):
    """An event as the API shows it, with its company. ``event`` is what this command printed before."""

    company: int
    event: dict[str, object]


def _json_line(fact: Fact) -> str:
    view = event_view(fact)
    fields = {name: getattr(view, name) for name in view.__struct_fields__}
    line = _Line(**fields, company=fact.why.company, event=msgspec.to_builtins(fact.event))
    return msgspec.json.encode(line).decode()


def _line(fact: Fact) -> str:
    view = event_view(fact)
    at = view.recorded_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    data = msgspec.json.encode(view.data).decode()
    return f"{view.position:>9}  {at}  {view.stream:28}  {view.type:24}  {view.by:20}  {data}"
