"""The one-line error message of a failed command."""

import msgspec
from psycopg import OperationalError, ProgrammingError

from eosvolt.adapters.postgres.embedded_home import EmbeddedPostgresError
from eosvolt.adapters.postgres.schema import SchemaMismatch
from eosvolt.adapters.postgres.stored_events import UnknownEvent
from eosvolt.adapters.simulator.localhost_guard import NotHere
from eosvolt.config import ConfigError
from eosvolt.domain.kernel import Rejected

# Errors whose texts are written for users.
EXPECTED = (ConfigError, EmbeddedPostgresError, SchemaMismatch, UnknownEvent, Rejected, NotHere, ValueError)


def explained(error: Exception) -> str:
    """The message. For an unexpected error it has the type; EOSVOLT_LOG=debug logs the traceback."""
    text = " ".join(str(error).split())
    if isinstance(error, OperationalError):
        lines = str(error).strip().splitlines() or ["it gives no reason"]
        return f"The database does not answer: {lines[0]}"
    if isinstance(error, ProgrammingError):
        return f"The database cannot be used: {text}"
    if isinstance(error, msgspec.MsgspecError):
        return f"An event cannot be read: {text} `eosvolt verify` names all such events."
    if isinstance(error, EXPECTED) and text:
        return text
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else text
    return f"This is a defect ({type(error).__name__}: {text}). EOSVOLT_LOG=debug shows where it happened."
