"""Whether a connection has authenticated: anonymous connections are the first to be closed."""

from typing import Protocol

# The key in an ASGI scope's extensions; its value is called when the connection has authenticated.
PROVEN = "eosvolt.proven"


class Standing(Protocol):
    """One connection, as the server's limits count it."""

    def proven(self) -> None:
        """It has authenticated and is no longer anonymous."""

    def left(self) -> None:
        """It is closed."""
