"""Many chargers behind one address: what some of them do wrong does not keep the others out."""

import asyncio

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.e2e.ocpp.charger import charger
from tests.e2e.ocpp.inside.gateway import Gateway, basic, serving

PASSWORD = b"a secret of twenty b"
# What an address may get wrong before it has to wait, and some more.
TOO_MANY = 680


async def _status(gateway: Gateway, path: str, headers: dict[str, str] | None = None) -> int:
    with pytest.raises(InvalidStatus) as refused:
        async with connect(gateway.url(path), additional_headers=headers):
            pass
    return refused.value.response.status_code


async def test_strangers_at_the_same_address_do_not_keep_known_chargers_out() -> None:
    async with serving() as gateway:
        await gateway.add_charger("KNOWN", PASSWORD)
        await gateway.add_charger("OPEN")
        for start in range(0, TOO_MANY, 40):
            await asyncio.gather(*(_status(gateway, f"242/STRANGER-{n}") for n in range(start, start + 40)))
        assert await _status(gateway, "242/STRANGER") == 429
        assert await _status(gateway, "242/KNOWN", basic(b"KNOWN", b"wrong")) == 429
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

        guesses = [await guess(f"2001:db8:0:1::{n:x}") for n in range(1, 13)]
        assert guesses == [401] * 10 + [429] * 2
        assert await guess("2001:db8:0:2::1") == 401
        assert await guess("::ffff:192.0.2.1") == 401
        for start in range(0, TOO_MANY, 40):
            strangers = (
                _status(gateway, f"242/STRANGER-{n}", {"X-Forwarded-For": f"2001:db8:0:3::{n:x}"})
                for n in range(start, start + 40)
            )
            await asyncio.gather(*strangers)
        assert await _status(gateway, "242/STRANGER", {"X-Forwarded-For": "2001:db8:0:3:ffff::"}) == 429
        assert await _status(gateway, "242/STRANGER", {"X-Forwarded-For": "2001:db8:0:4::"}) == 404
