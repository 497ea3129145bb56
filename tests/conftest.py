"""What all tests share: a PostgreSQL server for the run, a database for each test, hypothesis's profiles."""

import asyncio
import gc
import os
import shutil
import signal
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path

import pytest

from eosvolt.adapters.postgres.schema import migrate
from tests import hypothesis_profiles
from tests.postgres_server import FOLDER, GIVEN, fresh_database, guard, make_folder, remove_folder, server

hypothesis_profiles.load()

HERE = Path(__file__).parent
BROWSER = "EOSVOLT_TEST_BROWSER"
_BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)


def pytest_configure(config: pytest.Config) -> None:
    """Make the run's folder, once: workers find it in their environment.

    Programs that tests start and interrupt must hear it, also where the run itself was started to ignore
    Ctrl-C.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if GIVEN not in os.environ and FOLDER not in os.environ:
        folder = make_folder()
        os.environ[FOLDER] = str(folder)
        # Called in the reverse order: the watcher goes when there is nothing left to watch.
        config.add_cleanup(guard(folder))
        config.add_cleanup(lambda: remove_folder(Path(os.environ.pop(FOLDER))))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect the tests without the garbage collector, and leave them out of its later work.

    There are thousands of them, they stay until the end, and it would look through them again and again.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


# What starts programs and waits for them comes first; what is over in a moment fills up the end of a run,
# when one worker would wait for the other otherwise. Needs `--no-loadscope-reorder`, see the Makefile.
_FIRST = ("faults", "oracle", "e2e", "fuzz", "replay", "contracts", "properties", "unit", "architecture")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files of tests in the order in which they are run."""
    turns = _turns(dict.fromkeys(item.path for item in items))
    places = {folder: place for place, folder in enumerate(_FIRST)}
    items.sort(key=lambda item: (places.get(item.path.relative_to(HERE).parts[0], 0), turns[item.path]))


def _turns(files: Iterable[Path]) -> dict[Path, float]:
    """How far through its folder each file is, from 0 to 1: folders are gone through side by side.

    Browsers keep the cores busy, chargers wait for time-outs: one after the other, there would be too few
    cores for the one and nothing to do for them in the other.
    """
    folders: dict[Path, list[Path]] = {}
    for file in files:
        folders.setdefault(file.parent, []).append(file)
    return {
        file: (number + 0.5) / len(inside)
        for inside in folders.values()
        for number, file in enumerate(inside)
    }


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of the run's PostgreSQL server, whose user may create databases."""
    with server() as address:
        yield address


@pytest.fixture(scope="session")
def _migrated(postgres: str) -> Iterator[str]:
    with fresh_database(postgres) as address:
        asyncio.run(migrate(address))
        yield address


@pytest.fixture
def database(postgres: str, _migrated: str) -> Iterator[str]:
    """The address of a database of this test's own, with the schema and no data."""
    with fresh_database(postgres, template=_migrated) as address:
        yield address


@pytest.fixture
def empty_database(postgres: str) -> Iterator[str]:
    """The address of a database of this test's own, with nothing in it, not even the schema."""
    with fresh_database(postgres) as address:
        yield address


@pytest.fixture(scope="session")
def browser_path() -> Path:
    """The Chromium or Chrome that browser tests drive."""
    found = os.environ.get(BROWSER) or next(filter(None, map(shutil.which, _BROWSERS)), None)
    if not found:
        pytest.fail(f"No Chromium found: put one on the PATH or its path into {BROWSER}.")
    return Path(found)
