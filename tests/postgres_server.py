"""The PostgreSQL server of a test run, and fresh databases in it.

All workers of a run share one server: the embedded one, in a folder that the run makes and removes, or the
one that ``$EOSVOLT_TEST_DATABASE_URL`` names (its user must be allowed to create databases).
"""

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from psycopg import sql

from eosvolt.adapters.postgres.embedded import EmbeddedPostgres

GIVEN = "EOSVOLT_TEST_DATABASE_URL"
FOLDER = "EOSVOLT_TEST_FOLDER"
_PREFIX = "eosvolt-tests-"
_ROOT = Path(__file__).parents[1]
_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - the run makes a folder of its own in it
_ROOM_BYTES = 8 * 2**30


def make_folder() -> Path:
    """A folder for this run, named after its process. What killed runs left behind is removed first."""
    place = _place()
    _sweep(place)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=place))
    folder.chmod(0o711)  # under root the server is another user, who must get to its own folder in here
    return folder


def _place() -> Path:
    """Where a run's databases are: in memory if there is room, where a new one is made a third faster.

    ``TMPDIR`` names another place.
    """
    if (
        "TMPDIR" not in os.environ
        and _IN_MEMORY.is_dir()
        and shutil.disk_usage(_IN_MEMORY).free > _ROOM_BYTES
    ):
        return _IN_MEMORY
    return Path(tempfile.gettempdir())


def _sweep(place: Path) -> None:
    """Remove the folders of runs that are gone, unless another run is doing so."""
    with (place / f"{_PREFIX.rstrip('-')}.{os.getuid()}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        for old in place.glob(f"{_PREFIX}*"):
            owner = re.match(rf"{_PREFIX}(\d+)-", old.name)
            # A run that ends at this moment removes its own.
            with contextlib.suppress(FileNotFoundError):
                if owner and old.stat().st_uid == os.getuid() and not _alive(int(owner[1])):
                    remove_folder(old)


def guard(folder: Path) -> Callable[[], None]:
    """Remove ``folder``, and stop the server in it, when this process is gone, however it went.

    Returns what is to be called when the folder is removed already.
    """
    watcher = subprocess.Popen(
        [sys.executable, "-m", "tests.postgres_server", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(_ROOT / "src"), str(_ROOT)))},
        start_new_session=True,  # Ctrl-C is for the run
    )

    def over() -> None:
        watcher.communicate()

    return over


def remove_folder(folder: Path) -> None:
    """Stop the server in ``folder``, if one is left, and remove all of it."""
    # Only where one was left running: several runs may be removing the same folder at once.
    if (folder / "server" / "postgres" / "data" / "postmaster.pid").exists():
        with EmbeddedPostgres(folder / "server", durable=False):
            pass
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The address of the run's server."""
    if given := os.environ.get(GIVEN):
        yield given
    else:
        with EmbeddedPostgres(Path(os.environ[FOLDER]) / "server", durable=False) as embedded:
            yield embedded.dsn


@contextlib.contextmanager
def fresh_database(address: str, template: str | None = None) -> Iterator[str]:
    """A new database on the server at ``address``, dropped afterwards; a copy of ``template`` if given."""
    name = f"test_{uuid4().hex[:16]}"
    create = sql.SQL("CREATE DATABASE {} STRATEGY FILE_COPY TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(name_of(template) if template else "template1")
    )
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(create)
    try:
        yield urlsplit(address)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def name_of(address: str) -> str:
    """The name of the database that ``address`` leads to."""
    return urlsplit(address).path.removeprefix("/")


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if __name__ == "__main__":
    # Ends when the process at the other end does, which nobody can forget to say.
    sys.stdin.read()
    remove_folder(Path(sys.argv[1]))
