"""The PostgreSQL that comes with EOSVOLT: started, found again and stopped without a system service.

One server for each data directory. Any number of processes may use it at once: the first starts it, the
others join, and the last one to leave stops it. If a process dies, the server goes on and the next start
finds it. If the server dies, it recovers from its log.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from eosvolt.adapters.postgres.embedded_home import EmbeddedPostgresError, Home, settle
from eosvolt.adapters.postgres.embedded_settings import ACCESS, postgresql_conf

_USER = "eosvolt"
_DATABASE = "eosvolt"
# Recovery after a crash replays at most two gigabytes of log.
_START_SECONDS = 300
_STOP_SECONDS = 60
_PROCESSES = Path("/proc")


class EmbeddedPostgres:
    """The server of one data directory, from ``start`` to ``stop`` or inside a ``with``.

    ``durable=False`` trades safety for speed: where the server itself is killed its last commits are lost.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        """``data_dir`` is created if it does not exist."""
        self._data_dir = data_dir.resolve()
        self._durable = durable
        self._using: int | None = None
        self._home: Home | None = None

    @property
    def dsn(self) -> str:
        """The URL of EOSVOLT's database in this server."""
        return _address(self._settled, _DATABASE)

    @property
    def pid(self) -> int | None:
        """The server's main process, or ``None`` when it is not running."""
        return _running(self._settled)

    @property
    def _settled(self) -> Home:
        if self._home is None:
            raise EmbeddedPostgresError("The embedded PostgreSQL was not started.")
        return self._home

    def start(self) -> str:
        """Start the server or join the running one; returns ``dsn``. Raises ``EmbeddedPostgresError``."""
        if self._using is None:
            try:
                self._data_dir.mkdir(parents=True, exist_ok=True)
                with self._turn():
                    self._join()
            except PermissionError as error:
                raise EmbeddedPostgresError(f"{error.filename} belongs to another user.") from error
        return self.dsn

    def _join(self) -> None:
        self._home = home = settle(self._data_dir)
        if not (home.cluster / "PG_VERSION").exists():
            _create(home, durable=self._durable)
        _refuse_other_version(home)
        _bring_up(home, durable=self._durable)
        self._using = os.open(self._data_dir / "postgres.users", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._using, fcntl.LOCK_SH)

    def revive(self) -> bool:
        """Start the server again if it has died; return whether it had. Raises ``EmbeddedPostgresError``."""
        home = self._settled
        if _running(home) is not None:
            return False
        with self._turn():
            _bring_up(home, durable=self._durable)
        return True

    def stop(self) -> None:
        """Leave the server; the last one to leave stops it. Does nothing when not started."""
        if self._using is None:
            return
        with self._turn():
            try:
                fcntl.flock(self._using, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # others are still using it
            else:
                _shut_down(self._settled)
            finally:
                os.close(self._using)
                self._using = None

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """Hold the lock under which processes start and stop the server."""
        with (self._data_dir / "postgres.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _create(home: Home, *, durable: bool) -> None:
    """Create an empty cluster, atomically."""
    draft = home.cluster.with_name("data.new")
    shutil.rmtree(draft, ignore_errors=True)
    language = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    options = ["--auth=trust", "--data-checksums", *(() if durable else ("--no-sync",))]
    made = _run(home, "initdb", "--pgdata", str(draft), "--username", _USER, *language, *options)
    if made.returncode:
        raise EmbeddedPostgresError(f"The embedded PostgreSQL could not be set up: {made.stderr.strip()}")
    draft.rename(home.cluster)


def _refuse_other_version(home: Home) -> None:
    found = (home.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
    ours = _run(home, "postgres", "--version").stdout.split()[-1].split(".")[0]
    if found != ours:
        raise EmbeddedPostgresError(
            f"The database in {home.cluster} was made by PostgreSQL {found}, and this release brings "
            f"PostgreSQL {ours}: move it over with pg_dump of the old release, or set EOSVOLT_DATABASE_URL."
        )


def _bring_up(home: Home, *, durable: bool) -> None:
    """Start the server unless it runs, wait until it answers, and create our database if it is missing."""
    deadline = time.monotonic() + _START_SECONDS
    while True:
        # A server that is shutting down refuses connections until it is gone.
        if _running(home) is None:
            _launch(home, durable=durable)
        try:
            with psycopg.connect(
                _address(home, "postgres"), autocommit=True, connect_timeout=5
            ) as connection:
                _ensure_database(connection)
                return
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(f"The embedded PostgreSQL does not answer: {error}") from error
            time.sleep(0.05)


def _ensure_database(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (_DATABASE,)).fetchone()
    if found is None:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_DATABASE)))


