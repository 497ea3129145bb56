"""The checks of ``eosvolt doctor``. They change nothing."""

import os
import shutil
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, LiteralString, NamedTuple

import httpx2
import msgspec

from eosvolt.adapters.certificates.keeping import Unusable, read_certificate
from eosvolt.adapters.postgres.connections import Db, connect
from eosvolt.adapters.postgres.frame_retention import frames_kept
from eosvolt.adapters.postgres.head_file import HeadFile, HeadFileUnusable
from eosvolt.adapters.postgres.schema import SchemaMismatch, pending
from eosvolt.adapters.postgres.stored_events import moment
from eosvolt.application.frames_lost import dropped_on
from eosvolt.config import Settings

OLDEST_POSTGRES = 15
CLOCKS_DIFFER = timedelta(seconds=5)
LEAST_FREE_BYTES = 2**30
CERTIFICATE_ENDS = timedelta(days=14)
ANSWERS_WITHIN_SECONDS = 5
SEALED_WITHIN = timedelta(minutes=1)
_AFTER_HEAD: LiteralString = (
    "SELECT state FROM stored_events WHERE notification_id >"
    " (SELECT coalesce(max(up_to), 0) FROM history_seals) ORDER BY notification_id LIMIT 1"
)


class Check(NamedTuple):
    """The result of one check: whether it passed, and what was found."""

    good: bool
    sentence: str


def data_directory(folder: Path) -> Check:
    """Whether the data directory is writable, and its disk has free space."""
    if not folder.is_dir():
        return Check(False, f"The data directory {folder} is not there: the first start makes it")
    if not os.access(folder, os.W_OK | os.X_OK):
        return Check(False, f"The data directory {folder} cannot be written to")
    return room(folder, shutil.disk_usage(folder).free)


def room(folder: Path, free: int) -> Check:
    """Whether the ``free`` bytes of the disk are enough for the database."""
    return Check(free >= LEAST_FREE_BYTES, f"{free / 2**30:,.1f} GiB are free for {folder} (at least 1)")


def secret_key(settings: Settings) -> Check:
    """Whether there is a secret key that other accounts cannot read."""
    if settings.secret_key:
        return Check(True, "The secret key is set")
    file = settings.data_dir / "secret_key"
    try:
        mode = file.stat().st_mode
        length = len(file.read_text(encoding="ascii"))
    except FileNotFoundError:
        return Check(False, f"There is no secret key in {settings.data_dir}: the first start makes it")
    except (OSError, UnicodeDecodeError):
        return Check(False, f"The secret key {file} cannot be read")
    if length < 32:
        return Check(False, f"The secret key {file} is shorter than 32 characters")
    others = stat.S_IMODE(mode) & 0o077
    return Check(
        not others, f"Only its owner can read {file}" if not others else f"Others can read {file}: chmod 600"
    )


def certificates(settings: Settings, files: Callable[[], list[Path]], now: datetime) -> list[Check]:
    """Whether the server's certificates do not expire soon; no checks without TLS ports."""
    if not (settings.tls_port or settings.mtls_port):
        return []
    found = []
    for file in files():
        try:
            ends = read_certificate(file).not_valid_after_utc
        except (Unusable, OSError):
            found.append(Check(False, f"The certificate {file} cannot be read"))
        else:
            found.append(
                Check(ends - now > CERTIFICATE_ENDS, f"The certificate {file} is valid until {ends:%Y-%m-%d}")
            )
    return found or [Check(False, "There is no certificate for TLS yet: `eosvolt tls init` makes one")]


async def reachable(url: str) -> list[Check]:
    """Whether the system responds at its public URL and is ready."""
    try:
        async with httpx2.AsyncClient(timeout=ANSWERS_WITHIN_SECONDS, trust_env=False) as client:
            alive = await client.get(f"{url}/healthz")
            ready = await client.get(f"{url}/readyz")
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        return [Check(False, f"Nobody answers at {url} ({type(error).__name__}): is the server running?")]
    if alive.status_code != 200:
        return [Check(False, f"{url} answers with status {alive.status_code}: another server?")]
    reasons = "" if ready.status_code == 200 else f", but is not ready: {_reasons(ready.content)}"
    return [Check(not reasons, f"The system answers at {url}{reasons}")]


