"""The hash chain over the stored bytes in log order, sealed seconds behind the head: tamper evidence.

A leaf is the digest of one event with its position. A seal covers up to a thousand leaves and the previous
seal, and is signed with the installation's secret if there is one. A changed, removed, added or moved event
is detected unless every later seal is made again, which needs the secret.
"""

import hashlib
import hmac
import struct
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

LEAF_BYTES = 16
GENESIS = bytes(32)
_LEAF = struct.Struct(f">q{LEAF_BYTES}s")
_CONTENT = struct.Struct(">q16sqI")
# The signature of a seal of format 1, from earlier releases, does not cover its time.
UNDATED, DATED = 1, 2
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Leaf(NamedTuple):
    """The entry of one event in a seal."""

    position: int
    digest: bytes


def leaf(position: int, originator_id: UUID, version: int, topic: str, state: bytes) -> Leaf:
    """The leaf of one stored event."""
    name = topic.encode()
    head = _CONTENT.pack(position, originator_id.bytes, version, len(name))
    return Leaf(position, hashlib.sha256(head + name + state).digest()[:LEAF_BYTES])


def pack(leaves: Iterable[Leaf]) -> bytes:
    """The leaves as a seal stores them: 24 bytes each."""
    return b"".join([_LEAF.pack(position, digest) for position, digest in leaves])


def unpack(leaves: bytes) -> list[Leaf]:
    """The leaves of a seal. Raises ``struct.error`` for an incomplete leaf."""
    return [Leaf(position, digest) for position, digest in _LEAF.iter_unpack(leaves)]


def chain(previous: bytes, leaves: bytes) -> bytes:
    """The digest of a seal that follows the one with the digest ``previous``."""
    return hashlib.sha256(previous + leaves).digest()


class Seal(NamedTuple):
    """A stored seal: it covers ``size`` events up to the position ``up_to``."""

    up_to: int
    size: int
    leaves: bytes
    digest: bytes
    signature: bytes | None
    sealed_at: datetime
    format: int

    def read(self) -> list[Leaf]:
        """The complete leaves."""
        try:
            return unpack(self.leaves)
        except struct.error:
            return unpack(self.leaves[: len(self.leaves) // _LEAF.size * _LEAF.size])

    def fault(self, previous: bytes, secret: bytes) -> str:
        """What is wrong with this seal after the one with the digest ``previous``; empty if nothing is.

        The signature is checked if there is a ``secret``.
        """
        leaves = self.read()
        if self.digest != chain(previous, self.leaves):
            return "its digest does not follow from the seal before it and its own list of events"
        if len(leaves) != self.size or not leaves or leaves[-1].position != self.up_to:
            return "its count or its end does not fit its list of events"
        return self.unsigned(secret)

    def unsigned(self, secret: bytes) -> str:
        """What is wrong with the signature; empty if nothing is or there is no ``secret``."""
        dated = self.sealed_at if self.format == DATED else None
        if secret and self.signature != signature(secret, self.up_to, self.size, self.digest, dated):
            return "its signature was not made with this installation's secret"
        return ""


def signature(
    secret: bytes, up_to: int, count: int, digest: bytes, sealed_at: datetime | None = None
) -> bytes:
    """The signature of a seal, which needs the secret; without ``sealed_at`` that of format 1."""
    if sealed_at is None:
        return hmac.digest(secret, b"eosvolt seal %d %d " % (up_to, count) + digest, "sha256")
    text = b"eosvolt dated seal %d %d %d " % (up_to, count, micros(sealed_at))
    return hmac.digest(secret, text + digest, "sha256")


def micros(at: datetime) -> int:
    """Microseconds since 1970, exactly."""
    passed = at - _EPOCH
    return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds
