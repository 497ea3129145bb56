"""The allowed host names of this system.

After DNS rebinding a browser takes our responses for those of another site. So a request for another host
name is answered with 421 (RFC 9110 §15.5.20).
"""

from collections.abc import Iterable
from ipaddress import ip_address

from starlette.requests import HTTPConnection


class Hosts:
    """The allowed hosts: configured names, this machine's own, and the local address of the connection."""

    def __init__(self, names: Iterable[str]) -> None:
        """``names`` are host names or addresses without a port; case does not matter."""
        self._names = {_folded(name) for name in names if name} | {"localhost"}

    def problem(self, connection: HTTPConnection) -> tuple[int, str] | None:
        """The status and sentence of the refusal; ``None`` for an allowed host."""
        given = connection.headers.getlist("host")
        name = host_name(given[0]) if len(given) == 1 else None
        if name is None:
            return 400, "The request needs one Host header."
        if name in self._names or _is_loopback(name) or name == _connected_to(connection):
            return None
        return 421, "This system does not answer to that host name."


def host_name(header: str) -> str | None:
    """The name or address in a ``Host`` header, without its port; ``None`` if it is invalid."""
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
    """Our address of the connection; a request for an address cannot come from DNS rebinding."""
    server = connection.scope.get("server")
    return _folded(str(server[0])) if server else None
