"""Authentication of platform staff, apart from that of companies: another cookie, other API keys.

Only requests below ``/platform`` and ``/api/v1/platform`` are looked at: nowhere else does staff get in.
"""

import time
from typing import NamedTuple, Protocol

from starlette.requests import HTTPConnection

from eosvolt.adapters.http.framework.host_cookie import HostCookie
from eosvolt.adapters.http.framework.waiting import check_wait
from eosvolt.application.staff import StaffMember
from eosvolt.application.throttle import Throttle, network

SESSION_SECONDS = 24 * 3600
_PLACES = ("/platform", "/api/v1/platform")


class StaffAccounts(Protocol):
    """Accounts, web sessions and API keys of platform staff."""

    async def by_password(self, email: str, password: str) -> StaffMember | None:
        """The member with this e-mail and password, or ``None``; both take the same time."""
        ...

    async def open_session(self, staff: str, *, address: str, agent: str) -> str:
        """Open a web session and return its secret for the cookie."""
        ...

    async def by_session(self, secret: str) -> StaffMember | None:
        """The member that is signed in with this secret, or ``None``."""
        ...

    async def close_session(self, secret: str) -> None:
        """Sign out."""
        ...

    async def by_key(self, key: str) -> StaffMember | None:
        """The member that has this API key, or ``None``."""
        ...


class StaffSignIn(NamedTuple):
    """The secret for the cookie, and its member."""

    secret: str
    member: StaffMember


class StaffGate:
    """Authenticates platform staff. One per process: it limits failed sign-ins."""

    def __init__(self, accounts: StaffAccounts, *, secure: bool) -> None:
        """Allows ten attempts at once for an e-mail and thirty from an address. ``secure``: by https."""
        self._accounts = accounts
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

    async def sign_in(self, connection: HTTPConnection, email: str, password: str) -> StaffSignIn | None:
        """Open a session for the right password; ``None`` for a wrong one.

        Raises a 429 ``Problem`` after too many attempts. An existing session of the browser is closed.
        """
        address = connection.client.host if connection.client else ""
        folded = email.strip().casefold()
        check_wait(max(self._tries_for.take(folded), self._tries_from.take(network(address))))
        member = await self._accounts.by_password(email, password)
        if member is None:
            return None
        self._tries_for.forgive(folded)
        await self.sign_out(connection)
        agent = connection.headers.get("user-agent", "")[:200]
        return StaffSignIn(await self._accounts.open_session(member.id, address=address, agent=agent), member)

    async def sign_out(self, connection: HTTPConnection) -> None:
        """Close the session of the cookie, if there is one."""
        if secret := self.cookie.secret(connection):
            await self._accounts.close_session(secret)


def on_platform(connection: HTTPConnection) -> bool:
    """Whether a request is for platform staff."""
    path = connection.url.path
    return any(path == place or path.startswith(f"{place}/") for place in _PLACES)
