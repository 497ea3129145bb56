"""Many chargers behind one address: what some of them do wrong does not keep the others out."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.e2e.ocpp.charger import charger
from tests.e2e.ocpp.inside.gateway import Gateway, basic, serving

PASSWORD = b"a secret of twenty b"
# What an address may get wrong before it has to wait; while it does, more is allowed by the second.
BEFORE_WAITING = 600
FAR_TOO_MANY = 5_000


async def _status(gateway: Gateway, path: str, headers: dict[str, str] | None = None) -> int:
    with pytest.raises(InvalidStatus) as refused:
        async with connect(gateway.url(path), additional_headers=headers):
            pass
    return refused.value.response.status_code


async def _until_it_waits(ask: Callable[[int], Awaitable[int]]) -> int:
    """How many questions were answered before unknown_chargers at an address were told to wait."""
    for start in range(0, FAR_TOO_MANY, 40):
        answers = await asyncio.gather(*(ask(n) for n in range(start, start + 40)))
        if 429 in answers:
            return start + answers.count(404)
    return FAR_TOO_MANY


async def test_unknown_chargers_at_the_same_address_do_not_keep_known_chargers_out() -> None:
    async with serving() as gateway:
        await gateway.add_charger("KNOWN", PASSWORD)
        await gateway.add_charger("OPEN")

        async def strange(n: int) -> int:
            return await _status(gateway, f"242/UNKNOWN-{n}")

        assert BEFORE_WAITING <= await _until_it_waits(strange) < FAR_TOO_MANY
        # Ten wrong passwords would keep the charger itself out, at any address.
        guesses = [401]
        while guesses[-1] == 401 and len(guesses) < 10:
            await asyncio.gather(*(strange(n) for n in range(40)))
            guesses.append(await _status(gateway, "242/KNOWN", basic(b"KNOWN", b"wrong")))
        assert guesses[-1] == 429
        async with charger(gateway.url("242/KNOWN"), basic(b"KNOWN", PASSWORD)) as cp:
            assert "currentTime" in await cp.call("Heartbeat")
        async with charger(gateway.url("242/OPEN")) as cp:
            assert "currentTime" in await cp.call("Heartbeat")


async def test_the_addresses_of_an_ipv6_site_count_together() -> None:
    """Whoever has one IPv6 address has the 2^64 of its network (RFC 4291 §2.5.4)."""
    async with serving() as gateway:
        await gateway.add_charger("GUESSED", PASSWORD)

        async def guess(address: str) -> int:
            proxied = {"X-Forwarded-For": address}
            return await _status(gateway, "242/GUESSED", basic(b"GUESSED", b"wrong") | proxied)

        # One more guess is allowed every five seconds.
        guesses = [await guess("2001:db8:0:1::1")]
        while guesses[-1] == 401 and len(guesses) < 60:
            guesses.append(await guess(f"2001:db8:0:1::{len(guesses) + 1:x}"))
        assert (guesses[-1], len(guesses) > 10) == (429, True)
        assert await guess("2001:db8:0:2::1") == 401
        assert await guess("::ffff:192.0.2.1") == 401

        async def strange(n: int) -> int:
            return await _status(gateway, f"242/UNKNOWN-{n}", {"X-Forwarded-For": f"2001:db8:0:3::{n:x}"})

        assert BEFORE_WAITING <= await _until_it_waits(strange) < FAR_TOO_MANY
        assert await _status(gateway, "242/UNKNOWN", {"X-Forwarded-For": "2001:db8:0:4::"}) == 404
