"""``eosvolt verify`` and ``accept-history``: the audit, and accepting the head of a restored backup."""

import asyncio
import getpass
from datetime import datetime
from typing import Annotated

import msgspec
import psycopg
import typer

from eosvolt.adapters.clock import WallClock
from eosvolt.adapters.postgres.head_acceptance import EMPTY, NotTheHead, accept_head
from eosvolt.adapters.postgres.head_file import HeadFile
from eosvolt.adapters.postgres.verification_runs import record_run
from eosvolt.application.history_proof import ModelResult, VerificationRun
from eosvolt.composition.audit import Audit, audited, ledger_findings, not_covered
from eosvolt.composition.database import database
from eosvolt.config import Settings, load
from eosvolt.console.logs import configure_logs
from eosvolt.console.options import Json
from eosvolt.console.progress import progress
from eosvolt.console.tables import table

SHORTEST_DIGEST = 16


def verify(
    expect: Annotated[
        list[str] | None,
        typer.Option(
            "--expect",
            metavar="DIGEST",
            help="A head written down elsewhere, in hex: it must be in the chain. May be given many times.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Prove that every figure follows from the history, and the history from its seals.

    Exit 0 only if all is the same. Changes nothing that it proves; pages show what it found.
    """
    digests = tuple(_digest(each) for each in expect or ())
    settings = load()
    configure_logs(settings)
    with database(settings) as dsn:
        started_at = WallClock().now()
        audit = asyncio.run(_audit(settings, dsn, digests))
        asyncio.run(_record(dsn, audit, started_at))
    if as_json:
        typer.echo(msgspec.json.encode(_as_json(audit)).decode())
    else:
        _print(audit)
    raise typer.Exit(0 if audit.whole else 1)


def accept_history(
    digest: Annotated[
        str, typer.Argument(help=f"The head in the database as `eosvolt verify` prints it, or `{EMPTY}`.")
    ],
    reason: Annotated[
        str, typer.Option(help="Why it is right, e.g. which backup was restored.", prompt=True)
    ],
) -> None:
    """Accept the history in the database as it ends now, after restoring a backup.

    Without this the server refuses to seal a history that ends before the known head or differs from it. Who
    accepted what, when and why is kept in the signed file and shown by `eosvolt verify`.
    """
    if not reason.strip():
        raise ValueError("Please say why the history in the database is right.")
    settings = load()
    configure_logs(settings)
    with database(settings) as dsn:
        try:
            accepted = asyncio.run(_accept(settings, dsn, digest, reason.strip()))
        except NotTheHead as refusal:
            raise ValueError(str(refusal)) from None
    typer.echo(
        f"The history is accepted as it ends at position {accepted}. The server continues to seal from there."
    )


async def _audit(settings: Settings, dsn: str, digests: tuple[str, ...]) -> Audit:
    with progress("Verifying") as show:
        return await audited(settings, dsn, digests, show)


async def _record(dsn: str, audit: Audit, started_at: datetime) -> None:
    """Store the result for the page of proofs, if the database can be written."""
    history = audit.history
    run = VerificationRun(
        started_at=started_at,
        ended_at=WallClock().now(),
        by=_person(),
        position=0 if history is None else history.position,
        digest="" if history is None else history.digest,
        intact=audit.intact,
        same=audit.whole,
        models=tuple(
            ModelResult(name=v.name, events=v.events, rows=v.rows, live=v.live, replayed=v.replayed)
            for v in audit.verdicts
        ),
        findings=(
            *(f"{each.kind.value}: {each.text}" for each in audit.findings),
            *(f"ledger: {each}" for each in ledger_findings(audit)),
        ),
    )
    try:
        await record_run(dsn, run)
    except psycopg.Error as error:
        typer.echo(f"The result is not recorded: {str(error).strip().splitlines()[0]}", err=True)


async def _accept(settings: Settings, dsn: str, digest: str, reason: str) -> int:
    heads = HeadFile(settings.data_dir, settings.secret().encode())
    now = WallClock().now()
    accepted = await accept_head(dsn, heads, digest, reason=reason, by=_person(), now=now)
    return accepted.after.position


def _person() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _digest(text: str) -> str:
    digest = text.strip().casefold()
    if not SHORTEST_DIGEST <= len(digest) <= 64 or set(digest) - set("0123456789abcdef"):
        raise typer.BadParameter(
            f"{text!r} is no digest: 16 to 64 characters 0-9 and a-f.", param_hint="--expect"
        )
    return digest


def _print(audit: Audit) -> None:
    rows = [
        (
            v.name,
            f"{v.events:,}",
            f"{v.rows:,}",
            v.live[:16] or "-",
            v.replayed[:16],
            "same" if v.same else "DIFFERENT",
        )
        for v in audit.verdicts
    ]
    header = ("model", "events", "rows", "digest live", "digest replayed", "result")
    typer.echo("\n".join(table(header, rows, frozenset({1, 2}))))
    typer.echo("")
    history = audit.history
    if history is not None:
        state = "intact" if audit.intact else "TAMPERED WITH"
        typer.echo(
            f"history: {history.events:,} events, {history.unsealed:,} not sealed yet, head at position"
            f" {history.position}, digest {history.digest}: {state}"
        )
    if audit.ledger is not None and audit.ledger.agrees:
        typer.echo(
            f"ledger: {audit.ledger.entries:,} entries agree with revenue, sessions, sums and balances"
        )
    for sentence in ledger_findings(audit):
        typer.echo(f"ledger: {sentence}")
    for acceptance in audit.accepted:
        before = acceptance.before.position if acceptance.before else 0
        typer.echo(
            f"accepted: on {acceptance.at:%Y-%m-%d %H:%M} UTC by {acceptance.by} at position"
            f" {acceptance.after.position} instead of {before}: {acceptance.reason}"
        )
    for finding in audit.findings:
        where = f"position {finding.position}: " if finding.position else ""
        typer.echo(f"finding: {where}{finding.kind.value}: {finding.text}")
    for sentence in not_covered(audit):
        typer.echo(f"not covered: {sentence}")


def _as_json(audit: Audit) -> dict[str, object]:
    history = audit.history
    return {
        "same": audit.whole,
        "models": [
            {
                "name": verdict.name,
                "version": verdict.version,
                "events": verdict.events,
                "rows": verdict.rows,
                "live": verdict.live,
                "replayed": verdict.replayed,
                "same": verdict.same,
            }
            for verdict in audit.verdicts
        ],
        "history": {
            "events": 0 if history is None else history.events,
            "unsealed": 0 if history is None else history.unsealed,
            "position": 0 if history is None else history.position,
            "digest": "" if history is None else history.digest,
            "intact": audit.intact,
            "findings": [
                {"kind": finding.kind.value, "position": finding.position, "text": finding.text}
                for finding in audit.findings
            ],
            "accepted": [msgspec.to_builtins(each) for each in audit.accepted],
        },
        "ledger": None
        if audit.ledger is None
        else {
            "entries": audit.ledger.entries,
            "agrees": audit.ledger.agrees,
            "disagreements": ledger_findings(audit),
        },
        "frames": None
        if audit.frames is None
        else {"days": audit.frames.compared, "dropped": audit.frames.dropped},
        "files": None
        if audit.files is None
        else {"compared": audit.files.compared, "expired": audit.files.expired},
        "notCovered": not_covered(audit),
    }
