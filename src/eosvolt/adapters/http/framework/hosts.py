"""The names that this system answers to.

A browser that was led to our address under somebody else's name (DNS rebinding) takes our answers for that
site's own. A request for a name that is not ours is therefore answered with 421 (RFC 9110 §15.5.20).
"""

from collections.abc import Iterable
from ipaddress import ip_address

from starlette.requests import HTTPConnection


class Hosts:
    """The configured names, this machine's own, and the address that a connection goes to."""

    def __init__(self, names: Iterable[str]) -> None:
        """``names`` are host names or addresses without a port; case does not matter."""
        self._names = {_folded(name) for name in names if name} | {"localhost"}

    def problem(self, connection: HTTPConnection) -> tuple[int, str] | None:
        """Status and sentence of the refusal; ``None`` where the request is for us."""
        given = connection.headers.getlist("host")
        name = host_name(given[0]) if len(given) == 1 else None
        if name is None:
            return 400, "The request needs one Host header."
        if name in self._names or _is_loopback(name) or name == _connected_to(connection):
            return None
        return 421, "This system does not answer to that host name."


def host_name(header: str) -> str | None:
    """The name or address in a ``Host`` header, without its port; ``None`` for what is no host."""
    text = header.strip()
    name, bracket, rest = text[1:].partition("]") if text.startswith("[") else ("", "", "")
    if not bracket:
        name, colon, port = text.partition(":")
        rest = colon + port
    if not name or not (rest == "" or (rest.startswith(":") and (rest[1:].isdecimal() or rest == ":"))):
        return None
    if any(character in name for character in "/\\@?#[] \t"):
        return None
    return _folded(name)


def _folded(name: str) -> str:
    folded = name.strip().strip("[]").rstrip(".").casefold()
    try:
        return str(ip_address(folded))
    except ValueError:
        return folded


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _connected_to(connection: HTTPConnection) -> str | None:
    """The address of ours that the connection goes to: whoever names it was not led here by a name."""
    server = connection.scope.get("server")
    return _folded(str(server[0])) if server else None
