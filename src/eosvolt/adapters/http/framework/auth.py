"""Authentication: programs by an API key, users by a session cookie.

Programs send ``Authorization: Bearer …``. The cookie is HttpOnly and SameSite, and a browser's changes must
come from our own pages (``from_our_pages``).
"""

import time
from collections import OrderedDict
from typing import NamedTuple

from starlette.requests import HTTPConnection

from eosvolt.adapters.http.framework.api_keys import digest_of, mistyped
from eosvolt.adapters.http.framework.backend import Backend, KnownKey
from eosvolt.adapters.http.framework.drivers import DriverGate, on_drive
from eosvolt.adapters.http.framework.host_cookie import HostCookie
from eosvolt.adapters.http.framework.open_streams import OpenStreams
from eosvolt.adapters.http.framework.page_parts import by_itself
from eosvolt.adapters.http.framework.problems import Problem
from eosvolt.adapters.http.framework.second_steps import SecondStep, SecondSteps
from eosvolt.adapters.http.framework.staff import StaffGate
from eosvolt.adapters.http.framework.waiting import check_wait
from eosvolt.adapters.http.framework.web_sessions import SignedIn, address_of, closed, opened
from eosvolt.application.access import Account
from eosvolt.application.actor import Actor, api_key, driver, person, platform_staff
from eosvolt.application.drivers import Driver
from eosvolt.application.failed_jobs import INSTALLATION
from eosvolt.application.grants import grants_of, narrowed
from eosvolt.application.permissions import OWNER
from eosvolt.application.standing import PROVEN
from eosvolt.application.throttle import Throttle, network
from eosvolt.domain.kernel import Provenance

SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS", "TRACE"))
SESSION_SECONDS = 14 * 24 * 3600

_KNOWN_FOR = 3.0
# The use of a key is recorded at most once in this many seconds.
_USE_NOTED_EVERY = 60.0
_KNOWN_AT_MOST = 10_000


class Identity(NamedTuple):
    """The authenticated sender of a request. ``account`` is set for a user, ``driver`` for a driver."""

    actor: Actor
    account: Account | None = None
    driver: Driver | None = None

    @property
    def company(self) -> int:
        """The actor's company."""
        return self.actor.company

    @property
    def by(self) -> str:
        """The actor's name in the history."""
        return self.actor.by

    def provenance(self, cause: str = "") -> Provenance:
        """The provenance of a change by this identity."""
        return self.actor.provenance(cause)


