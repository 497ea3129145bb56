"""Who asks: a program with an API key, or a person with a session cookie.

Programs send ``Authorization: Bearer …``. People have a cookie that scripts cannot read and other sites'
forms do not carry; whatever such a browser asks to change must come from our own pages
(``from_our_pages``).
"""

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import Response

from eosvolt.adapters.http.framework.api_keys import digest_of, mistyped
from eosvolt.adapters.http.framework.backend import Backend
from eosvolt.adapters.http.framework.open_streams import OpenStreams
from eosvolt.adapters.http.framework.problems import Problem
from eosvolt.application.access import Account
from eosvolt.application.actor import Actor, api_key, person
from eosvolt.application.standing import PROVEN
from eosvolt.application.throttle import Throttle, network
from eosvolt.domain.kernel import Provenance

SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS", "TRACE"))
SESSION_SECONDS = 14 * 24 * 3600

_KNOWN_FOR = 3.0
# A key's use is written down at most this often, in seconds.
_USE_NOTED_EVERY = 60.0
_KNOWN_AT_MOST = 10_000


class Identity(NamedTuple):
    """Who asks. ``account`` is set where it is a person."""

    actor: Actor
    account: Account | None = None

    @property
    def company(self) -> int:
        """The company that the actor acts for."""
        return self.actor.company

    @property
    def by(self) -> str:
        """The actor's name in the history."""
        return self.actor.by

    def provenance(self, cause: str = "") -> Provenance:
        """Where a change that this identity makes comes from."""
        return self.actor.provenance(cause)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The secret for the cookie, and whose it is."""

    secret: str
    account: Account


class Gate:
    """Tells who asks. One per process: it remembers API keys for a few seconds and counts failed sign-ins."""

    def __init__(self, dependencies: Backend) -> None:
        """Ten tries at once for an e-mail from an address, then one every twelve seconds.

        Whether there is such an account makes no difference to any of the limits.
        """
        self._dependencies = dependencies
        self.streams = OpenStreams()
        self._keys: dict[str, tuple[float, Identity]] = {}
        self._noted: dict[str, float] = {}
        self._tries = Throttle(per_second=1 / 12, burst=10, clock=time.monotonic)
        # Guesses at one account from everywhere together; its people at home are not locked out by them.
        self._at_home: OrderedDict[str, None] = OrderedDict()
        self._tries_for = Throttle(per_second=1 / 20, burst=40, clock=time.monotonic)
        self._tries_from = Throttle(per_second=1 / 2, burst=60, clock=time.monotonic)

    async def identify(self, connection: HTTPConnection) -> Identity | None:
        """Who asks, by key or by cookie; ``None`` where nobody is signed in.

        Raises a 503 ``Problem`` while nobody can tell.
        """
        scheme, _, key = sent_key(connection).partition(" ")
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
        """Who acts where this account is signed in, and with which grants."""
        return person(account.account, account.company)

    def program(self, key_id: str, company: int) -> Actor:
        """Who acts where this API key is sent, and with which scopes."""
        return api_key(key_id, company)

    async def signed_in(self, connection: HTTPConnection) -> Account | None:
        """The person of the cookie; ``None`` without one and where the company is not registered.

        Raises a 503 ``Problem`` while nobody can tell.
        """
        secret = connection.cookies.get(self.cookie)
        account = await self._dependencies.accounts.by_session(secret) if secret else None
        if account is None:
            return None
        company = await self._dependencies.queries.company(account.company)
        if company is None:
            await self._up_to_date()
            company = await self._dependencies.queries.company(account.company)
        if company is None:
            return None
        proven(connection)
        return account

    async def sign_in(self, connection: HTTPConnection, email: str, password: str) -> SignedIn | None:
        """Open a session for the right password; ``None`` for a wrong one.

        Raises a 429 ``Problem`` after too many tries. A session that the browser brought along is closed: a
        new sign-in is always a new secret.
        """
        address = address_of(connection)
        folded, site = email.strip().casefold(), network(address)
        pair = f"{folded} {site}"
        seconds = max(self._tries.take(pair), self._tries_from.take(site))
        if pair not in self._at_home:
            seconds = max(seconds, self._tries_for.take(folded))
        if seconds:
            raise Problem(
                429,
                "Too many tries. Please wait a little.",
                headers={"Retry-After": str(int(seconds) + 1)},
            )
        account = await self._dependencies.accounts.by_password(email, password)
        if account is None:
            return None
        self._tries.forgive(pair)
        self._at_home[pair] = None
        if len(self._at_home) > _KNOWN_AT_MOST:
            self._at_home.popitem(last=False)
        await self.sign_out(connection)
        agent = connection.headers.get("user-agent", "")[:200]
        secret = await self._dependencies.accounts.open_session(account.account, address=address, agent=agent)
        return SignedIn(secret, account)

    async def sign_out(self, connection: HTTPConnection) -> None:
        """Close the session of the cookie, if there is one."""
        if secret := connection.cookies.get(self.cookie):
            await self._dependencies.accounts.close_session(secret)

    def give_cookie(self, response: Response, secret: str) -> None:
        """Let the browser keep the session."""
        response.set_cookie(
            self.cookie,
            secret,
            max_age=SESSION_SECONDS,
            path="/",
            secure=self._dependencies.secure,
            httponly=True,
            samesite="lax",
        )

    def take_cookie(self, response: Response) -> None:
        """Let the browser forget the session."""
        response.delete_cookie(
            self.cookie, path="/", secure=self._dependencies.secure, httponly=True, samesite="lax"
        )

    def forget_keys(self) -> None:
        """Ask the read model again for every API key: one was taken away."""
        self._keys.clear()

    @property
    def cookie(self) -> str:
        """The cookie's name; browsers hold ``__Host-`` names to https and to this very host."""
        return "__Host-eosvolt" if self._dependencies.secure else "eosvolt"

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
        if row is None or row.revoked_at is not None:
            self._keys.pop(digest, None)
            return None
        identity = Identity(self.program(row.key_id, row.company))
        await self._note_use(row.key_id, row.company)
        if len(self._keys) >= _KNOWN_AT_MOST:
            self._keys.clear()
        self._keys[digest] = (time.monotonic() + _KNOWN_FOR, identity)
        return identity

    async def _up_to_date(self) -> None:
        """Turn nobody away for what the read models do not show yet.

        A credential is stored before anybody gets it, maybe by another process. Raises a 503
        ``Problem`` where the read models are too far behind to tell.
        """
        if not await self._dependencies.queries.caught_up():
            raise Problem(503, "The system is catching up with its history.", headers={"Retry-After": "5"})

    async def _note_use(self, key_id: str, company: int) -> None:
        """Write down that the key is used, unless that was done within the minute."""
        noted, now = self._noted.get(key_id), time.monotonic()
        if noted is not None and now < noted + _USE_NOTED_EVERY:
            return
        if len(self._noted) >= _KNOWN_AT_MOST:
            self._noted.clear()
        self._noted[key_id] = now
        await self._dependencies.accounts.key_used(key_id, company, self._dependencies.clock.now())


def proven(connection: HTTPConnection) -> None:
    """The sender is authenticated: the connection is no longer anonymous."""
    tell = (connection.scope.get("extensions") or {}).get(PROVEN)
    if callable(tell):
        tell()


def sent_key(connection: HTTPConnection) -> str:
    """What a program says about itself; blank where only a cookie can tell who asks."""
    return connection.headers.get("authorization", "").strip()


def address_of(connection: HTTPConnection) -> str:
    """The network address that asks."""
    return connection.client.host if connection.client else ""


def from_our_pages(connection: HTTPConnection, public_url: str) -> bool:
    """Whether a browser says that the request comes from a page of ours and not from another site.

    ``Sec-Fetch-Site`` decides where the browser sends it (secure origins), else ``Origin`` has to be ours.
    A browser that sends neither with a changing request is too old to be protected.
    """
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = urlsplit(connection.headers.get("origin", ""))
    if not origin.netloc:
        return False
    return origin.netloc in (connection.headers.get("host", ""), urlsplit(public_url).netloc)
