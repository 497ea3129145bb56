"""What every group of queries works with."""

from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.queries.live import LiveRows


class Asking:
    """Base of the groups: the live tables and the history."""

    def __init__(self, live: LiveRows, store: PostgresEventStore) -> None:
        """Both only to read from."""
        self._live = live
        self._store = store
