"""Refuses addresses of other machines: the simulator must not disturb them."""

import socket
from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit


class NotHere(Exception):  # noqa: N818 - a refusal with a sentence, not a failure
    """The address is not one of this machine."""


def require_local_address(url: str, schemes: Collection[str] = ("ws", "wss")) -> None:
    """Raise ``NotHere`` unless ``url`` is an address of this machine with one of ``schemes``."""
    parts = urlsplit(url)
    if parts.scheme not in schemes or not parts.hostname:
        kinds = " or ".join(f"{scheme}://" for scheme in schemes)
        raise NotHere(f"{url} is not a {kinds} address.")
    try:
        found = {info[4][0] for info in socket.getaddrinfo(parts.hostname, None)}
    except OSError:
        raise NotHere(f"{parts.hostname} is not known here.") from None
    if not all(_is_ours(str(address)) for address in found):
        raise NotHere(f"{parts.hostname} is not this machine. The simulator connects to this machine only.")


def _is_ours(address: str) -> bool:
    """Whether the address is a loopback address or one that this machine can listen on."""
    plain = ip_address(address.partition("%")[0])
    if plain.is_loopback:
        return True
    family = socket.AF_INET if plain.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return not plain.is_unspecified
