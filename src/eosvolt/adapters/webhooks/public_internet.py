"""Which addresses are on the public internet.

Allowed is what is known to be public, in IPv6 only what is assigned as global unicast (RFC 4291 §2.4, IANA
special-purpose registries of RFC 6890). An IPv6 address that stands for an IPv4 address is judged by that
one, and one that tunnels to it is not public.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_NOT_PUBLIC_4 = (
    # Protocol assignments (RFC 6890), with Oracle's metadata server in it; relays of 6to4 (RFC 7526).
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
    # The host's own services at Azure: metadata, keys, health.
    IPv4Network("168.63.129.16/32"),
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = (
    # Teredo and other protocols (RFC 6890), documentation (RFC 9637), 6to4 (RFC 3056).
    IPv6Network("2001::/23"),
    IPv6Network("3fff::/20"),
    IPv6Network("2002::/16"),
)
_NAT64 = IPv6Network("64:ff9b::/96")
# The middle of an ISATAP address (RFC 5214 §6.1), whose universal bit may be set.
_ISATAP, _UNIVERSAL = 0x5EFE, 0x02000000


def is_public(address: str) -> bool:
    """Whether a literal address, with or without a zone, is on the public internet."""
    parsed = ip_address(address.partition("%")[0])
    return _is_public_4(parsed) if isinstance(parsed, IPv4Address) else _is_public_6(parsed)


def _is_public_4(address: IPv4Address) -> bool:
    special = any(address in network for network in _NOT_PUBLIC_4)
    return address.is_global and not address.is_multicast and not special


def _is_public_6(address: IPv6Address) -> bool:
    if address.ipv4_mapped is not None:
        return _is_public_4(address.ipv4_mapped)
    if address in _NAT64:
        return _is_public_4(IPv4Address(int(address) & 0xFFFFFFFF))
    isatap = (int(address) >> 32) & 0xFFFFFFFF & ~_UNIVERSAL == _ISATAP
    special = isatap or any(address in network for network in _NOT_PUBLIC_6)
    return address in _GLOBAL_UNICAST and address.is_global and not special
