import pytest

from tests.e2e.ocpp.site import Site
from tests.e2e.running import RunningSystem


@pytest.fixture
def site(system: RunningSystem) -> Site:
    return Site(system)
