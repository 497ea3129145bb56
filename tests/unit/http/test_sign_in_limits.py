"""How often somebody may try to sign in, by address and by account, and whether there is such an account."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from starlette.requests import HTTPConnection

from eosvolt.adapters.http.framework.auth import Gate
from eosvolt.adapters.http.framework.problems import Problem
from eosvolt.application.access import Account
from eosvolt.application.second_factors import Factors

OWNER, PASSWORD, WRONG = "owner@242.example", "correct horse battery staple", "wrong"
AT_HOME = "198.51.100.7"
OTHERS = [f"203.0.113.{number}" for number in range(1, 60)]


class OneAccount:
    """Accounts of which there is one."""

    async def by_password(self, email: str, password: str) -> Account | None:
        known = (email, password) == (OWNER, PASSWORD)
        return cast("Account", SimpleNamespace(account="1", company=242)) if known else None

    async def open_session(self, account: str, **about: str) -> str:
        return f"secret of {account} {len(about)}"


class NoFactors:
    """No account has a second factor."""

    async def factors(self, _: str) -> Factors:
        return Factors()


@pytest.fixture
def gate() -> Gate:
    return Gate(
        cast(
            "Any",
            SimpleNamespace(
                accounts=OneAccount(),
                second_factors=NoFactors(),
                staff=None,
                staff_factors=None,
                drivers=None,
                clock=None,
                secure=False,
            ),
        )
    )


async def enter(gate: Gate, address: str, email: str = OWNER, password: str = WRONG) -> int:
    """The status of one try."""
    connection = HTTPConnection({"type": "http", "headers": [], "client": (address, 1)})
    try:
        signed_in = await gate.sign_in(connection, email, password)
    except Problem as refusal:
        return refusal.status
    return 422 if signed_in is None else 303


@pytest.mark.parametrize("email", [OWNER, "nobody@242.example"])
async def test_an_account_is_guessed_at_slowly_from_all_addresses_together(gate: Gate, email: str) -> None:
    statuses = [await enter(gate, other, email) for other in OTHERS]
    assert statuses == [422] * 40 + [429] * 19


async def test_guesses_from_elsewhere_do_not_lock_an_owner_out_at_home(gate: Gate) -> None:
    assert await enter(gate, AT_HOME, password=PASSWORD) == 303
    assert [await enter(gate, other) for other in OTHERS][-1] == 429
    assert await enter(gate, OTHERS[0], password=PASSWORD) == 429
    assert await enter(gate, AT_HOME, password=PASSWORD) == 303


async def test_an_ipv6_site_is_one_address(gate: Gate) -> None:
    statuses = [await enter(gate, f"2001:db8:7:1::{number:x}") for number in range(1, 12)]
    assert statuses == [422] * 10 + [429]
    assert await enter(gate, "2001:db8:7:2::1") == 422
