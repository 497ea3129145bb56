from collections.abc import Iterator

import pytest

from tests.e2e.ocpp.secure import SecureSystem
from tests.e2e.ocpp.site import Site
from tests.e2e.running import RunningSystem
from tests.postgres_server import fresh_database


@pytest.fixture
def site(system: RunningSystem) -> Site:
    return Site(system)


@pytest.fixture(scope="session")
def secure_system(
    postgres: str, _migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SecureSystem]:
    """One server with TLS for all tests of a worker."""
    with fresh_database(postgres, template=_migrated) as address:
        running = SecureSystem(address, tmp_path_factory.mktemp("secure"))
        running.start()
        running.create_company(242, "Volt Harbour")
        try:
            yield running
        finally:
            running.close()
