"""A new API key or sign-in works at once, however far the read models are behind."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

import httpx2
import psycopg
import pytest

from eosvolt.adapters.postgres.live_tables import LOCK_SWITCH
from tests.e2e.running import OWNER_PASSWORD, RunningSystem

OUR_PAGE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def serving(own_system: RunningSystem) -> RunningSystem:
    """A server that shows its own first company."""
    own_system.start()
    own_system.api(7).get("/company")
    return own_system


@contextmanager
def nothing_shown(system: RunningSystem) -> Iterator[None]:
    """Meanwhile the read models take nothing up: each of their batches needs this lock."""
    with psycopg.connect(system.database) as connection:
        connection.execute(LOCK_SWITCH)
        yield


def _by_key(system: RunningSystem, key: str) -> httpx2.Response:
    return httpx2.get(f"{system.base_url}/api/v1/company", headers={"Authorization": f"Bearer {key}"})


def _by_password(system: RunningSystem) -> httpx2.Response:
    with httpx2.Client(base_url=system.base_url, headers=OUR_PAGE, follow_redirects=True) as browser:
        return browser.post("/sign-in", data={"email": "owner@242.example", "password": OWNER_PASSWORD})


def test_a_key_that_another_process_made_works_as_soon_as_it_is_shown(serving: RunningSystem) -> None:
    with ThreadPoolExecutor() as threads:
        with nothing_shown(serving):
            key = serving.create_company(242, "Volt Harbour")
            asked: Future[httpx2.Response] = threads.submit(_by_key, serving, key)
            wait([asked], timeout=1)
        assert asked.result().json().get("id") == 242


def test_the_owner_signs_in_as_soon_as_another_process_made_the_company(serving: RunningSystem) -> None:
    with ThreadPoolExecutor() as threads:
        with nothing_shown(serving):
            serving.create_company(242, "Volt Harbour")
            asked: Future[httpx2.Response] = threads.submit(_by_password, serving)
            wait([asked], timeout=1)
        assert asked.result().url.path == "/"


def test_a_key_that_cannot_be_checked_yet_is_not_called_wrong(serving: RunningSystem) -> None:
    with nothing_shown(serving):
        key = serving.create_company(242, "Volt Harbour")
        answer = _by_key(serving, key)
        assert (answer.status_code, answer.headers.get("retry-after")) == (503, "5")
    assert _by_key(serving, key).status_code == 200
    assert _by_key(serving, f"{key}x").status_code == 401
