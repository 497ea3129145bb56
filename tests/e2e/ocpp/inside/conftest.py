from collections.abc import AsyncIterator

import pytest

from tests.e2e.ocpp.inside.gateway import Gateway, serving


@pytest.fixture
async def gateway() -> AsyncIterator[Gateway]:
    async with serving() as running:
        yield running