class Gate:
    """Authenticates requests. One per process: it caches API keys for seconds and limits failed sign-ins."""

    def __init__(self, dependencies: Backend) -> None:
        """Allows ten attempts at once for an e-mail from an address, then one every twelve seconds.

        The limits are the same whether or not the account exists.
        """
        self._dependencies = dependencies
        self.cookie = HostCookie("eosvolt", SESSION_SECONDS, dependencies.secure, "lax")
        self.streams = OpenStreams()
        self.steps = SecondSteps(
            dependencies.second_factors, dependencies.clock, "eosvolt-step", secure=dependencies.secure
        )
        self.staff = StaffGate(
            dependencies.staff, dependencies.staff_factors, dependencies.clock, secure=dependencies.secure
        )
        self.drivers = DriverGate(dependencies.drivers, secure=dependencies.secure)
        self._keys: dict[str, tuple[float, Identity]] = {}
        self._noted: dict[str, float] = {}
        self._tries = Throttle(per_second=1 / 12, burst=10, clock=time.monotonic)
        # Limits attempts at one account from all addresses; those it signed in from before stay allowed.
        self._at_home: OrderedDict[str, None] = OrderedDict()
        self._tries_for = Throttle(per_second=1 / 20, burst=40, clock=time.monotonic)
        self._tries_from = Throttle(per_second=1 / 2, burst=60, clock=time.monotonic)

    async def identify(self, connection: HTTPConnection) -> Identity | None:
        """The sender of a request, by key or by cookie; ``None`` if it is not authenticated.

        Raises a 503 ``Problem`` while that cannot be determined.
        """
        scheme, _, key = sent_key(connection).partition(" ")
        bearer = key.strip() if scheme.casefold() == "bearer" else ""
        if on_drive(connection):
            # Neither people of a company nor programs have anything to do here.
            known_driver = None if scheme and not bearer else await self.drivers.driver(connection, bearer)
            if known_driver is None:
                return None
            proven(connection)
            return Identity(driver(known_driver.id, INSTALLATION), driver=known_driver)
        if (bearer or not scheme) and (member := await self.staff.member(connection, bearer)):
            proven(connection)
            return Identity(platform_staff(member.id, INSTALLATION))
        if scheme:
            known = await self._by_key(key.strip()) if scheme.casefold() == "bearer" else None
            if known is not None:
                proven(connection)
            return known
        account = await self.signed_in(connection)
        if account is None:
            return None
        return Identity(self.person(account), account)

    def person(self, account: Account) -> Actor:
        """The actor of a signed-in account, with its grants."""
        return person(account.account, account.company, account.grants)

    async def program(self, key: KnownKey) -> Actor:
        """The actor of an API key: what the key may do, and its responsible admin may do now."""
        grants = OWNER if key.access is None else grants_of(key.access)
        if key.responsible:
            theirs = await self._dependencies.accounts.grants(key.responsible, key.company)
            grants = narrowed(grants, theirs)
        return api_key(key.key_id, key.company, grants, key.responsible)

    async def signed_in(self, connection: HTTPConnection) -> Account | None:
        """The account of the cookie; ``None`` without one, and if the company is not registered.

        Raises a 503 ``Problem`` while that cannot be determined.
        """
        secret = self.cookie.secret(connection)
        if not secret:
            return None
        used = not by_itself(connection)
        account = await self._dependencies.accounts.by_session(secret, used=used)
        if account is None:
            return None
        company = await self._dependencies.queries.company(account.company)
        if company is None:
            await self._up_to_date()
            company = await self._dependencies.queries.company(account.company)
        if company is None:
            return None
        proven(connection)
        if used:
            await self._note_seen(account.account)
        return account

    async def sign_in(
        self, connection: HTTPConnection, email: str, password: str
    ) -> SignedIn | SecondStep | None:
        """Open a session for the right password, or begin the second step; ``None`` for a wrong one.

        Raises a 429 ``Problem`` after too many attempts. An existing session of the browser is closed, so
        that each sign-in has a new secret.
        """
        address = address_of(connection)
        folded, site = email.strip().casefold(), network(address)
        pair = f"{folded} {site}"
        seconds = max(self._tries.take(pair), self._tries_from.take(site))
        if pair not in self._at_home:
            seconds = max(seconds, self._tries_for.take(folded))
        check_wait(seconds)
        account = await self._dependencies.accounts.by_password(email, password)
        if account is None:
            return None
        self._tries.forgive(pair)
        self._at_home[pair] = None
        if len(self._at_home) > _KNOWN_AT_MOST:
            self._at_home.popitem(last=False)
        return await self.steps.begun(account.account) or await self.enter(connection, account.account)

    async def second_step(self, connection: HTTPConnection, code: str) -> SignedIn | None:
        """Open a session for the right code of the outstanding second step; ``None`` for a wrong one.

        Raises a 429 ``Problem`` after too many codes.
        """
        account = await self.steps.passed(connection, code)
        return None if account is None else await self.enter(connection, account)

    async def enter(self, connection: HTTPConnection, account: str) -> SignedIn:
        """Open a session for whoever proved to have the account; one that the browser had is closed."""
        return await opened(self._dependencies.accounts, self.cookie, connection, account)

    async def sign_out(self, connection: HTTPConnection) -> None:
        """Close the session of the cookie, if there is one."""
        await closed(self._dependencies.accounts, self.cookie, connection)

    async def is_still(self, connection: HTTPConnection, actor: Actor) -> bool:
        """Whether the sender of an open stream is still this actor, with the same grants."""
        _, _, key = sent_key(connection).partition(" ")
        self._keys.pop(digest_of(key.strip()), None)
        identity = await self.identify(connection)
        return identity is not None and identity.actor == actor

    def forget_keys(self) -> None:
        """Clear the cache of API keys, because one was revoked."""
        self._keys.clear()

    async def _by_key(self, key: str) -> Identity | None:
        if not key or mistyped(key):
            return None
        digest = digest_of(key)
        known = self._keys.get(digest)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        row = await self._dependencies.queries.api_key(digest)
        if row is None:
            await self._up_to_date()
            row = await self._dependencies.queries.api_key(digest)
        now = self._dependencies.clock.now()
        expired = row is not None and row.expires_at is not None and row.expires_at <= now
        if row is None or row.revoked_at is not None or expired:
            self._keys.pop(digest, None)
            return None
        actor = await self.program(row)
        if not actor.grants.needs:
            # Whoever answered for it is deactivated.
            return None
        identity = Identity(actor)
        await self._note_use(row.key_id, row.company)
        if len(self._keys) >= _KNOWN_AT_MOST:
            self._keys.clear()
        self._keys[digest] = (time.monotonic() + _KNOWN_FOR, identity)
        return identity

    async def _up_to_date(self) -> None:
        """Wait until the read models are up to date before a credential is refused.

        Another process may have stored the credential just now. Raises a 503 ``Problem`` if the read models
        lag too far behind.
        """
        if not await self._dependencies.queries.caught_up():
            raise Problem(503, "The system is catching up with its history.", headers={"Retry-After": "5"})

    async def _note_seen(self, account: str) -> None:
        """Record that the user was active, at most once a minute."""
        if self._is_to_be_noted(account):
            await self._dependencies.accounts.seen(account, self._dependencies.clock.now())

    def _is_to_be_noted(self, name: str) -> bool:
        noted, now = self._noted.get(name), time.monotonic()
        if noted is not None and now < noted + _USE_NOTED_EVERY:
            return False
        if len(self._noted) >= _KNOWN_AT_MOST:
            self._noted.clear()
        self._noted[name] = now
        return True

    async def _note_use(self, key_id: str, company: int) -> None:
        """Record the use of the key, at most once a minute."""
        if not self._is_to_be_noted(key_id):
            return
        await self._dependencies.accounts.key_used(key_id, company, self._dependencies.clock.now())


def proven(connection: HTTPConnection) -> None:
    """Mark the connection as authenticated, so that it is no longer anonymous."""
    mark = (connection.scope.get("extensions") or {}).get(PROVEN)
    if callable(mark):
        mark()


def sent_key(connection: HTTPConnection) -> str:
    """The value of the ``Authorization`` header; empty without one."""
    return connection.headers.get("authorization", "").strip()
