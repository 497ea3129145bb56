"""Where the history lives: a PostgreSQL that is given, or the embedded one that is looked after here."""

import contextlib
from collections.abc import Iterator

from eosvolt.adapters.postgres.embedded import EmbeddedPostgres
from eosvolt.config import Settings
from eosvolt.runtime.revival import kept_alive


@contextlib.contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The address of the database.

    The one that is set, or the embedded server for as long as it is needed.
    """
    if settings.database_url:
        yield settings.database_url
        return
    with EmbeddedPostgres(settings.data_dir) as server, kept_alive(server.revive):
        yield server.dsn
