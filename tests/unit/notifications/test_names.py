"""Lookups of names: what waits for what."""

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Iterator

import pytest

from eosvolt.adapters.webhooks.names import THREADS, Names, NotFound

SHORT = 0.05


class Resolver:
    """Answers at once, but for names that begin with "slow": those wait until the test is over."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.over = threading.Event()

    def __call__(self, host: str, _port: int) -> list[str]:
        self.asked[host] += 1
        if host.startswith("slow"):
            self.over.wait()
        if host == "nobody":
            raise socket.gaierror
        return ["192.0.2.1"]


@pytest.fixture
def resolver() -> Iterator[Resolver]:
    made = Resolver()
    yield made
    made.over.set()


async def test_a_slow_name_keeps_no_other_waiting(resolver: Resolver) -> None:
    names = Names(resolver, SHORT)
    for n in range(THREADS - 1):
        with pytest.raises(NotFound, match="within"):
            await names.addresses(f"slow{n}", 443)
    assert await names.addresses("quick", 443) == ["192.0.2.1"]
    names.close()


async def test_a_name_that_is_slow_holds_one_thread_however_often_it_is_asked_for(resolver: Resolver) -> None:
    names = Names(resolver, SHORT)
    asked = [names.addresses("slow", 443) for _ in range(3 * THREADS)]
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {NotFound}
    assert resolver.asked == {"slow": 1}
    names.close()


async def test_a_name_is_looked_up_each_time(resolver: Resolver) -> None:
    names = Names(resolver)
    for _ in range(2):
        assert await names.addresses("quick", 443) == ["192.0.2.1"]
    assert resolver.asked == {"quick": 2}
    names.close()


async def test_an_unknown_host_is_not_found(resolver: Resolver) -> None:
    names = Names(resolver)
    with pytest.raises(NotFound, match="no host nobody"):
        await names.addresses("nobody", 443)
    names.close()


async def test_a_literal_address_is_looked_up_nowhere(resolver: Resolver) -> None:
    names = Names(resolver)
    assert await names.addresses("2001:db8::1", 443) == ["2001:db8::1"]
    assert not resolver.asked
    names.close()
