"""``eosvolt replay``, ``verify`` and ``events``: the auditor's commands."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console

from eosvolt.adapters.clock import WallClock
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.history_check import HistoryReport, check_history
from eosvolt.adapters.postgres.rebuild import replay as rebuild
from eosvolt.adapters.postgres.schema import migrate
from eosvolt.adapters.postgres.verification import Verdict, replayed_until
from eosvolt.adapters.postgres.verification import verify as compare
from eosvolt.composition import database
from eosvolt.config import Settings, load
from eosvolt.console.logs import configure_logs
from eosvolt.console.progress import progress
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import EVENTS, tag
from eosvolt.projections import READ_MODELS
from eosvolt.projections.read_model import ReadModel

NAMES = [model.name for model in READ_MODELS]
Models = Annotated[list[str] | None, typer.Option("--model", help=f"Only this one: {', '.join(NAMES)}.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Instant = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"])
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(replay)
    app.command()(verify)
    app.command()(events)


def replay(model: Models = None, as_of: Instant = None, as_json: Json = False) -> None:
    """Rebuild read models from the history beside the live ones and switch.

    With --as-of nothing is switched: prints what the models were at that instant, by their digests.
    """
    settings = load()
    configure_logs(settings)
    models = _chosen(model)
    with database(settings) as dsn:
        if as_of is not None:
            _print(asyncio.run(_replay_until(dsn, models, _aware(as_of))), as_json=as_json)
            return
        asyncio.run(_replay(dsn, models))
    if not as_json:
        Console().print(f"{len(models)} read models rebuilt.")


def verify(as_json: Json = False) -> None:
    """Prove that every figure follows from the history, and the history from its seals.

    Exit 0 only if all is the same.
    """
    settings = load()
    configure_logs(settings)
    with database(settings) as dsn:
        report, verdicts = asyncio.run(_verify(settings, dsn))
    whole = report.intact and all(verdict.same for verdict in verdicts)
    if as_json:
        typer.echo(msgspec.json.encode(_as_json(report, verdicts, whole=whole)).decode())
    else:
        _print(verdicts, as_json=False)
        _print_history(report)
    raise typer.Exit(0 if whole else 1)


def events(
    stream: Annotated[str, typer.Option(help="Only of this stream, e.g. session:170001.")] = "",
    kind: Annotated[
        list[str] | None, typer.Option("--type", help="Only of this type, e.g. charging-ended.")
    ] = None,
    since: Instant = None,
    until: Instant = None,
    as_json: Json = False,
) -> None:
    """Print the history: what happened, when, by whom and caused by what."""
    unknown = sorted(set(kind or ()) - set(EVENTS))
    if unknown:
        raise ValueError(f"There is no event type {unknown[0]}. There are: {', '.join(sorted(EVENTS))}.")
    settings = load()
    configure_logs(settings)
    with database(settings) as dsn:
        asyncio.run(_print_events(dsn, stream, frozenset(kind or ()), since, until, as_json=as_json))


def _chosen(names: Sequence[str] | None) -> list[ReadModel[Any]]:
    unknown = sorted(set(names or ()) - set(NAMES))
    if unknown:
        raise ValueError(f"There is no read model {unknown[0]}. There are: {', '.join(NAMES)}.")
    return [model for model in READ_MODELS if not names or model.name in names]


def _aware(instant: datetime) -> datetime:
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


async def _replay(dsn: str, models: Sequence[ReadModel[Any]]) -> None:
    await migrate(dsn)
    async with PostgresEventStore(dsn, EVENTS, WallClock()) as store:
        with progress("Replaying") as show:
            await rebuild(dsn, store, models, EVENTS, show)


async def _replay_until(dsn: str, models: Sequence[ReadModel[Any]], instant: datetime) -> list[Verdict]:
    await migrate(dsn)
    async with PostgresEventStore(dsn, EVENTS, WallClock()) as store:
        position = await store.position_at(instant)
        with progress("Replaying") as show:
            return await replayed_until(dsn, store, models, EVENTS, position, show)


async def _verify(settings: Settings, dsn: str) -> tuple[HistoryReport, list[Verdict]]:
    await migrate(dsn)
    with progress("Checking the history") as show:
        report = await check_history(dsn, settings.secret().encode(), show)
    async with PostgresEventStore(dsn, EVENTS, WallClock()) as store:
        with progress("Replaying") as show:
            return report, await compare(dsn, store, READ_MODELS, EVENTS, show)


def _print(verdicts: Sequence[Verdict], *, as_json: bool) -> None:
    if as_json:
        typer.echo(msgspec.json.encode([_verdict(verdict) for verdict in verdicts]).decode())
        return
    for verdict in verdicts:
        digests = f"{verdict.live[:16] or '-':16}  {verdict.replayed[:16]:16}"
        typer.echo(
            f"{verdict.name:18} {verdict.events:>12,} events {verdict.rows:>10,} rows  {digests}  "
            + ("same" if verdict.same else "DIFFERENT")
        )


def _print_history(report: HistoryReport) -> None:
    for finding in report.findings:
        typer.echo(f"history: position {finding.position}: {finding.kind.value}: {finding.text}")
    state = "intact" if report.intact else "TAMPERED WITH"
    typer.echo(
        f"history            {report.events:>12,} events, {report.unsealed:,} not sealed yet, "
        f"seal {report.digest[:16] or '-'}  {state}"
    )


def _verdict(verdict: Verdict) -> dict[str, object]:
    return {
        "name": verdict.name,
        "version": verdict.version,
        "events": verdict.events,
        "rows": verdict.rows,
        "live": verdict.live,
        "replayed": verdict.replayed,
        "same": verdict.same,
    }


def _as_json(report: HistoryReport, verdicts: Sequence[Verdict], *, whole: bool) -> dict[str, object]:
    return {
        "same": whole,
        "models": [_verdict(verdict) for verdict in verdicts],
        "history": {
            "events": report.events,
            "unsealed": report.unsealed,
            "digest": report.digest,
            "intact": report.intact,
            "findings": [
                {"kind": finding.kind.value, "position": finding.position, "text": finding.text}
                for finding in report.findings
            ],
        },
    }


async def _print_events(
    dsn: str,
    stream: str,
    tags: frozenset[str],
    since: datetime | None,
    until: datetime | None,
    *,
    as_json: bool,
) -> None:
    await migrate(dsn)
    async with PostgresEventStore(dsn, EVENTS, WallClock()) as store:
        found = store.search(
            stream=stream or None,
            tags=tags or None,
            since=None if since is None else _aware(since),
            until=None if until is None else _aware(until),
        )
        async for fact in found:
            typer.echo(_json_line(fact) if as_json else _line(fact))


def _json_line(fact: Fact) -> str:
    return msgspec.json.encode(
        {
            "position": fact.position,
            "stream": fact.stream,
            "version": fact.version,
            "recordedAt": fact.recorded_at,
            "company": fact.why.company,
            "by": fact.why.by,
            "cause": fact.why.cause,
            "frame": fact.why.frame,
            "event": fact.event,
        }
    ).decode()


def _line(fact: Fact) -> str:
    at = fact.recorded_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    body = msgspec.json.encode(fact.event).decode()
    return f"{fact.position:>9}  {at}  {fact.stream:28} {tag(type(fact.event)):22} {fact.why.by:20} {body}"
