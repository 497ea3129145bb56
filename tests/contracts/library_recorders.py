"""The eventsourcing library's own recorders, to prove that they read and write the tables that we do."""

from collections.abc import Sequence
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore, PostgresTrackingRecorder
from psycopg.conninfo import conninfo_to_dict

from eosvolt.adapters.postgres.append import APPEND, columns
from eosvolt.adapters.postgres.stored_events import Stored, moment


class Datastore(PostgresDatastore):
    """The library's connection pool, opened with the first use and not before."""

    def register_type_adapters(self) -> None:
        """Nothing to register: the append function takes plain arrays."""


def datastore(dsn: str) -> Datastore:
    """A datastore for a connection string; it connects when it is first used."""
    place = conninfo_to_dict(dsn)
    return Datastore(
        dbname=str(place.get("dbname") or ""),
        host=str(place.get("host") or ""),
        port=str(place.get("port") or "5432"),
        user=str(place.get("user") or ""),
        password=str(place.get("password") or ""),
    )


class LibraryRecorder(PostgresApplicationRecorder):
    """The library's application recorder, which appends by our function and reads by itself."""

    def __init__(self, datastore: Datastore) -> None:
        """The table is the one that the migrations made."""
        super().__init__(datastore, events_table_name="stored_events")

    def create_table(self) -> None:
        """Nothing: the migrations own the schema."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: object) -> Sequence[int] | None:
        """Append, and return the positions. Raises the library's ``IntegrityError`` on a taken version.

        Never repeated after a lost connection, unlike the library's own: the caller must look first.
        """
        if not stored_events:
            return []
        rows = [
            Stored(
                UUID(str(e.originator_id)), e.originator_version, e.topic, e.state, moment(e.state).company
            )
            for e in stored_events
        ]
        with self.datastore.get_connection() as connection:
            found = connection.execute(APPEND, columns(rows), prepare=True).fetchone()
        if found is None:
            raise AssertionError("the append function always returns a row")
        last = int(found["stored_events_append"])
        return range(last - len(rows) + 1, last + 1)


class LibraryTracking(PostgresTrackingRecorder):
    """The library's tracking table: how far each read model has come."""

    def __init__(self, datastore: Datastore) -> None:
        """The table is the one that the migrations made."""
        super().__init__(datastore, tracking_table_name="notification_tracking")

    def create_table(self) -> None:
        """Nothing: the migrations own the schema."""
