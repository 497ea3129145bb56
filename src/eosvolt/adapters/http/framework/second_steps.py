"""The second step of a sign-in, between the right password and the web session."""

import time
from datetime import datetime
from typing import NamedTuple, Protocol

from starlette.requests import HTTPConnection

from eosvolt.adapters.http.framework.host_cookie import HostCookie
from eosvolt.adapters.http.framework.waiting import check_wait
from eosvolt.application.ports import Clock
from eosvolt.application.second_factors import Factors
from eosvolt.application.throttle import Throttle

STEP_SECONDS = 300


class StepFactors(Protocol):
    """What the second step of a sign-in needs of second factors."""

    async def factors(self, account: str) -> Factors:
        """What protects the account beside its password."""
        ...

    async def begin_step(self, account: str) -> str:
        """Begin the second step of a sign-in; returns the secret for the cookie."""
        ...

    async def step_of(self, secret: str) -> str | None:
        """The account whose second step is outstanding; ``None`` if it is over."""
        ...

    async def try_step(self, secret: str) -> str | None:
        """Like ``step_of``, and counts an attempt; after five of them it is over."""
        ...

    async def end_step(self, secret: str) -> bool:
        """End a second step; of requests at the same time one gets ``True``."""
        ...

    async def right_code(self, account: str, code: str, now: datetime) -> bool:
        """Whether it is a code of the app, or a recovery code; each works once."""
        ...


class SecondStep(NamedTuple):
    """A sign-in whose second step is outstanding: the secret for its cookie."""

    secret: str


class SecondSteps:
    """Carries sign-ins through their second step. One per process: it limits wrong codes."""

    def __init__(self, factors: StepFactors, clock: Clock, label: str, *, secure: bool) -> None:
        """Allows ten codes at once for an account, then one every 30 seconds.

        ``label`` names the cookie. ``secure``: by https.
        """
        self._factors = factors
        self._clock = clock
        self.cookie = HostCookie(label, STEP_SECONDS, secure)
        self._codes = Throttle(per_second=1 / 30, burst=10, clock=time.monotonic)

    async def begun(self, account: str) -> SecondStep | None:
        """The second step of an account whose password was right; ``None`` if it has no second factor."""
        if not (await self._factors.factors(account)).any:
            return None
        return SecondStep(await self._factors.begin_step(account))

    async def account(self, connection: HTTPConnection) -> str | None:
        """The account whose second step is outstanding; ``None`` if none is."""
        return await self._factors.step_of(self.cookie.secret(connection))

    async def done(self, connection: HTTPConnection) -> bool:
        """End the outstanding step; of requests at the same time one gets ``True``."""
        return await self._factors.end_step(self.cookie.secret(connection))

    async def outstanding(self, connection: HTTPConnection) -> Factors | None:
        """The second factors of the account whose step is outstanding; ``None`` if none is."""
        account = await self.account(connection)
        return None if account is None else await self._factors.factors(account)

    async def passed(self, connection: HTTPConnection, code: str) -> str | None:
        """The account that passes its second step with this code; ``None`` for a wrong one.

        Raises a 429 ``Problem`` after too many codes for the account.
        """
        secret = self.cookie.secret(connection)
        account = await self._factors.step_of(secret)
        if account is None:
            return None
        check_wait(self._codes.take(account))
        if await self._factors.try_step(secret) is None:
            return None
        if not await self._factors.right_code(account, code, self._clock.now()):
            return None
        if not await self._factors.end_step(secret):
            return None
        self._codes.forgive(account)
        return account