def _launch(home: Home, *, durable: bool) -> None:
    _clear_away(home)
    _write(home, "postgresql.conf", postgresql_conf(home.name, home.sockets, durable=durable))
    _write(home, "pg_hba.conf", ACCESS)
    options = ["--log", str(home.startup_log), "--wait", "--timeout", str(_START_SECONDS), "--silent"]
    started = _run(home, "pg_ctl", "start", "--pgdata", str(home.cluster), *options)
    if started.returncode:
        raise EmbeddedPostgresError(
            f"The embedded PostgreSQL did not start; {home.startup_log} and {home.cluster / 'log'} say why."
        )


def _shut_down(home: Home) -> None:
    """Stop the server and disconnect its clients; return when it is gone."""
    deadline = time.monotonic() + _STOP_SECONDS
    if (pid := _running(home)) is not None:
        os.kill(pid, signal.SIGINT)
    while _running(home) is not None:
        if time.monotonic() > deadline:
            raise EmbeddedPostgresError(f"The embedded PostgreSQL (process {pid}) does not stop.")
        time.sleep(0.02)
    if home.sockets.parent != home.cluster.parent:
        with contextlib.suppress(OSError):
            home.sockets.rmdir()


def _clear_away(home: Home) -> None:
    """Remove the files of a killed server once the last of its processes is gone.

    PostgreSQL does this itself unless another process has the dead one's id by now, which is likely after a
    restart of the machine or container.
    """
    deadline = time.monotonic() + _STOP_SECONDS
    while _orphans(home):
        if time.monotonic() > deadline:
            raise EmbeddedPostgresError(f"Processes of a former PostgreSQL are left: {_orphans(home)}.")
        time.sleep(0.05)
    (home.cluster / "postmaster.pid").unlink(missing_ok=True)
    for leftover in home.sockets.glob(".s.PGSQL.*"):
        leftover.unlink(missing_ok=True)


def _running(home: Home) -> int | None:
    """The id of the server's main process, ``None`` if it does not run."""
    try:
        pid = int((home.cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
        os.kill(pid, 0)
    except (FileNotFoundError, ProcessLookupError, ValueError, IndexError):
        return None
    except PermissionError:
        return None  # somebody else's process that got the number of ours
    command = _command_line(pid)
    return pid if command is None or str(home.cluster) in command.split("\0") else None


def _orphans(home: Home) -> list[int]:
    """The server's processes that outlive its main process for a moment and still write."""
    return [
        int(process.name)
        for process in _PROCESSES.glob("[0-9]*")
        if (_command_line(int(process.name)) or "").startswith(f"postgres: {home.name}: ")
    ]


def _command_line(pid: int) -> str | None:
    """The arguments of a process, each ended by NUL; empty if it is dead, ``None`` if that is unknown."""
    if not _PROCESSES.exists():
        return None
    try:
        return (_PROCESSES / str(pid) / "cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _address(home: Home, database: str) -> str:
    return f"postgresql://{_USER}@/{database}?host={quote(str(home.sockets), safe='')}"


def _write(home: Home, name: str, text: str) -> None:
    file = home.cluster / name
    file.write_text(text, encoding="utf-8")
    if home.account:
        os.chown(file, home.account.uid, home.account.gid)


def _run(home: Home, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as the server's account; Ctrl-C in this terminal does not reach it."""
    return subprocess.run(  # noqa: S603 - a program of the wheel, with arguments of our own making
        [str(home.binaries / program), *arguments],
        user=home.account.uid if home.account else None,
        group=home.account.gid if home.account else None,
        extra_groups=() if home.account else None,
        umask=0o077,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
        check=False,
    )