async def database(
    dsn: str, heads: HeadFile, now: Callable[[], datetime], frames_kept_days: int
) -> list[Check]:
    """All checks that need the database."""
    async with await connect(dsn, "doctor") as connection:
        found = [
            version(connection.info.server_version),
            durable("fsync", str(await _one(connection, "SHOW fsync"))),
            durable("synchronous_commit", str(await _one(connection, "SHOW synchronous_commit"))),
            clock(now(), await _one(connection, "SELECT clock_timestamp()")),
        ]
        current = await schema(dsn)
        found.append(current)
        if current.good:
            found += [await chain(connection, heads), await sealed(connection, now())]
            today = now().astimezone(UTC).date()
            found += [await frames(connection, frames_kept_days, today), await jobs(connection)]
    return found


def version(number: int) -> Check:
    """Whether the PostgreSQL version is supported; ``number`` as in libpq, e.g. 180004."""
    major = number // 10_000
    return Check(major >= OLDEST_POSTGRES, f"PostgreSQL is version {major} (at least {OLDEST_POSTGRES})")


def durable(setting: str, value: str) -> Check:
    """Whether a PostgreSQL setting ensures that committed transactions are on disk."""
    return Check(value != "off", f"The database writes to disk before it acknowledges ({setting} is {value})")


def clock(ours: datetime, theirs: datetime) -> Check:
    """Whether this machine and the database agree on the time."""
    differ = abs(ours - theirs)
    return Check(
        differ <= CLOCKS_DIFFER,
        f"The clocks here and in the database differ by {differ.total_seconds():.1f} s",
    )


async def schema(dsn: str) -> Check:
    """Whether the database has the schema that this program expects."""
    try:
        missing = await pending(dsn)
    except SchemaMismatch as reason:
        return Check(False, str(reason))
    if missing:
        return Check(
            False, f"The schema is older than this program: {len(missing)} migrations are to be applied"
        )
    return Check(True, "The schema is that of this program")


async def chain(connection: Db, heads: HeadFile) -> Check:
    """Whether the database's history continues from the known head."""
    try:
        record = heads.read()
    except HeadFileUnusable as reason:
        return Check(False, str(reason))
    if record is None or record.head is None:
        sealed_at_all = await _one(connection, "SELECT count(*) FROM history_seals")
        return Check(
            not sealed_at_all,
            f"The head of the history is in no file {heads.path}"
            if sealed_at_all
            else "The history has no seal yet",
        )
    query = "SELECT count(*) FROM history_seals WHERE up_to = %s AND digest = %s"
    known = await _one(connection, query, (record.head.position, bytes.fromhex(record.head.digest)))
    if known:
        return Check(True, f"The history continues its known head at position {record.head.position}")
    return Check(
        False,
        f"The known head at position {record.head.position} is not in the database: see `eosvolt verify`",
    )


async def sealed(connection: Db, now: datetime) -> Check:
    """Whether sealing keeps up with the history."""
    cursor = await connection.execute(_AFTER_HEAD)
    row = await cursor.fetchone()
    if row is None:
        return Check(True, "All events are sealed")
    try:
        waits = now - moment(row[0]).recorded_at
    except msgspec.MsgspecError:
        return Check(False, "The oldest event that is not sealed cannot be read: see `eosvolt verify`")
    return Check(
        waits <= SEALED_WITHIN, f"The oldest event that is not sealed is {waits.total_seconds():,.0f} s old"
    )


async def frames(connection: Db, kept_days: int, today: date) -> Check:
    """Whether retention drops old OCPP messages in time, and the size of the log.

    ``today`` is in UTC. Dropping a day may be delayed by a long read.
    """
    kept = await frames_kept(connection)
    takes = f"The log of OCPP messages takes {kept.size / 2**20:,.1f} MiB"
    if kept.since is None:
        return Check(True, f"{takes} and is empty")
    drops_on = dropped_on(kept.since, kept_days)
    since = f"{takes}, and goes back to {kept.since} (kept for {kept_days} days)"
    if drops_on < today:
        return Check(False, f"{since}: that day should have been dropped on {drops_on}")
    return Check(True, since)


async def jobs(connection: Db) -> Check:
    """Whether a failed job waits for an operator."""
    query = "SELECT count(*) FROM failed_jobs WHERE next_attempt_at IS NULL AND dismissed_at IS NULL"
    waiting = await _one(connection, query)
    return Check(not waiting, f"{waiting} failed jobs wait for an operator")


async def _one(connection: Db, query: LiteralString, params: tuple[object, ...] = ()) -> Any:  # noqa: ANN401 - the column's
    cursor = await connection.execute(query, params)
    row = await cursor.fetchone()
    return None if row is None else row[0]


def _reasons(body: bytes) -> str:
    try:
        return " ".join(map(str, msgspec.json.decode(body)["reasons"]))
    except (msgspec.MsgspecError, KeyError, TypeError):
        return "it gives no reason"
