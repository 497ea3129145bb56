"""Which commands there are, and what happens when one of them cannot do its work."""

import typer
from psycopg import OperationalError
from rich.console import Console

from eosvolt.adapters.postgres.embedded_home import EmbeddedPostgresError
from eosvolt.adapters.postgres.schema import SchemaMismatch
from eosvolt.adapters.simulator.this_machine import NotHere
from eosvolt.config import ConfigError
from eosvolt.console import history, keys, rating, serving, setup, simulating
from eosvolt.domain.kernel import Rejected

app = typer.Typer(
    name="eosvolt",
    help="An open back office for charge point operators.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
serving.register(app)
simulating.register(app)
history.register(app)
rating.register(app)
setup.register(app)
keys.register(app)

# What people can do something about; anything else is a defect and keeps its traceback.
EXPECTED = (ConfigError, EmbeddedPostgresError, SchemaMismatch, Rejected, NotHere, ValueError, OSError)


def run() -> int:
    """Run the command line and return the exit code."""
    try:
        app()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except OperationalError as error:
        return _failed(f"The database does not answer: {str(error).strip().splitlines()[0]}")
    except EXPECTED as error:
        return _failed(str(error))
    return 0


def _failed(sentence: str) -> int:
    Console(stderr=True, highlight=False).print(sentence, style="red", markup=False)
    return 1
