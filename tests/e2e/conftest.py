"""A running system for the tests that look at it from outside."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.e2e.companies import create_in_this_process
from tests.e2e.running import RunningSystem
from tests.postgres_server import fresh_database


@pytest.fixture(scope="session")
def system(
    postgres: str, _migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningSystem]:
    """One server for all tests of a worker. Tests keep to chargers, locations and tokens of their own."""
    with fresh_database(postgres, template=_migrated) as address:
        running = RunningSystem(address, tmp_path_factory.mktemp("system"))
        create_in_this_process(running)
        running.start()
        running.create_company(242, "Volt Harbour")
        try:
            yield running
        finally:
            running.close()


@pytest.fixture
def own_system(database: str, tmp_path: Path) -> Iterator[RunningSystem]:
    """A server of this test's own, not started yet, to be killed and spoiled."""
    running = RunningSystem(database, tmp_path)
    create_in_this_process(running)
    try:
        yield running
    finally:
        running.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show with a failed test what its system logged as errors."""
    report = yield
    for name, running in getattr(item, "funcargs", {}).items():
        if report.failed and isinstance(running, RunningSystem) and (errors := running.errors()):
            report.sections.append((f"Errors logged by {name}", "\n".join(errors)))
    return report
