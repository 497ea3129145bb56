"""The database: a given PostgreSQL, or the embedded one, which is started and kept running here."""

import contextlib
from collections.abc import Iterator

from eosvolt.adapters.postgres.embedded import EmbeddedPostgres
from eosvolt.config import Settings
from eosvolt.runtime.revival import kept_alive


@contextlib.contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The URL of the database: the setting, or the embedded server, which runs until the context is left."""
    if settings.database_url:
        yield settings.database_url
        return
    with EmbeddedPostgres(settings.data_dir) as server, kept_alive(server.revive):
        yield server.dsn
