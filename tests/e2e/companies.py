"""Companies of a running system, created in the tests' own process: a command would take longer for each.

Apart from ``running.py``, because the oracle uses that one and imports nothing of the program.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from eosvolt.composition.database import database
from eosvolt.config import load
from eosvolt.console import setup
from tests.e2e.running import OWNER_NAME, OWNER_PASSWORD, RunningSystem


def create_in_this_process(system: RunningSystem) -> None:
    """Let the system's companies be created by what ``eosvolt create-company`` calls."""
    system.creating = partial(_created, system)


def _created(system: RunningSystem, number: int, name: str) -> str:
    settings, owner = load(system.environment), (system.owner(number), OWNER_NAME, OWNER_PASSWORD)

    def create() -> str:
        with database(settings) as dsn:
            return asyncio.run(setup._create_company(settings, dsn, number, name, owner))

    # Some tests have a loop running in their own thread.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(create).result()
