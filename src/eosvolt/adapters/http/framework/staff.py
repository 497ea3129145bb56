"""Authentication of platform staff, apart from that of companies: another cookie, other API keys.

Only requests below ``/platform`` and ``/api/v1/platform`` are looked at: nowhere else does staff get in.
"""

import time
from typing import Protocol

from starlette.requests import HTTPConnection

from eosvolt.adapters.http.framework.host_cookie import HostCookie
from eosvolt.adapters.http.framework.second_steps import SecondStep, SecondSteps, StepFactors
from eosvolt.adapters.http.framework.waiting import check_wait
from eosvolt.adapters.http.framework.web_sessions import SignedIn, WebSessions, address_of, closed, opened
from eosvolt.application.ports import Clock
from eosvolt.application.staff import StaffMember
from eosvolt.application.throttle import Throttle, network

SESSION_SECONDS = 24 * 3600
_PLACES = ("/platform", "/api/v1/platform")


class StaffAccounts(WebSessions, Protocol):
    """Accounts, web sessions and API keys of platform staff."""

    async def by_password(self, email: str, password: str) -> StaffMember | None:
        """The member with this e-mail and password, or ``None``; both take the same time."""
        ...

    async def by_session(self, secret: str) -> StaffMember | None:
        """The member that is signed in with this secret, or ``None``."""
        ...

    async def by_key(self, key: str) -> StaffMember | None:
        """The member that has this API key, or ``None``."""
        ...


class StaffGate:
    """Authenticates platform staff. One per process: it limits failed sign-ins."""

    def __init__(self, accounts: StaffAccounts, factors: StepFactors, clock: Clock, *, secure: bool) -> None:
        """Allows ten attempts at once for an e-mail and thirty from an address. ``secure``: by https."""
        self._accounts = accounts
        self.steps = SecondSteps(factors, clock, "eosvolt-staff-step", secure=secure)
        self.cookie = HostCookie("eosvolt-staff", SESSION_SECONDS, secure)
        self._tries_for = Throttle(per_second=1 / 20, burst=10, clock=time.monotonic)
        self._tries_from = Throttle(per_second=1 / 2, burst=30, clock=time.monotonic)

    async def member(self, connection: HTTPConnection, key: str = "") -> StaffMember | None:
        """Who of the staff sends a request, by ``key`` or else by cookie; ``None`` for everybody else."""
        if not on_platform(connection):
            return None
        if key:
            return await self._accounts.by_key(key)
        secret = self.cookie.secret(connection)
        return await self._accounts.by_session(secret) if secret else None

    async def sign_in(
        self, connection: HTTPConnection, email: str, password: str
    ) -> SignedIn | SecondStep | None:
        """Open a session for the right password, or begin the second step; ``None`` for a wrong one.

        Raises a 429 ``Problem`` after too many attempts. An existing session of the browser is closed.
        """
        folded = email.strip().casefold()
        check_wait(max(self._tries_for.take(folded), self._tries_from.take(network(address_of(connection)))))
        member = await self._accounts.by_password(email, password)
        if member is None:
            return None
        self._tries_for.forgive(folded)
        return await self.steps.begun(member.id) or await self._enter(connection, member.id)

    async def second_step(self, connection: HTTPConnection, code: str) -> SignedIn | None:
        """Open a session for the right code of the outstanding second step; ``None`` for a wrong one.

        Raises a 429 ``Problem`` after too many codes.
        """
        member = await self.steps.passed(connection, code)
        return None if member is None else await self._enter(connection, member)

    async def sign_out(self, connection: HTTPConnection) -> None:
        """Close the session of the cookie, if there is one."""
        await closed(self._accounts, self.cookie, connection)

    async def _enter(self, connection: HTTPConnection, member: str) -> SignedIn:
        return await opened(self._accounts, self.cookie, connection, member)


def on_platform(connection: HTTPConnection) -> bool:
    """Whether a request is for platform staff."""
    path = connection.url.path
    return any(path == place or path.startswith(f"{place}/") for place in _PLACES)
