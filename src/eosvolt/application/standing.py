"""Whether a connection has proved whose it is: those that did not are the first to be closed."""

from typing import Protocol

# Under this name the extensions of an ASGI scope hold what to call once the connection has proved itself.
PROVEN = "eosvolt.proven"


class Standing(Protocol):
    """One connection, as the server's limits count it."""

    def proven(self) -> None:
        """It showed a key, a session or a password: it counts as a stranger's no longer."""

    def left(self) -> None:
        """It is closed."""
