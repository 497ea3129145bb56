"""A person confirms what moves money, or changes the account, with the password or a second factor.

All attempts of an account are counted together, so that who guesses has no second try elsewhere.
"""

import time
from datetime import datetime
from typing import Protocol

from eosvolt.adapters.http.framework.second_steps import StepFactors
from eosvolt.adapters.http.framework.waiting import check_wait
from eosvolt.application.throttle import Throttle

WRONG_PASSWORD = "This is not your present password."  # noqa: S105 - a sentence, no password
WRONG_CODE = "This code is not right."
NEITHER = "Type your password, or a code of your authenticator app."


class KnownPasswords(Protocol):
    """The passwords of accounts."""

    async def right_password(self, account: str, password: str) -> bool:
        """Whether it is the account's password."""
        ...


class Confirmation:
    """Checks passwords and codes of people who are signed in, and limits how often they are tried."""

    def __init__(self, passwords: KnownPasswords, factors: StepFactors) -> None:
        """Allows ten attempts at once for an account, then one every 30 seconds."""
        self._passwords = passwords
        self._factors = factors
        self._tries = Throttle(per_second=1 / 30, burst=10, clock=time.monotonic)

    def count(self, account: str) -> None:
        """Count an attempt. Raises a 429 ``Problem`` after too many."""
        check_wait(self._tries.take(account))

    def forgive(self, account: str) -> None:
        """Forget the attempts of an account whose password or code was right."""
        self._tries.forgive(account)

    async def has_second_factor(self, account: str) -> bool:
        """Whether the account has a second factor, whose codes can be typed."""
        return (await self._factors.factors(account)).any

    async def either(self, account: str, password: str, code: str, now: datetime) -> dict[str, str]:
        """The problems with a password or, instead of it, a code; empty if one of them is right.

        Raises a 429 ``Problem`` after too many attempts.
        """
        if not password and not code:
            return {"password": NEITHER}
        self.count(account)
        if password and not await self._passwords.right_password(account, password):
            return {"password": WRONG_PASSWORD}
        if not password and not await self._right_code(account, code, now):
            return {"code": WRONG_CODE}
        self.forgive(account)
        return {}

    async def both(self, account: str, password: str, code: str, now: datetime) -> dict[str, str]:
        """The problems with a password and, where the account has a second factor, a code.

        Raises a 429 ``Problem`` after too many attempts.
        """
        self.count(account)
        if not await self._passwords.right_password(account, password):
            return {"password": WRONG_PASSWORD}
        if await self.has_second_factor(account) and not await self._right_code(account, code, now):
            return {"code": WRONG_CODE}
        self.forgive(account)
        return {}

    async def _right_code(self, account: str, code: str, now: datetime) -> bool:
        return bool(code) and await self._factors.right_code(account, code, now)
