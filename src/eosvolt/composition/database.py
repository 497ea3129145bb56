"""Where the history lives: a PostgreSQL that is given, or the embedded one that is looked after here."""

import contextlib
import threading
from collections.abc import Iterator

import structlog

from eosvolt.adapters.postgres.embedded import EmbeddedPostgres
from eosvolt.config import Settings

log = structlog.get_logger("eosvolt")

KEEPER_LOOKS_EVERY_SECONDS = 0.5


@contextlib.contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The address of the database.

    The one that is set, or the embedded server for as long as it is needed.
    """
    if settings.database_url:
        yield settings.database_url
        return
    with EmbeddedPostgres(settings.data_dir) as server, _kept_alive(server):
        yield server.dsn


@contextlib.contextmanager
def _kept_alive(server: EmbeddedPostgres) -> Iterator[None]:
    """Start the embedded server again whenever something kills it; everybody else just waits for it."""
    leaving = threading.Event()

    def keep() -> None:
        while not leaving.wait(KEEPER_LOOKS_EVERY_SECONDS):
            try:
                if server.revive():
                    log.warning("the embedded PostgreSQL had died and was started again")
            except Exception:
                # Whatever it was, e.g. no descriptor left to look with: the next look may succeed.
                log.exception("the embedded PostgreSQL cannot be started again")

    keeper = threading.Thread(target=keep, name="keeper of the embedded PostgreSQL", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        leaving.set()
        keeper.join()
