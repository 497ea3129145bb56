"""The cookie of a secret that only this host gets, and no script."""

from typing import Literal, NamedTuple

from starlette.requests import HTTPConnection
from starlette.responses import Response


class HostCookie(NamedTuple):
    """A cookie for the whole host. ``seconds`` is how long browsers keep it, ``secure``: over https only."""

    label: str
    seconds: int
    secure: bool
    same_site: Literal["lax", "strict"] = "strict"

    @property
    def name(self) -> str:
        """The cookie's name; browsers accept the prefix ``__Host-`` only with https and for this host."""
        return f"__Host-{self.label}" if self.secure else self.label

    def secret(self, connection: HTTPConnection) -> str:
        """The secret that a browser sent; empty without one."""
        return connection.cookies.get(self.name, "")

    def give(self, response: Response, secret: str) -> None:
        """Set the cookie."""
        response.set_cookie(
            self.name,
            secret,
            max_age=self.seconds,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite=self.same_site,
        )

    def take(self, response: Response) -> None:
        """Delete the cookie."""
        response.delete_cookie(
            self.name, path="/", secure=self.secure, httponly=True, samesite=self.same_site
        )
