"""API keys: a prefix for secret scanners, 256 random bits, and a checksum that detects typing errors.

Only the SHA-256 of a key is stored. A plain hash is enough because the key itself cannot be guessed.
"""

import hashlib
import secrets
import zlib

PREFIX = "eosvolt_live_"

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM_LETTERS = 43
_CHECK_LETTERS = 6


def mint() -> str:
    """A new key."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM_LETTERS))
    return PREFIX + body + _checksum(body)


def mistyped(key: str) -> bool:
    """Whether the key looks like one of ours but its checksum is wrong.

    Returns ``False`` for keys of other forms.
    """
    if not key.startswith(PREFIX) or len(key) != len(PREFIX) + _RANDOM_LETTERS + _CHECK_LETTERS:
        return False
    body = key.removeprefix(PREFIX)
    return _checksum(body[:_RANDOM_LETTERS]) != body[_RANDOM_LETTERS:]


def digest_of(key: str) -> str:
    """The SHA-256 in hex by which the key is stored."""
    return hashlib.sha256(key.encode()).hexdigest()


def _checksum(body: str) -> str:
    number = zlib.crc32(body.encode())
    letters = ""
    for _ in range(_CHECK_LETTERS):
        number, index = divmod(number, len(_ALPHABET))
        letters = _ALPHABET[index] + letters
    return letters
