"""The PostgreSQL server of a test run, and fresh databases in it.

All workers of a run share one server: the embedded one, in a folder that the run makes and removes, or the
one that ``$EOSVOLT_TEST_DATABASE_URL`` names (its user must be allowed to create databases).
"""

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from psycopg import sql

from eosvolt.adapters.postgres.embedded import EmbeddedPostgres

GIVEN = "EOSVOLT_TEST_DATABASE_URL"
FOLDER = "EOSVOLT_TEST_FOLDER"
_PREFIX = "eosvolt-tests-"


def make_folder() -> Path:
    """A folder for this run, named after its process. What killed runs left behind is removed first."""
    for old in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        owner = re.match(rf"{_PREFIX}(\d+)-", old.name)
        if owner and old.owner() == Path.home().owner() and not _alive(int(owner[1])):
            remove_folder(old)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    folder.chmod(0o711)  # under root the server is another user, who must get to its own folder in here
    return folder


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
