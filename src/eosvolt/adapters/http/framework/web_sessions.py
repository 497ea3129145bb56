"""Web sessions of browsers: how one is opened and closed, for people of companies and for platform staff."""

from typing import NamedTuple, Protocol

from starlette.requests import HTTPConnection

from eosvolt.adapters.http.framework.host_cookie import HostCookie
from eosvolt.adapters.http.framework.texts import current


class SignedIn(NamedTuple):
    """A sign-in that is done: the secret for the cookie of its web session."""

    secret: str


class WebSessions(Protocol):
    """The web sessions of one kind of account."""

    async def open_session(self, account: str, *, address: str, agent: str, language: str = "") -> str:
        """Open a web session and return its secret for the cookie; only its SHA-256 is stored.

        ``language``: that of the person's browser, for mails.
        """
        ...

    async def close_session(self, secret: str) -> None:
        """Sign out."""
        ...


async def opened(
    sessions: WebSessions, cookie: HostCookie, connection: HTTPConnection, account: str
) -> SignedIn:
    """Open a session for whoever proved to have the account; one that the browser had is closed."""
    await closed(sessions, cookie, connection)
    agent = connection.headers.get("user-agent", "")[:200]
    secret = await sessions.open_session(
        account, address=address_of(connection), agent=agent, language=current().code
    )
    return SignedIn(secret)


async def closed(sessions: WebSessions, cookie: HostCookie, connection: HTTPConnection) -> None:
    """Close the session of the cookie, if there is one."""
    if secret := cookie.secret(connection):
        await sessions.close_session(secret)


def address_of(connection: HTTPConnection) -> str:
    """The network address of the client."""
    return connection.client.host if connection.client else ""
